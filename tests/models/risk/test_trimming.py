import numpy as np

from models.risk.ranks import calibrate
from models.risk.settings import CalibrationSettings
from models.risk.trimming import any_trouble, lasting_trouble

SETTINGS = CalibrationSettings(least_scores=100)


def noise(seed=0, shape=(500, 56)):
    return np.random.default_rng(seed).normal(size=shape)


def test_a_bad_fortnight_is_trimmed_and_a_single_extreme_day_is_not():
    scores = noise()
    scores[0, 20:34] += 4
    scores[1, 30] = 50
    trouble = lasting_trouble(scores, SETTINGS)
    assert trouble[0, 20:34].all()
    assert not trouble[0, :14].any()
    assert not trouble[0, 41:].any()
    assert not trouble[1].any()


def test_noise_is_left_alone_even_with_heavy_tails():
    assert lasting_trouble(noise(1), SETTINGS).mean() < 0.002
    heavy = np.random.default_rng(2).standard_t(3, (500, 56))
    assert lasting_trouble(heavy, SETTINGS).mean() < 0.004


def test_trouble_shows_in_scores_that_overlap_from_day_to_day():
    weekly = np.random.default_rng(6).normal(size=(500, 62))
    weekly = np.lib.stride_tricks.sliding_window_view(weekly, 7, axis=1).sum(axis=2) / np.sqrt(7)
    assert not lasting_trouble(weekly, SETTINGS).any()
    weekly[3, 20:40] += 20
    assert lasting_trouble(weekly, SETTINGS)[3, 20:40].all()


def test_a_merchant_that_is_always_restless_is_usual():
    scores = np.random.default_rng(7).normal(size=(500, 56))
    restless = np.random.default_rng(8).normal(size=(20, 56)) * 4
    restless[:, 1:] = 0.7 * restless[:, :-1] + 0.7 * restless[:, 1:]
    scores[:20] = restless
    scores[20, 20:34] += 6
    trouble = lasting_trouble(scores, SETTINGS)
    assert trouble[20, 20:34].all()
    assert trouble[:20].mean() < 0.05


def test_trouble_of_any_series_is_trouble():
    days, drift = noise(3), noise(4)
    days[0, 5:20] += 6
    drift[1, 30:50] += 6
    trouble = any_trouble((days, drift), SETTINGS)
    assert trouble[0, 5:20].all()
    assert trouble[1, 30:50].all()
    assert not trouble[2:].any()


def test_good_weeks_are_not_trouble_and_unknown_days_are_not_trimmed():
    scores = noise()
    scores[0, 20:34] -= 6
    scores[1, :] = np.nan
    trouble = lasting_trouble(scores, SETTINGS)
    assert not trouble[:2].any()
    assert not lasting_trouble(np.full((3, 9), np.nan), SETTINGS).any()


def test_others_lasting_trouble_no_longer_hides_a_merchants_own():
    scores = noise()
    scores[:15, 10:40] += 6
    scores[100, -1] = 5.5
    day_types, strata = np.zeros(56, dtype=np.int64), np.zeros(500, dtype=np.int64)
    hidden = calibrate(scores, strata, day_types, SETTINGS)[100, -1]
    seen = calibrate(scores, strata, day_types, SETTINGS, lasting_trouble(scores, SETTINGS))[100, -1]
    assert hidden > 1e-3
    assert seen < 1e-4


def test_trimming_keeps_the_level_on_exchangeable_noise():
    for family in ("normal", "t3"):
        generator = np.random.default_rng(5)
        scores = generator.normal(size=(8000, 40)) if family == "normal" else generator.standard_t(3, (8000, 40))
        strata, day_types = np.zeros(8000, dtype=np.int64), np.zeros(40, dtype=np.int64)
        p = calibrate(scores, strata, day_types, CalibrationSettings(), lasting_trouble(scores, SETTINGS))[:, -1]
        assert 0.7 < np.mean(p <= 0.01) / 0.01 < 1.3, family
        assert 0.2 < np.mean(p <= 0.001) / 0.001 < 2.1, family


def test_rare_but_usual_trouble_is_not_trimmed_away():
    scores = np.zeros((500, 56))
    for number in range(100):  # one shop in five is out of stock for ten days, all others never
        scores[number, number % 40 : number % 40 + 10] = 5.0
    assert not lasting_trouble(scores, SETTINGS).any()


def test_trouble_in_scores_over_a_fortnight_is_trimmed_as_soon_as_it_is_far_out():
    days = np.random.default_rng(9).normal(size=(500, 69))
    fortnight = np.lib.stride_tricks.sliding_window_view(days, 14, axis=1).sum(axis=2) / np.sqrt(14)
    fortnight[3, 20:40] += 12
    fortnight[4, 20:23] += 60  # three days, however far out, are no week
    trouble = lasting_trouble(fortnight, SETTINGS)
    assert trouble[3, 20:40].all()
    assert not trouble[4].any()
    assert not trouble[5:].any()


def test_trouble_that_is_over_does_not_pass_for_restlessness():
    """What days after trouble are held against has it in it, so that all of them look good."""
    scores = noise(10)
    scores[0, 5:25] += 8
    scores[0, 25:] -= 5
    scores[1, :15] += 15
    scores[1, 15:30] = np.nan
    scores[1, 30:] -= 4
    trouble = lasting_trouble(scores, SETTINGS)
    assert trouble[0, 5:25].all()
    assert trouble[1, :15].all()
    assert not trouble[2:].any()


def test_a_restless_merchants_own_trouble_is_trimmed_where_it_is_far_out():
    scores = noise(11)
    scores[0] *= 3
    scores[0, 30:45] += 14
    assert lasting_trouble(scores, SETTINGS)[0, 30:45].all()
    assert not lasting_trouble(scores, SETTINGS.model_copy(update={"trim_restless": 9.0}))[1:].any()
