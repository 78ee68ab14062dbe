import numpy as np
import pytest
from scipy import stats

from models.risk.tail import ParetoTail, fit_tail


@pytest.mark.parametrize("shape", [0.0, 0.2, 0.4])
def test_recovers_a_pareto_tail(shape):
    values = np.sort(stats.genpareto.rvs(shape, size=200_000, random_state=3))
    tail = fit_tail(values, 196_000, (0.0, 0.5))
    assert tail.shape == pytest.approx(shape, abs=0.08)
    far = stats.genpareto.isf(1e-5, shape)
    assert tail.probability_over(np.array([far]))[0] == pytest.approx(1e-5, rel=0.6)


def test_normal_scores_beyond_the_ranks_stay_within_a_factor_of_three():
    values = np.sort(np.random.default_rng(1).normal(size=20_000))
    tail = fit_tail(values, 19_900, (0.0, 0.5))
    assert 1 / 3 < tail.probability_over(np.array([stats.norm.isf(1e-4)]))[0] / 1e-4 < 3


def test_a_tail_never_ends_and_continues_at_the_threshold():
    short = np.sort(np.random.default_rng(2).uniform(size=5000))
    tail = fit_tail(short, 4950, (0.0, 0.5))
    assert tail.probability_over(np.array([1.1]))[0] > 0
    assert tail.probability_over(np.array([tail.threshold]))[0] == pytest.approx(0.01)
    assert (np.diff(tail.probability_over(np.linspace(1, 3, 20))) <= 0).all()


def test_scores_that_are_all_alike_give_a_tail_that_drops_at_once():
    tail = fit_tail(np.zeros(1000), 990, (0.0, 0.5))
    assert isinstance(tail, ParetoTail)
    assert tail.probability_over(np.array([1.0]))[0] < 1e-6
