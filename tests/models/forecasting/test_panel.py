"""Laying rows out, masking days, and what a day's plan makes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from models.forecasting.panel import (
    beside_closed,
    joined,
    mask_days,
    month_days,
    month_left,
    scatter,
    shut_days,
    weekdays,
)


def test_weekdays_and_month_days_follow_the_calendar() -> None:
    assert weekdays(date(2026, 3, 1), 3).tolist() == [6, 0, 1]  # 1 March 2026 is a Sunday
    assert month_days(date(2026, 2, 27), 4).tolist() == [26, 27, 0, 1]


def test_what_nobody_mentions_is_not_known() -> None:
    matrix = scatter(np.array([0, 1]), np.array([2, 0]), np.array([5.0, 0.0]), (2, 3))
    np.testing.assert_array_equal(matrix, [[np.nan, np.nan, 5.0], [0.0, np.nan, np.nan]])


def test_closed_and_sold_out_days_are_masked_and_never_zero() -> None:
    values = np.array([[10.0, 0.0, 3.0, 4.0]])
    is_open = np.array([[True, False, True, True]])
    share = np.array([[0.0, 0.0, 0.8, np.nan]])
    masked = mask_days(values, is_open, share, most=0.5)
    np.testing.assert_array_equal(masked, [[10.0, np.nan, np.nan, 4.0]])


def test_the_days_beside_a_holiday_are_marked_and_those_beside_a_usual_sunday_are_not() -> None:
    weekday = weekdays(date(2026, 3, 2), 28)
    is_open = np.tile(weekday != 6, (1, 1))
    is_open[0, 10] = False  # a Thursday
    assert np.flatnonzero(beside_closed(is_open, shut_days(is_open, weekday))[0]).tolist() == [9, 11]


def test_the_planned_state_is_the_sum_of_its_bits(make_panel) -> None:
    promotion, holiday = np.zeros((1, 8), bool), np.zeros((1, 8), bool)
    promotion[0, [1, 3]] = True
    holiday[0, [2, 3]] = True
    panel = make_panel({"orders": np.ones((1, 7))}, horizon=1, promotion=promotion, holiday=holiday)
    assert panel.state[0].tolist() == [0, 1, 2, 3, 0, 0, 0, 0]
    assert panel.date_of(7) == date(2026, 3, 9)


def test_what_plans_say_beyond_on_and_off_goes_with_the_rows(make_panel) -> None:
    plain = make_panel({"orders": np.ones((2, 2))}, horizon=1)
    depth = np.array([[0.0, 0.3, 1.0], [0.0, 1.0, np.nan]], np.float32)
    both = joined([plain, replace(plain, depth=depth)])
    np.testing.assert_array_equal(both.depth, np.concatenate([np.full((2, 3), np.nan), depth]))
    assert both.price is None
    assert joined([plain, plain]).depth is None
    assert both.tells_more.tolist() == [False, False, True, False]  # a depth of 1 says only "promotion"
    np.testing.assert_array_equal(both.rows(np.array([2])).depth, depth[:1])
    assert replace(plain, price=np.array([[0, 0, 0], [0, 0.1, 0]], np.float32)).tells_more.tolist() == [False, True]


def test_what_is_left_of_a_month_counts_the_day_itself() -> None:
    assert month_left(date(2024, 2, 27), 4).tolist() == [3, 2, 1, 31]
