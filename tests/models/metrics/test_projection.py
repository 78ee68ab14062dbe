import numpy as np
import pytest

from models.metrics.platform import PlatformRule
from models.metrics.projection import (
    WindowDays,
    breach_probability,
    days_to_breach,
    kept_and_new,
    kept_count,
    recent_posterior,
)
from models.metrics.rate import BetaPosterior, BetaPrior, posterior


def steady(bad, total, days=30, merchants=1):
    return WindowDays(np.full((merchants, days), float(bad)), np.full((merchants, days), float(total)))


def test_new_days_replace_the_oldest():
    days = WindowDays(np.arange(5.0)[None, :], np.full((1, 5), 10.0))
    bad, kept, new = kept_and_new(days, 2)
    assert (bad[0], kept[0], new[0]) == (2 + 3 + 4, 30, 20)
    assert kept_and_new(days, 9)[2][0] == 50


def test_breach_is_certain_far_over_and_impossible_far_under_the_limit():
    prior = BetaPrior(np.array([0.02]), np.array([100.0]))
    for bad, expected in ((20.0, 1.0), (0.0, 0.0)):
        days = steady(bad, 100)
        whole = posterior(np.array([bad * 30]), np.array([3000.0]), prior)
        recent = recent_posterior(days, whole, 7)
        assert breach_probability(days, recent, PlatformRule(0.04), 14)[0] == pytest.approx(expected, abs=1e-3)


def test_a_drift_is_seen_before_the_window_average_follows():
    bad = np.concatenate([np.zeros(23), np.full(7, 8.0)])[None, :]
    days = WindowDays(bad, np.full((1, 30), 100.0))
    prior = BetaPrior(np.array([0.01]), np.array([50.0]))
    whole = posterior(bad.sum(axis=1), np.array([3000.0]), prior)
    assert whole.mean[0] < 0.02
    recent = recent_posterior(days, whole, 7)
    assert 0.02 < recent.mean[0] < 0.08
    ahead = days_to_breach(days, recent, PlatformRule(0.025), 28, None)[0]
    # plain rate: 56 bad of 3000 now; each day adds 100 * recent rate and drops a day without any
    expected = next(h for h in range(29) if (56 + recent.mean[0] * 100 * h) / 3000 > 0.025)
    assert ahead == expected
    assert breach_probability(days, recent, PlatformRule(0.025), 14)[0] > 0.5


def test_no_breach_in_sight_is_not_known_and_over_the_limit_is_today():
    recent = BetaPosterior(np.array([1.0]), np.array([99.0]))
    assert np.isnan(days_to_breach(steady(1, 100), recent, PlatformRule(0.04), 28, None)[0])
    assert days_to_breach(steady(5, 100), recent, PlatformRule(0.04), 28, None)[0] == 0


def test_without_data_there_is_no_projection():
    nothing = WindowDays(np.full((1, 30), np.nan), np.full((1, 30), np.nan))
    prior = BetaPrior(np.array([0.02]), np.array([100.0]))
    recent = recent_posterior(nothing, posterior(np.array([np.nan]), np.array([np.nan]), prior), 7)
    assert np.isnan(breach_probability(nothing, recent, PlatformRule(0.04), 14)[0])
    assert np.isnan(days_to_breach(nothing, recent, PlatformRule(0.001), 14, prior)[0])


def test_a_count_beside_the_rate_keeps_a_small_shop_safe_until_enough_buyers_are_affected():
    few = WindowDays(np.full((1, 30), 0.0), np.full((1, 30), 1.0), np.full((1, 30), 0.0))
    few.bad[0, -1] = few.counted[0, -1] = 1.0  # 1 of 30: over 0.5 %, one buyer
    recent = BetaPosterior(np.array([2.0]), np.array([98.0]))
    both = PlatformRule(0.005, at_most=3)
    alone = PlatformRule(0.005)
    assert days_to_breach(few, recent, alone, 28, None)[0] == 0
    assert np.isnan(days_to_breach(few, recent, both, 28, None)[0])
    assert breach_probability(few, recent, alone, 14)[0] == pytest.approx(1)
    assert breach_probability(few, recent, both, 14)[0] < 0.05


def test_days_that_leave_the_window_take_their_count_along():
    days = WindowDays(np.ones((2, 4)), np.full((2, 4), 10.0), np.array([[2.0, 1, 0, 1], [1, 1, np.nan, 1]]))
    assert kept_count(days, 1)[0] == 2
    assert np.isnan(kept_count(days, 1)[1])  # a day with bad events that nobody counted
    assert np.isnan(kept_count(WindowDays(days.bad, days.total), 1)).all()
