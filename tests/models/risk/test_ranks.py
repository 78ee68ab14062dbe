import numpy as np
import pytest

from models.risk.ranks import calibrate, resolution, volume_strata
from models.risk.settings import CalibrationSettings


def settings(**changes):
    return CalibrationSettings(**{"least_scores": 20, **changes})


def test_rank_by_hand():
    scores = np.array([[0.0, 1, 2, 3, 4, 2.5], [9, 10, 11, 12, 13, 3.5]])
    p = calibrate(scores, np.zeros(2, dtype=int), np.zeros(6, dtype=int), settings())
    assert p[0, -1] == pytest.approx((5 + 1) / (5 + 1))  # all five of the other merchant are at least as high
    assert p[1, -1] == pytest.approx((1 + 1) / (5 + 1))  # one of the other merchant's five is
    assert p[0, 0] == pytest.approx((10 + 1) / (10 + 1))  # past scores are ranked among all


def test_trouble_that_lasts_does_not_make_itself_look_usual():
    scores = np.random.default_rng(2).normal(size=(300, 56))
    scores[0, -15:] += 12
    p = calibrate(scores, np.zeros(300, dtype=int), np.zeros(56, dtype=int), settings())
    assert p[0, -1] < 1e-6


def test_today_is_not_its_own_past():
    scores = np.zeros((50, 10))
    scores[:, -1] = 5
    assert (
        calibrate(scores, np.zeros(50, dtype=int), np.zeros(10, dtype=int), settings(tail_least=10**6))[:, -1] < 0.01
    ).all()


@pytest.mark.parametrize("family", ["normal", "heavy", "skewed"])
def test_realised_over_nominal_is_near_one_on_exchangeable_noise(family):
    generator = np.random.default_rng(12)
    draw = {
        "normal": lambda size: generator.normal(size=size),
        "heavy": lambda size: generator.standard_t(3, size),
        "skewed": lambda size: generator.gamma(0.8, size=size),
    }[family]
    merchants = 20_000
    scores = draw((merchants, 20))
    p = calibrate(scores, np.arange(merchants) % 4, np.zeros(20, dtype=int), CalibrationSettings())[:, -1]
    assert np.mean(p <= 1e-2) / 1e-2 == pytest.approx(1, abs=0.3)
    assert np.mean(p <= 1e-3) / 1e-3 == pytest.approx(1, abs=0.9)


def test_merchants_are_ranked_among_those_of_like_volume():
    generator = np.random.default_rng(5)
    small, large = generator.normal(0, 3, (500, 30)), generator.normal(0, 1, (500, 30))
    scores = np.vstack([small, large])
    scores[[0, 500], -1] = 4.0
    strata = np.r_[np.zeros(500, dtype=int), np.ones(500, dtype=int)]
    p = calibrate(scores, strata, np.zeros(30, dtype=int), settings())[:, -1]
    assert p[0] > 0.05
    assert p[500] < 1e-3


def test_event_days_are_ranked_among_event_days_when_there_are_enough():
    generator = np.random.default_rng(6)
    scores = generator.normal(size=(1000, 21))
    kinds = np.array([0] * 15 + [1] * 6)
    scores[:, kinds == 1] += 3
    strata = np.zeros(1000, dtype=int)
    together = calibrate(scores, strata, kinds, settings(least_scores=6000))[:, -1]
    apart = calibrate(scores, strata, kinds, settings(least_scores=2000))[:, -1]
    assert np.mean(apart <= 0.05) == pytest.approx(0.05, abs=0.02)
    assert np.mean(together <= 0.05) > 0.09


def test_small_strata_are_merged_and_no_past_means_no_p():
    scores = np.vstack([np.zeros((1, 30)), np.random.default_rng(7).normal(size=(100, 30))])
    strata = np.r_[0, np.ones(100, dtype=int)]
    scores[0, -1] = 10
    assert calibrate(scores, strata, np.zeros(30, dtype=int), settings(least_scores=100))[0, -1] < 0.001
    assert np.isnan(
        calibrate(np.full((2, 5), np.nan), np.zeros(2, dtype=int), np.zeros(5, dtype=int), settings())
    ).all()


def test_confirmed_anomalies_are_trimmed():
    scores = np.random.default_rng(8).normal(size=(200, 30))
    scores[:40, 5] = 50
    scores[150, -1] = 6
    trimmed = scores > 40
    plain = calibrate(scores, np.zeros(200, dtype=int), np.zeros(30, dtype=int), settings())[150, -1]
    clean = calibrate(scores, np.zeros(200, dtype=int), np.zeros(30, dtype=int), settings(), trimmed)[150, -1]
    assert clean < plain / 5


def test_strata_of_equal_number_and_unknown_volume():
    strata = volume_strata(np.r_[np.arange(100.0), np.nan], 4)
    assert np.bincount(strata[:100]).tolist() == [25, 25, 25, 25]
    assert strata[100] == 0
    assert volume_strata(np.full(3, np.nan), 4).tolist() == [0, 0, 0]
    assert volume_strata(np.full(8, 5.0), 4).max() <= 1


def test_resolution_is_said():
    assert resolution(999, 15, CalibrationSettings()) == pytest.approx(1e-3)
    assert resolution(10**6, 20_000, CalibrationSettings()) == 1e-12
