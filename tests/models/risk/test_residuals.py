import numpy as np
import pytest
from scipy import stats

from models.metrics.exposure import GammaPrior
from models.metrics.mean import NormalPrior
from models.metrics.rate import BetaPrior
from models.risk.residuals import break_scores, count_scores, mean_scores, rate_scores, ratio_scores
from models.risk.settings import ResidualSettings

SETTINGS = ResidualSettings(days=14, recent_days=7, baseline_days=14)
PLAIN = SETTINGS.model_copy(update={"few_events": 0.0})


def prior(merchants, mean=0.02, strength=100.0):
    return BetaPrior(np.full(merchants, mean), np.full(merchants, strength))


def test_rate_score_by_hand():
    bad, total = np.full((1, 40), 2.0), np.full((1, 40), 100.0)
    bad[0, -7:] = 6.0
    found = rate_scores(bad, total, 0, prior(1), PLAIN)
    strength = 100 + 1400
    mean = (2 + 28) / strength
    variance = 700 * mean * (1 - mean) * (strength + 700) / (strength + 1)
    assert found.z.shape == (1, 14)
    assert found.z[0, -1] == pytest.approx((42 - 700 * mean) / np.sqrt(variance))
    assert (found.expected[0], found.observed[0]) == (pytest.approx(mean), pytest.approx(0.06))


def test_rate_scores_of_a_steady_shop_are_standard():
    generator = np.random.default_rng(0)
    total = generator.poisson(60, (2000, 120)).astype(float)
    bad = generator.binomial(total.astype(int), 0.05).astype(float)
    z = rate_scores(bad, total, 0, prior(2000, 0.05, 2000), SETTINGS).z
    assert abs(np.nanmean(z)) < 0.06
    assert np.nanstd(z) == pytest.approx(1, abs=0.1)


def test_one_rare_event_is_as_surprising_as_it_is_rare():
    # Nothing bad in 56 days of ten orders, peers have one in five hundred: one bad order a week is no nine deviations.
    settings = ResidualSettings(days=14, recent_days=7, baseline_days=56)
    bad, total = np.zeros((1, 80)), np.full((1, 80), 10.0)
    bad[0, -1] = 1.0
    found = rate_scores(bad, total, 0, prior(1, 1 / 500, 100.0), settings.model_copy(update={"least_expected": 0.1}))
    shape, strength = 0.2, 100.0 + 560.0
    truth = stats.nbinom(shape, strength / (strength + 70))
    assert found.z[0, -1] == pytest.approx(stats.norm.isf(truth.sf(1) + truth.pmf(1) / 2), abs=0.02)
    assert found.z[0, -1] < 2.7
    plain = rate_scores(bad, total, 0, prior(1, 1 / 500, 100.0), settings.model_copy(
        update={"least_expected": 0.1, "few_events": 0.0}))  # fmt: skip
    assert plain.z[0, -1] > 6
    np.testing.assert_allclose(found.z[0, :-1], plain.z[0, :-1])


def test_shops_with_few_and_with_many_rare_events_lie_out_equally_often():
    generator = np.random.default_rng(3)
    rates = np.repeat([0.0005, 0.005, 0.05], 3000)
    total = np.full((9000, 120), 20.0)
    bad = generator.binomial(20, rates[:, None], total.shape).astype(float)
    mean, strength = np.full(9000, rates.mean()), np.full(9000, 5.0)
    for settings, most in ((SETTINGS, 2.5), (PLAIN, np.inf)):
        long = settings.model_copy(update={"baseline_days": 56})
        z = rate_scores(bad, total, 0, BetaPrior(mean, strength), long).z
        far = [np.nanmean(z[rates == rate] > 2.6) / stats.norm.sf(2.6) for rate in (0.0005, 0.005, 0.05)]
        assert max(far) < most
        if most == np.inf:
            assert max(far) > 4


def test_too_few_events_have_no_score_and_worse_is_positive():
    total = np.full((2, 40), 1.0)
    assert np.isnan(rate_scores(np.zeros((2, 40)), total, 0, prior(2), SETTINGS).z).all()
    total = np.full((1, 40), 100.0)
    bad = np.full((1, 40), 2.0)
    bad[0, -3:] = 30
    assert rate_scores(bad, total, 0, prior(1), SETTINGS).z[0, -1] > 5
    assert rate_scores(bad, total, 3, prior(1), SETTINGS).z[0, -1] < 1  # not matured yet


