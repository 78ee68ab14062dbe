import numpy as np
import pytest
from scipy import stats

from models.risk.rare_events import count_deviates, exact_where_rare


def test_deviates_are_those_of_the_mid_p():
    truth = stats.nbinom(3.0, 3.0 / (3.0 + 0.5))
    for came in (0, 1, 4):
        mid = truth.sf(came) + truth.pmf(came) / 2
        found = count_deviates(np.array([came]), np.array([0.5]), np.array([3.0]))
        assert found[0] == pytest.approx(stats.norm.isf(mid))


def test_only_what_is_rare_and_far_out_is_replaced_and_order_is_kept():
    came = np.arange(8.0)
    expected, variance = np.full(8, 1.0), np.full(8, 1.2)
    z = (came - expected) / np.sqrt(variance)
    exact = exact_where_rare(z, came, expected, variance, np.ones(8, dtype=bool), 1.0)
    np.testing.assert_array_equal(exact[:2], z[:2])
    assert (exact[3:] < z[3:]).all()
    assert (np.diff(exact) >= 0).all()
    np.testing.assert_array_equal(exact_where_rare(z, came, expected, variance, np.zeros(8, dtype=bool), 1.0), z)


def test_a_variance_below_the_mean_is_taken_as_poisson():
    z = np.array([3.0, np.nan])
    found = exact_where_rare(z, np.array([8.0, 1.0]), np.array([3.0, 1.0]), np.array([2.8, 1.0]), np.ones(2, bool), 1.0)
    truth = stats.poisson(3.0)
    assert found[0] == pytest.approx(stats.norm.isf(truth.sf(8) + truth.pmf(8) / 2), abs=1e-4)
    assert np.isnan(found[1])
