import numpy as np
import pytest

from models.risk.oddness import either, odd_p, oddness
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
    p = either(*oddness(made, SETTINGS))
    assert p[0] < 0.02
    assert p[1] > 0.3


def test_legs_that_always_moved_together_and_now_do_not():
    generator = np.random.default_rng(4)
    common = generator.normal(size=(300, 20))
    made = [common + 0.1 * generator.normal(size=common.shape) for _ in range(4)]
    for one in made[:2]:
        one[0, -1] = 2.0
    for one in made[2:]:
        one[0, -1] = 0.0
    forest, left_over = oddness(made, SETTINGS)
    assert odd_p(left_over)[0] < 0.005
    assert odd_p(left_over)[0] < odd_p(forest)[0]  # no score is rare by itself


@pytest.mark.parametrize("model", [0, 1])
def test_p_values_are_near_uniform_on_noise(model):
    p = odd_p(oddness(scores(merchants=2000), SETTINGS)[model])
    assert np.mean(p <= 0.1) == pytest.approx(0.1, abs=0.03)


def test_same_data_same_scores_and_a_short_past_has_none():
    first, second = oddness(scores(), SETTINGS), oddness(scores(), SETTINGS)
    assert all((one.today == again.today).all() for one, again in zip(first, second, strict=True))
    short = oddness(scores(merchants=5), SETTINGS)
    assert np.isnan(short[0].today).all()
    assert np.isnan(either(*short)).all()


def test_a_merchant_without_any_score_today_has_no_p():
    made = scores()
    for one in made:
        one[3, -1] = np.nan
    p = either(*oddness(made, SETTINGS))
    assert np.isnan(p[3])
    assert not np.isnan(p[4])
