import numpy as np
import pytest
from scipy import stats

from models.metrics.rate import BetaPosterior
from models.metrics.until import good_under_own_limit, more_bad_over_own_limit


def array(*values):
    return np.array(values, dtype=float)


def test_own_limit_counts_until_the_posterior_is_sure():
    now = BetaPosterior(array(1 + 2, 1 + 9), array(99 + 68, 99 + 61))
    found = more_bad_over_own_limit(now, array(2, 9), 0.04, 0.975, 3)
    for merchant, more in enumerate(found):
        alpha, beta = now.alpha[merchant], now.beta[merchant]
        assert stats.beta.sf(0.04, alpha + more, beta) >= 0.975
        assert more == 0 or stats.beta.sf(0.04, alpha + more - 1, beta) < 0.975


def test_own_limit_waits_for_the_least_number_of_bad_events():
    sure = BetaPosterior(array(50), array(50))
    assert more_bad_over_own_limit(sure, array(1), 0.04, 0.975, 3)[0] == 2


def test_good_events_until_green_are_only_counted_where_asked():
    now = BetaPosterior(array(10, 10), array(90, 90))
    found = good_under_own_limit(now, [(0.03, 0.8), (0.04, 0.975)], np.array([True, False]))
    assert np.isnan(found[1])
    more = found[0]
    assert stats.beta.sf(0.03, 10, 90 + more) < 0.8
    assert stats.beta.sf(0.03, 10, 90 + more - 1) >= 0.8


def test_a_number_nobody_would_reach_is_not_known():
    assert np.isnan(more_bad_over_own_limit(BetaPosterior(array(1.0), array(1e9)), array(0), 0.04, 0.975, 3)[0])
    assert good_under_own_limit(BetaPosterior(array(1.0), array(99.0)), [(0.5, 0.9)], np.array([True]))[
        0
    ] == pytest.approx(0)
