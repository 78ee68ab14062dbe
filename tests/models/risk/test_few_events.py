import numpy as np
import pytest
from scipy import stats

from models.risk.few_events import count_deviates, exact_where_few, few_of_many_deviates


def mid_p(truth, came):
    return stats.norm.isf(truth.sf(came) + truth.pmf(came) / 2)


def test_deviates_are_those_of_the_mid_p():
    truth = stats.nbinom(3.0, 3.0 / (3.0 + 0.5))
    for came in (0, 1, 4):
        found = count_deviates(np.array([came]), np.array([0.5]), np.array([3.0]))
        assert found[0] == pytest.approx(mid_p(truth, came))


def test_few_of_many_are_binomial_and_all_of_them_are_no_error():
    truth = stats.binom(5, 0.2)
    came = np.arange(6.0)
    found = few_of_many_deviates(came, np.full(6, 1.0), np.full(6, 0.8))
    np.testing.assert_allclose(found, [mid_p(truth, one) for one in range(6)], rtol=1e-9)


def test_a_wider_binomial_is_near_the_beta_binomial_of_its_moments():
    truth = stats.betabinom(30, 40.0, 160.0)
    came = np.arange(7.0, 19.0)
    found = exact_where_few((came - 6) / truth.std(), came, np.full(12, 6.0), np.full(12, truth.var()), 50.0, 0.0)
    np.testing.assert_allclose(found, [mid_p(truth, one) for one in came], rtol=0.04)


def test_only_few_events_far_out_are_replaced_and_order_is_kept():
    came = np.arange(8.0)
    expected, variance = np.full(8, 1.0), np.full(8, 1.2)
    z = (came - expected) / np.sqrt(variance)
    exact = exact_where_few(z, came, expected, variance, 50.0, 1.0)
    np.testing.assert_array_equal(exact[:2], z[:2])
    assert (exact[3:] < z[3:]).all()
    assert (np.diff(exact) >= 0).all()
    np.testing.assert_array_equal(exact_where_few(z, came, expected, variance, 0.5, 1.0), z)


def test_a_variance_as_large_as_the_mean_is_that_of_a_poisson_count():
    z = np.array([3.0, np.nan])
    found = exact_where_few(z, np.array([8.0, 1.0]), np.array([3.0, 1.0]), np.array([3.0, 1.0]), 50.0, 1.0)
    assert found[0] == pytest.approx(mid_p(stats.poisson(3.0), 8), abs=1e-4)
    assert np.isnan(found[1])
