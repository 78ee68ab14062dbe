"""Errors are counted once each, for every half-life, and only where something is known."""

from __future__ import annotations

import numpy as np

from models.forecasting.backtest import count_errors, known_sums
from models.forecasting.calibration import ErrorCounts
from models.forecasting.learn import learn

HISTORY = 112


def test_known_sums_compare_the_same_days() -> None:
    actual = np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, 3.0]])
    factors = np.array([[1.0, 0.2, 2.0], [1.0, 1.0, 1.0]])
    event = np.array([[False, False, True], [False, False, False]])
    sums = known_sums(actual, factors, event)
    np.testing.assert_array_equal(sums.came, [4.0, np.nan])  # the second knows a third of its volume only
    np.testing.assert_array_equal(sums.promised, [3.0, np.nan])
    assert sums.event_share[0] == 2 / 3


def test_every_known_day_is_counted_once_per_half_life(make_setting, make_panel, counts) -> None:
    values = counts(10, HISTORY)
    values[0, HISTORY - 5 :] = np.nan
    panel, setting = make_panel({"orders": values}), make_setting(HISTORY)
    learned = learn(lambda: [panel], setting, ["orders"])["orders"]
    made = ErrorCounts.empty(1, setting.policy)
    known = HISTORY - 28
    fit = learned.fit(panel, learned.origins.refit_for(known), HISTORY)
    count_errors(made, fit, {known: 0}, setting.policy)
    daily = made.bins[0, :, :, :5].sum(axis=(1, 2, 3, 4))
    assert daily.tolist() == [10 * 28 - 5] * len(setting.policy.level.half_lives)
    assert made.bins[0, 0, :, 5].sum() == 10  # sums of seven days
    assert made.bins[0, 0, :, 7].sum() == 10  # 23 of 28 days are known: enough


def test_a_near_origin_counts_the_days_there_are(make_setting, make_panel, counts) -> None:
    panel, setting = make_panel({"orders": counts(10, HISTORY)}), make_setting(HISTORY)
    learned = learn(lambda: [panel], setting, ["orders"])["orders"]
    newest = learned.errors.bins[0, 0]
    assert newest[:, :5].sum() == 10 * 7
    assert newest[:, 5].sum() == 10
    assert newest[:, 6:].sum() == 0
