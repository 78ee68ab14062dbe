import numpy as np
import pytest

from models.risk.outlook import outlook, snapshot
from models.risk.settings import OutlookSettings

SETTINGS = OutlookSettings(least_mean=5, prior_merchants=5)


def platform(merchants=600, days=154, seed=1):
    """Every fifth merchant slides: a week at 60 %, then next to nothing."""
    generator = np.random.default_rng(seed)
    level = np.full((merchants, days), 40.0)
    for number in range(0, merchants, 5):
        start = generator.integers(40, days)
        level[number, start : start + 7] *= 0.55
        level[number, start + 7 :] *= 0.05
    return generator.poisson(level).astype(float)


def run(units, horizon=14):
    last = units.shape[1] - 1
    past = [snapshot(units, last - horizon - 7 * step, horizon, SETTINGS) for step in range(6)]
    return outlook(snapshot(units, last, None, SETTINGS), past, SETTINGS)


def test_a_sliding_merchant_has_a_higher_probability_than_a_steady_one():
    units = platform()
    units[0], units[1] = 40.0, 40.0
    units[0, -7:] = 22.0
    found = run(units)
    assert found.p_bad[0] > 5 * found.p_bad[1]
    assert np.isnan(found.p_bad_healthy[0])
    assert found.p_bad_healthy[1] == found.p_bad[1]


def test_probabilities_are_near_the_frequency_of_what_happened_next():
    units = platform(3000, 170)
    before, after = units[:, :-14], units[:, -14:]
    p = run(before).p_bad
    trailing = before[:, -28:].mean(axis=1)
    ratio = after.mean(axis=1) / trailing
    collapsed = ratio / np.nanmedian(ratio) < 0.5
    known = ~np.isnan(p)
    assert p[known].sum() == pytest.approx(collapsed[known].sum(), rel=0.5)


def test_small_and_young_merchants_have_no_figure():
    units = platform()
    units[0] = 1.0
    units[1, :-20] = np.nan
    units[1, -20:] = 40
    found = run(units)
    assert np.isnan(found.p_bad[0])
    assert np.isnan(found.p_bad[1])


def test_no_history_no_figure():
    nothing = outlook(snapshot(platform(10, 100), 99, None, SETTINGS), [], SETTINGS)
    assert np.isnan(nothing.p_bad).all()


def test_doing_better_never_raises_the_probability():
    units = platform()
    units[:20] = 40.0
    for number in range(20):
        units[number, -7:] = 4 + 2 * number
    p = run(units).p_bad[:20]
    assert (np.diff(p) <= 1e-12).all()
