import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from models.metrics.grouping import Membership, choose_groups, make_groupings
from models.metrics.rate import BetaPosterior, BetaPrior, binomial_over, fit_beta_prior, posterior, wilson_interval


@pytest.mark.parametrize(
    ("bad", "total", "low", "high"), [(1, 20, 0.009, 0.236), (3, 100, 0.010, 0.085), (10, 500, 0.011, 0.036)]
)
def test_wilson_check_values_of_the_policy(bad, total, low, high):
    found = wilson_interval(np.array([float(bad)]), np.array([float(total)]), 0.95)
    assert found[0][0] == pytest.approx(low, abs=5e-4)
    assert found[1][0] == pytest.approx(high, abs=5e-4)


def test_posterior_by_hand():
    prior = BetaPrior(np.array([0.02]), np.array([100.0]))
    found = posterior(np.array([3.0]), np.array([70.0]), prior)
    assert (found.alpha[0], found.beta[0]) == (5.0, 165.0)
    assert found.mean[0] == pytest.approx(5 / 170)
    assert found.probability_over(0.04)[0] == pytest.approx(stats.beta.sf(0.04, 5, 165))
    low, high = found.interval(0.95)
    assert low[0] == pytest.approx(stats.beta.ppf(0.025, 5, 165))
    assert high[0] == pytest.approx(stats.beta.ppf(0.975, 5, 165))


def test_no_data_keeps_the_prior_and_an_unknown_limit_stays_unknown():
    prior = BetaPrior(np.array([0.02]), np.array([100.0]))
    found = posterior(np.array([np.nan]), np.array([np.nan]), prior)
    assert found.mean[0] == pytest.approx(0.02)
    assert np.isnan(found.probability_over(np.array([np.nan]))[0])


def test_prior_recovers_the_distribution_that_made_the_data():
    generator = np.random.default_rng(3)
    total = generator.integers(50, 400, 4000).astype(float)
    rates = generator.beta(0.03 * 80, 0.97 * 80, 4000)
    bad = generator.binomial(total.astype(int), rates).astype(float)
    everyone = Membership(np.zeros(4000, dtype=np.int64), ("all",), np.full(4000, 3999))
    prior = fit_beta_prior(bad, total, everyone, 2, 2000)
    assert prior.mean[0] == pytest.approx(0.03, rel=0.05)
    assert prior.strength[0] == pytest.approx(80, rel=0.2)


def test_merchants_all_alike_are_shrunk_as_much_as_allowed():
    total = np.full(50, 100.0)
    bad = np.full(50, 5.0)
    everyone = Membership(np.zeros(50, dtype=np.int64), ("all",), np.full(50, 49))
    assert fit_beta_prior(bad, total, everyone, 2, 2000).strength[0] == 2000


def test_each_group_has_its_own_prior_and_a_lone_merchant_that_of_all():
    attributes = {"category": np.array(["a"] * 30 + ["b"] * 30 + ["c"], dtype=object)}
    groups = choose_groups(make_groupings(attributes, [["category"]]), np.ones(61, dtype=bool), 20)
    generator = np.random.default_rng(5)
    bad = np.concatenate([generator.binomial(200, 0.02, 30), generator.binomial(200, 0.10, 30), [200]]).astype(float)
    prior = fit_beta_prior(bad, np.full(61, 200.0), groups, 2, 2000)
    assert prior.mean[0] == pytest.approx(0.02, abs=0.006)
    assert prior.mean[30] == pytest.approx(0.10, abs=0.015)
    assert 0.02 < prior.mean[60] < 0.10


@given(
    bad=st.integers(0, 50),
    more=st.integers(0, 200),
    mean=st.floats(0.001, 0.5),
    strength=st.floats(2, 500),
    limit=st.floats(0.001, 0.9),
)
def test_one_more_bad_event_never_lowers_the_probability(bad, more, mean, strength, limit):
    prior = BetaPrior(np.array([mean] * 2), np.array([strength] * 2))
    total = float(bad + more)
    found = posterior(np.array([bad, bad + 1.0]), np.array([total, total + 1]), prior).probability_over(limit)
    assert found[1] >= found[0] - 1e-12


def test_binomial_tail_agrees_with_scipy():
    found = binomial_over(np.array([3.0, -1.0, 10.0]), np.array([50.0, 10.0, 10.0]), np.array([0.05, 0.1, 0.9]))
    assert found[0] == pytest.approx(stats.binom.sf(3, 50, 0.05))
    assert found[1] == 1
    assert found[2] == 0


def test_the_chance_of_more_bad_events_is_a_beta_binomial_tail():
    belief = BetaPosterior(np.array([6.0, 30.0]), np.array([194.0, 970.0]))
    allowed, new = np.array([4.0, 12.0]), np.array([100.0, 300.0])
    exact = stats.betabinom.sf(allowed, new, belief.alpha, belief.beta)
    assert belief.more_than(allowed, new) == pytest.approx(exact, abs=0.01)
    assert belief.more_than(np.array([-1.0, 5.0]), np.array([0.0, 0.0])).tolist() == [1.0, 0.0]


def test_more_events_and_a_restart_by_hand():
    belief = BetaPosterior(np.array([2.0]), np.array([98.0]))
    more = belief.after(3.0, 7.0)
    assert (more.alpha[0], more.beta[0], more.strength[0]) == (5, 105, 110)
    again = belief.restarted(np.array([50.0]), np.array([4.0]), np.array([10.0]))
    assert (again.alpha[0], again.beta[0]) == (5, 55)
    assert belief.part(np.array([False])).mean.size == 0
