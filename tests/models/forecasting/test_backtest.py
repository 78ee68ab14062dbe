"""Errors are counted once each, for every half-life, and only where something is known."""

from __future__ import annotations

import numpy as np

from models.forecasting.backtest import Made, Shape, Standing, count_errors, count_half_lives, known_sums
from models.forecasting.calibration import ErrorCounts, HalfLifeErrors
from models.forecasting.learn import learn

HISTORY = 112


def test_known_sums_compare_the_same_days() -> None:
    actual = np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, 3.0]])
    mean = np.array([[1.0, 0.2, 2.0], [1.0, 1.0, 1.0]])
    event = np.array([[False, False, True], [False, False, False]])
    sums = known_sums(actual, mean, event)
    np.testing.assert_array_equal(sums.came, [4.0, np.nan])  # the second knows a third of its volume only
    np.testing.assert_array_equal(sums.expected, [3.0, np.nan])
    assert sums.event_share[0] == 2 / 3
    np.testing.assert_array_equal(sums.days, [2, 1])


def fitted(make_setting, make_panel, counts, known: int):
    values = counts(10, HISTORY)
    values[0, HISTORY - 5 :] = np.nan
    panel, setting = make_panel({"orders": values}), make_setting(HISTORY)
    learned = learn(lambda: [panel], setting, ["orders"])["orders"]
    return values, setting.policy, learned, learned.fit(panel, learned.origins.refit_for(known), HISTORY)


def test_every_known_day_is_counted_once_per_half_life(make_setting, make_panel, counts) -> None:
    known = HISTORY - 28
    values, policy, _, fit = fitted(make_setting, make_panel, counts, known)
    errors = HalfLifeErrors.empty(1, policy)
    count_half_lives(errors, fit, Shape(fit.source, fit.factors), {known: 0}, policy)
    assert errors.pairs.sum() == 10 * 28 - 5
    level = fit.levels_at(np.array([known])).level[2, :, 0]
    missed = np.abs(level[:, None] * fit.factors[:, fit.columns(known, HISTORY)] - values[:, known:])
    assert np.isclose(errors.absolute[0, 2].sum(), np.nansum(missed))


def test_every_known_day_and_sum_of_the_mixture_is_counted_once(make_setting, make_panel, counts) -> None:
    known = HISTORY - 28
    values, policy, _, fit = fitted(make_setting, make_panel, counts, known)
    made = Made(fit, known, np.full((10, 28), 30.0), Standing(np.full(10, 3), np.zeros(10)))
    found = ErrorCounts.empty(1, policy)
    count_errors(found, 0, made, values[:, known:], policy)
    assert found.bins[0, :, :5].sum() == 10 * 28 - 5
    assert found.bins[0, 3].sum() == found.bins.sum()
    assert found.bins[0, :, 5].sum() == 10  # sums of seven days
    assert found.bins[0, :, 7].sum() == 10  # 23 of 28 days are known: enough


def test_a_near_origin_counts_the_days_there_are(make_setting, make_panel, counts) -> None:
    panel, setting = make_panel({"orders": counts(10, HISTORY)}), make_setting(HISTORY)
    learned = learn(lambda: [panel], setting, ["orders"])["orders"]
    newest = learned.errors.bins[0]
    assert newest[:, :5].sum() == 10 * 7
    assert newest[:, 5].sum() == 10
    assert newest[:, 6:].sum() == 0


def test_nothing_expected_is_no_error(make_setting, make_panel, counts) -> None:
    known = HISTORY - 28
    values, policy, _, fit = fitted(make_setting, make_panel, counts, known)
    made = Made(fit, known, np.zeros((10, 28)), Standing(np.full(10, 3), np.zeros(10)))
    found = ErrorCounts.empty(1, policy)
    count_errors(found, 0, made, values[:, known:], policy)
    assert found.bins.sum() == 0


def test_days_of_holidays_and_events_are_a_kind_of_their_own(make_setting, make_panel, counts) -> None:
    holiday = np.zeros((4, HISTORY + 28), bool)
    holiday[1, HISTORY + 2] = True
    panel, setting = make_panel({"orders": counts(4, HISTORY)}, holiday=holiday), make_setting(HISTORY)
    learned = learn(lambda: [panel], setting, ["orders"])["orders"]
    kind = learned.made(panel, 28).kind
    assert kind[1].tolist() == [0, 0, 1] + [0] * 25
    assert kind[[0, 2, 3]].sum() == 0
