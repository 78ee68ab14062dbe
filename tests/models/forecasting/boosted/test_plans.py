"""Runs of promotion days, neighbours that are closed, and nothing beyond the last day asked for."""

from __future__ import annotations

import numpy as np

from models.forecasting.boosted import layout
from models.forecasting.boosted.plans import fill_plans


def filled(is_open: str, promotion: str, holiday: str, before: int, shut: str = "") -> np.ndarray:
    lines = (is_open, promotion, holiday, shut or "-" * len(is_open))
    plans = [np.array([[mark == "x" for mark in line]]) for line in lines]
    out = np.zeros((1, len(is_open) - before, layout.LEVELS), np.int16)
    fill_plans(out, *plans, before)
    return out[0]


def test_a_run_of_promotion_days() -> None:
    out = filled("x" * 8, "-xxx--x-", "-" * 8, 2)
    np.testing.assert_array_equal(out[:, layout.RUN_DAY], [2, 3, 0, 0, 1, 0])
    np.testing.assert_array_equal(out[:, layout.RUN_LEFT], [2, 1, 0, 0, 1, 0])
    np.testing.assert_array_equal(out[:, layout.SINCE_PROMOTION], [1, 1, 1, 2, 3, 1])
    np.testing.assert_array_equal(out[:, layout.UNTIL_PROMOTION], [1, 3, 2, 1, layout.FAR, layout.FAR])


def test_closed_days_around() -> None:
    out = filled("-xxxxxxxx-x", "-" * 11, "-" * 11, 1)
    np.testing.assert_array_equal(out[:, layout.SINCE_CLOSED], [1, 2, 3, 4, 5, 6, 7, 8, 9, 1])
    np.testing.assert_array_equal(out[:, layout.UNTIL_CLOSED], [8, 7, 6, 5, 4, 3, 2, 1, layout.FAR, layout.FAR])
    np.testing.assert_array_equal(out[:, layout.CLOSED_BEFORE], [1, 1, 1, 1, 1, 1, 1, 0, 0, 1])
    np.testing.assert_array_equal(out[:, layout.CLOSED_AFTER], [0, 1, 1, 1, 1, 1, 1, 1, 0, 0])


def test_holidays_beside() -> None:
    out = filled("x" * 5, "-" * 5, "x-xx-", 1)
    np.testing.assert_array_equal(out[:, layout.HOLIDAY_BESIDE], [1 + 2, 2, 1, 1])


def test_holidays_of_the_week_ahead() -> None:
    out = filled("x" * 11, "-" * 11, "-" * 7 + "xx-x", 0)
    np.testing.assert_array_equal(out[:, layout.HOLIDAYS_AFTER], [1, 2, 2, 3, 3, 3, 3, 2, 1, 1, 0])


def test_days_until_one_is_closed_out_of_the_ordinary() -> None:
    out = filled("xx-xxxx-x", "-" * 9, "-" * 9, 1, "-" * 7 + "x-")
    np.testing.assert_array_equal(out[:, layout.UNTIL_SHUT], [6, 5, 4, 3, 2, 1, layout.FAR, layout.FAR])
