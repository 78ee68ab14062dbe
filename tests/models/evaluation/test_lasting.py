import numpy as np

from models.evaluation.lasting import LastingMoves, near_lasting_moves

SETTINGS = LastingMoves()


def noise(merchants=300, days=200, seed=3, heavy=False):
    """Daily sales with a week, and a level that wanders (correlation .57 from day to day)."""
    rng = np.random.default_rng(seed)
    shocks = rng.standard_t(4, (merchants, days)) if heavy else rng.normal(size=(merchants, days))
    drift = np.zeros((merchants, days))
    for day in range(1, days):
        drift[:, day] = 0.57 * drift[:, day - 1] + 0.1 * shocks[:, day]
    week = 1 + 0.3 * np.sin(2 * np.pi * np.arange(days) / 7)
    return 200 * week * np.exp(drift)


def test_a_fall_that_lasts_is_seen_around_its_day_and_nowhere_else():
    values = noise()
    values[4, 150:] *= 0.5
    near = near_lasting_moves(values, 120, SETTINGS)
    assert near[4, 150 - 80 - 20 : 150 - 80 + 20].all()
    assert not near[4, : 150 - 80 - 2 * SETTINGS.days].any()
    assert near[np.arange(300) != 4].mean() < 0.001


def test_a_rise_counts_as_well():
    values = noise()
    values[4, 150:] *= 2
    assert near_lasting_moves(values, 120, SETTINGS)[4, 70]


def test_noise_alone_and_what_the_whole_platform_does_are_no_moves():
    for heavy in (False, True):
        assert near_lasting_moves(noise(heavy=heavy), 120, SETTINGS).mean() < 0.002
    values = noise()
    values[:, 150:] *= 0.5
    assert near_lasting_moves(values, 120, SETTINGS).mean() < 0.002


def test_an_outage_of_two_days_does_not_last():
    values = noise()
    values[4, 150:152] = 0
    assert not near_lasting_moves(values, 120, SETTINGS)[4].any()


def test_where_too_little_is_known_nothing_is_said():
    values = np.full((3, 60), np.nan)
    values[0, :5] = 10.0
    assert not near_lasting_moves(values, 40, SETTINGS).any()
