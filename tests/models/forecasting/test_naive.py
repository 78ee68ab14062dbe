"""The seasonal naive repeats last week, or the newest known such weekday."""

from __future__ import annotations

import numpy as np

from models.forecasting.naive import naive_scale, seasonal_naive


def test_next_week_is_like_last_week_for_as_long_as_asked() -> None:
    values = np.arange(14.0)[None, :]
    assert seasonal_naive(values, 14, 10)[0].tolist() == [7, 8, 9, 10, 11, 12, 13, 7, 8, 9]


def test_a_missing_day_is_taken_from_the_week_before() -> None:
    values = np.arange(14.0)[None, :].copy()
    values[0, 8] = np.nan
    assert seasonal_naive(values, 14, 2)[0].tolist() == [7, 1]


def test_what_was_never_known_stays_unknown() -> None:
    assert np.isnan(seasonal_naive(np.full((1, 14), np.nan), 14, 3)).all()
    assert np.isnan(seasonal_naive(np.ones((1, 3)), 3, 7)[0, :4]).all()


def test_nothing_after_the_origin_is_looked_at() -> None:
    values = np.arange(28.0)[None, :].copy()
    before = seasonal_naive(values, 14, 14)
    values[0, 14:] = -1
    np.testing.assert_array_equal(seasonal_naive(values, 14, 14), before)


def test_scale_is_the_mean_step_from_week_to_week() -> None:
    values = np.concatenate([np.zeros(7), np.array([1.0, 3.0, np.nan, 0, 0, 0, 2.0])])[None, :]
    assert naive_scale(values, 14)[0] == 1.0  # (1 + 3 + 0 + 0 + 0 + 2) / 6
    assert np.isnan(naive_scale(values, 5)[0])
