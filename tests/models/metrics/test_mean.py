import numpy as np
import pytest

from models.metrics.grouping import Membership
from models.metrics.mean import fit_normal_prior, own_variance, shrunk_mean


def everyone(count):
    return Membership(np.zeros(count, dtype=np.int64), ("all",), np.full(count, count - 1))


def test_variance_from_sums():
    stars = np.array([5.0, 4.0, 3.0, 5.0])
    found = own_variance(np.array([stars.sum()]), np.array([(stars**2).sum()]), np.array([4.0]))
    assert found[0] == pytest.approx(stars.var(ddof=1))
    assert np.isnan(own_variance(np.array([5.0]), np.array([25.0]), np.array([1.0]))[0])


def test_prior_recovers_the_variances_that_made_the_data():
    generator = np.random.default_rng(1)
    merchants, count = 3000, 40
    true = generator.normal(4.5, 0.2, merchants)
    stars = true[:, None] + generator.normal(0, 0.9, (merchants, count))
    total, squares = stars.sum(axis=1), (stars**2).sum(axis=1)
    prior = fit_normal_prior(total, squares, np.full(merchants, float(count)), everyone(merchants))
    assert prior.mean[0] == pytest.approx(4.5, abs=0.02)
    assert prior.between[0] == pytest.approx(0.04, rel=0.15)
    assert prior.within[0] == pytest.approx(0.81, rel=0.05)
    found = shrunk_mean(total, squares, np.full(merchants, float(count)), prior)
    assert np.mean((found.mean - true) ** 2) < np.mean((total / count - true) ** 2)
    low, high = found.interval(0.95)
    assert np.mean((low <= true) & (true <= high)) == pytest.approx(0.95, abs=0.015)


def test_few_answers_are_shrunk_more_than_many():
    generator = np.random.default_rng(2)
    count = np.r_[np.full(200, 50.0), 2.0, 500.0]
    total = np.r_[generator.normal(4.5, 0.15, 200) * 50, 2 * 3.0, 500 * 3.0]
    squares = total**2 / count + count * 0.5
    prior = fit_normal_prior(total, squares, count, everyone(202))
    found = shrunk_mean(total, squares, count, prior)
    assert found.mean[200] > 4
    assert found.mean[201] < 3.3
    assert found.probability_over(4.2)[201] < 0.025


def test_no_answers_keep_the_prior():
    total, squares, count = np.array([9.0, 8.0, np.nan]), np.array([41.0, 33.0, np.nan]), np.array([2.0, 2.0, np.nan])
    found = shrunk_mean(total, squares, count, fit_normal_prior(total, squares, count, everyone(3)))
    assert found.mean[2] == pytest.approx(4.25)
