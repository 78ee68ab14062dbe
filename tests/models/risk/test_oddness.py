import numpy as np
import pytest

from models.risk.oddness import odd_p, oddness
from models.risk.settings import OddnessSettings

SETTINGS = OddnessSettings(trees=50, train_rows=2000, least_rows=200)


def scores(seed=0, merchants=300, metrics=5):
    generator = np.random.default_rng(seed)
    return [generator.normal(size=(merchants, 20)) for _ in range(metrics)]


def test_a_pattern_worse_in_everything_is_odd_and_a_good_one_is_not():
    made = scores()
    for one in made:
        one[0, -1] = 2.5
        one[1, -1] = -6.0
    p = odd_p(*oddness(made, SETTINGS))
    assert p[0] < 0.01
    assert p[1] > 0.3


def test_p_values_are_near_uniform_on_noise():
    p = odd_p(*oddness(scores(merchants=2000), SETTINGS))
    assert np.mean(p <= 0.1) == pytest.approx(0.1, abs=0.03)


def test_same_data_same_scores_and_a_short_past_has_none():
    first, second = oddness(scores(), SETTINGS), oddness(scores(), SETTINGS)
    assert (first[0] == second[0]).all()
    today, past = oddness(scores(merchants=5), SETTINGS)
    assert np.isnan(today).all()
    assert np.isnan(odd_p(today, past)).all()


def test_a_merchant_without_any_score_today_has_no_p():
    made = scores()
    for one in made:
        one[3, -1] = np.nan
    p = odd_p(*oddness(made, SETTINGS))
    assert np.isnan(p[3])
    assert not np.isnan(p[4])
