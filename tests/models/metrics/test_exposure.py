import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from models.metrics.exposure import GammaPosterior, GammaPrior, fit_gamma_prior, posterior
from models.metrics.grouping import Membership, choose_groups, make_groupings


def everyone(count):
    return Membership(np.zeros(count, dtype=np.int64), ("all",), np.full(count, count - 1))


def test_posterior_by_hand():
    prior = GammaPrior(np.array([0.1]), np.array([50.0]))
    found = posterior(np.array([15.0]), np.array([50.0]), prior)  # 15 contacts on 50 orders, and 5 on 50 believed
    assert (found.shape[0], found.strength[0], found.mean[0]) == (20, 100, 0.2)
    truth = stats.gamma(20, scale=1 / 100)
    assert found.probability_over(0.25)[0] == pytest.approx(truth.sf(0.25))
    low, high = found.interval(0.95)
    assert (low[0], high[0]) == (pytest.approx(truth.ppf(0.025)), pytest.approx(truth.ppf(0.975)))


def test_more_events_than_orders_are_no_mistake():
    found = posterior(np.array([30.0]), np.array([10.0]), GammaPrior(np.array([1.0]), np.array([2.0])))
    assert found.mean[0] == pytest.approx(32 / 12)


def test_no_data_keeps_the_prior_and_an_unknown_limit_stays_unknown():
    prior = GammaPrior(np.array([0.1]), np.array([50.0]))
    found = posterior(np.array([np.nan]), np.array([np.nan]), prior)
    assert found.mean[0] == pytest.approx(0.1)
    assert np.isnan(found.probability_over(np.array([np.nan]))[0])


def test_what_new_orders_bring_is_negative_binomial():
    belief = GammaPosterior(np.array([20.0, 3.0, 3.0, 3.0]), np.array([100.0, 40.0, 40.0, 40.0]))
    allowed, new = np.array([12.0, 2.5, -1.0, 0.0]), np.array([60.0, 30.0, 30.0, 0.0])
    # Of a gamma(shape, rate) the count among `new` is nbinom(shape, rate / (rate + new)).
    exact = [stats.nbinom.sf(12, 20, 100 / 160), stats.nbinom.sf(2, 3, 40 / 70), 1.0, 0.0]
    assert belief.more_than(allowed, new) == pytest.approx(exact)


def test_more_events_and_a_restart_by_hand():
    belief = GammaPosterior(np.array([20.0]), np.array([100.0]))
    more = belief.after(3.0, 7.0)
    assert (more.shape[0], more.strength[0]) == (23, 107)
    again = belief.restarted(np.array([50.0]), np.array([4.0]), np.array([10.0]))
    assert (again.shape[0], again.strength[0]) == (14, 60)
    assert belief.part(np.array([False])).mean.size == 0


def merchants(count, mean, strength, seed):
    """Gamma-Poisson merchants: exposure, true counts per exposure, and what came."""
    generator = np.random.default_rng(seed)
    total = np.ceil(generator.lognormal(4, 1, count))
    truth = generator.gamma(mean * strength, 1 / strength, count)
    return total, truth, generator.poisson(total * truth).astype(float)


def test_prior_recovers_the_distribution_that_made_the_data():
    total, _, events = merchants(4000, 0.15, 60, 3)
    prior = fit_gamma_prior(events, total, everyone(4000), 2, 2000)
    assert prior.mean[0] == pytest.approx(0.15, rel=0.03)
    assert prior.strength[0] == pytest.approx(60, rel=0.2)


@pytest.mark.parametrize(("mean", "strength", "seed"), [(0.12, 30, 1), (0.5, 200, 2), (1.8, 4, 3)])
def test_intervals_hold_the_truth_as_often_as_they_say(mean, strength, seed):
    total, truth, events = merchants(4000, mean, strength, seed)
    found = posterior(events, total, fit_gamma_prior(events, total, everyone(4000), 2, 2000))
    for level in (0.5, 0.95):
        low, high = found.interval(level)
        # 4,000 merchants: a standard error of 0.008 and 0.003
        assert np.mean((low <= truth) & (truth <= high)) == pytest.approx(level, abs=0.025 if level == 0.5 else 0.012)
    said = found.probability_over(mean)
    for fewest, most in ((0.0, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 1.0)):
        some = (said > fewest) & (said <= most)
        assert np.mean(truth[some] > mean) == pytest.approx(np.mean(said[some]), abs=0.06)


def test_merchants_all_alike_are_shrunk_as_much_as_allowed():
    assert fit_gamma_prior(np.full(50, 5.0), np.full(50, 100.0), everyone(50), 2, 2000).strength[0] == 2000


def test_each_group_has_its_own_prior_and_a_lone_merchant_that_of_all():
    attributes = {"category": np.array(["a"] * 30 + ["b"] * 30 + ["c"], dtype=object)}
    groups = choose_groups(make_groupings(attributes, [["category"]]), np.ones(61, dtype=bool), 20)
    generator = np.random.default_rng(5)
    few, many = generator.poisson(200 * 0.1, 30), generator.poisson(200 * 0.6, 30)
    prior = fit_gamma_prior(np.concatenate([few, many, [400]]).astype(float), np.full(61, 200.0), groups, 2, 2000)
    assert prior.mean[0] == pytest.approx(0.1, rel=0.1)
    assert prior.mean[30] == pytest.approx(0.6, rel=0.1)
    assert 0.1 < prior.mean[60] < 0.6


def test_without_any_data_there_is_still_a_prior():
    nothing = np.full(3, np.nan)
    prior = fit_gamma_prior(nothing, nothing, everyone(3), 2, 2000)
    assert np.isfinite(prior.mean).all()
    assert (prior.strength == 2000).all()


@given(
    events=st.integers(0, 200),
    total=st.integers(0, 100),
    mean=st.floats(0.01, 5),
    strength=st.floats(2, 500),
    limit=st.floats(0.01, 10),
)
def test_one_more_event_never_lowers_the_probability_and_one_more_order_never_raises_it(
    events, total, mean, strength, limit
):
    prior = GammaPrior(np.array([mean] * 3), np.array([strength] * 3))
    came, seen = np.array([events, events + 1.0, events]), np.array([total, total, total + 1.0])
    now, more, good = posterior(came, seen, prior).probability_over(limit)
    assert more >= now - 1e-12
    assert good <= now + 1e-12
