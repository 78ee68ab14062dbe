"""Prophet on request: its forecast, closed days, options, and the same answer twice."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from models.forecasting.prophet_choice import prophet_forecast

FIRST = date(2026, 1, 5)
WEEK = np.tile([10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0], 12)
FAST = {"uncertainty_samples": 50}


def forecast(values: np.ndarray, is_open: np.ndarray | None = None, **options: object):
    days = len(values) + 14
    planned = np.ones(days, bool) if is_open is None else is_open
    return prophet_forecast(values, planned, np.zeros(days, bool), FIRST, [], {**FAST, **options})


def test_it_finds_the_week_and_closed_days_are_zero() -> None:
    is_open = np.ones(84 + 14, bool)
    is_open[84 + 3] = False
    made = forecast(WEEK, is_open)
    assert made is not None
    assert made.mean[3] == 0.0
    np.testing.assert_allclose(np.delete(made.mean[:7], 3), [10, 20, 30, 50, 60, 70], rtol=0.1)
    assert (np.diff(made.quantiles, axis=0) >= 0).all()
    total, quantiles = made.of_sum(np.arange(14) < 7)
    assert total == pytest.approx(made.mean[:7].sum())
    assert quantiles[0] <= total <= quantiles[6]


def test_the_same_day_twice_is_the_same_and_leaves_the_generator_alone() -> None:
    noisy = WEEK + np.random.default_rng(1).normal(0, 5, len(WEEK))
    np.random.seed(1)
    expected = np.random.random()
    np.random.seed(1)
    one, two = forecast(noisy), forecast(noisy)
    assert np.random.random() == expected
    assert one is not None
    assert two is not None
    np.testing.assert_array_equal(one.paths, two.paths)


def test_a_young_series_is_not_asked_of_prophet() -> None:
    assert forecast(WEEK[:20]) is None


def test_an_unknown_option_is_named() -> None:
    with pytest.raises(ValueError, match="prophet_options.*wrong_option"):
        forecast(WEEK, wrong_option=1)