def gamma(merchants, mean=0.2, strength=100.0):
    return GammaPrior(np.full(merchants, mean), np.full(merchants, strength))


def test_count_score_is_that_of_a_negative_binomial():
    events, total = np.full((1, 40), 2.0), np.full((1, 40), 10.0)
    events[0, -7:] = 4.0
    found = count_scores(events, total, 0, gamma(1), PLAIN)
    shape, strength = 100 * 0.2 + 14 * 2, 100 + 14 * 10
    truth = stats.nbinom(shape, strength / (strength + 70))
    assert found.z[0, -1] == pytest.approx((28 - truth.mean()) / truth.std())
    assert (found.expected[0], found.observed[0]) == (pytest.approx(shape / strength), pytest.approx(0.4))
    assert found.weight[0] == 70


def test_count_scores_of_a_steady_shop_are_standard():
    generator = np.random.default_rng(0)
    total = generator.poisson(30, (2000, 120)).astype(float)
    events = generator.poisson(total * 1.3).astype(float)
    z = count_scores(events, total, 0, gamma(2000, 1.3, 2000), SETTINGS).z
    assert abs(np.nanmean(z)) < 0.06
    assert np.nanstd(z) == pytest.approx(1, abs=0.1)


def test_few_contacts_have_no_score_and_an_unknown_day_counts_in_no_part():
    total = np.full((1, 40), 0.5)
    assert np.isnan(count_scores(np.zeros((1, 40)), total, 0, gamma(1), SETTINGS).z).all()
    total, events = np.full((1, 40), 100.0), np.full((1, 40), 20.0)
    events[0, -3:] = np.nan
    found = count_scores(events, total, 0, gamma(1), SETTINGS)
    assert found.weight[0] == 400
    assert found.observed[0] == pytest.approx(0.2)


def test_mean_score_is_directed():
    count = np.full((1, 40), 10.0)
    stars = np.full((1, 40), 48.0)
    stars[0, -7:] = 30.0
    squares = stars**2 / 10 + 5
    normal = NormalPrior(np.array([4.6]), np.array([0.04]), np.array([0.5]))
    found = mean_scores(stars, squares, count, 0, normal, True, SETTINGS)
    assert found.z[0, -1] > 5
    assert found.observed[0] == pytest.approx(3.0)
    assert mean_scores(stars, squares, count, 0, normal, False, SETTINGS).z[0, -1] < -5


def test_ratio_score_knows_how_much_days_vary():
    generator = np.random.default_rng(1)
    visitors = np.full((500, 100), 1000.0)
    calm = generator.normal(50, 2, (500, 100))
    wild = generator.normal(50, 12, (500, 100))
    calm[:, -7:] -= 6
    wild[:, -7:] -= 6
    assert np.median(ratio_scores(calm, visitors, 0, True, SETTINGS).z[:, -1]) > 4
    assert np.median(ratio_scores(wild, visitors, 0, True, SETTINGS).z[:, -1]) < 2
    steady = ratio_scores(generator.normal(50, 5, (500, 100)), visitors, 0, True, SETTINGS).z
    assert np.nanstd(steady) == pytest.approx(1, abs=0.15)


def test_a_shop_that_was_always_in_stock_gets_a_finite_score():
    hours = np.full((1, 60), 240.0)
    stocked = hours.copy()
    stocked[0, -2:] = 120
    z = ratio_scores(stocked, hours, 0, True, SETTINGS).z
    assert np.isfinite(z[0, -1])
    assert z[0, -1] > 5


def test_unknown_days_give_no_score_and_breaks_turn_their_sign():
    nothing = np.full((2, 40), np.nan)
    assert np.isnan(ratio_scores(nothing, nothing, 0, True, SETTINGS).z).all()
    assert np.isnan(rate_scores(nothing, nothing, 0, prior(2), SETTINGS).z).all()
    z = np.array([[0.5, -3.0]])
    found = break_scores(z, np.array([[9.0, 2.0]]), np.array([[8.0, 10.0]]))
    assert found.z.tolist() == [[-0.5, 3.0]]
    assert (found.observed[0], found.expected[0], found.volume[0]) == (2, 10, 9)
