import numpy as np
import pytest

from models.simulation.likeness import NOISE, common_factor, cut_windows, features, tell_apart
from models.simulation.realism import WindowShape

SHAPE = WindowShape(days=56, least_mean=20, least_open_days=40, most_windows=500, folds=5)


def shops(seed, size=60, days=112, sigma=0.1, memory=0.0, level=200.0):
    """Counts (days, size) around a level that remembers."""
    rng = np.random.default_rng(seed)
    log = np.zeros((days, size))
    log[0] = rng.standard_normal(size)
    for day in range(1, days):
        log[day] = memory * log[day - 1] + np.sqrt(1 - memory**2) * rng.standard_normal(size)
    return rng.poisson(level * np.exp(sigma * log)).astype(float)


def windows(counts, promoted=None, first_weekday=0, shape=SHAPE):
    promoted = np.zeros(counts.shape, dtype=bool) if promoted is None else promoted
    return cut_windows(counts, promoted, first_weekday, shape, np.random.default_rng(0))


def column(made, name, shown="everything"):
    table, names = features(made, shown)
    return table[:, names.index(name)]


def test_windows_begin_on_mondays_and_do_not_overlap():
    counts = np.tile(np.arange(120.0)[:, None] + 100, (1, 3))
    made = windows(counts, first_weekday=4)  # the first day is a Friday
    assert made.counts[:, 0].tolist() == [103] * 3 + [159] * 3
    assert made.counts.shape == (6, 56)
    assert made.series.tolist() == [0, 1, 2, 0, 1, 2]


def test_small_and_mostly_closed_shops_are_left_out():
    counts = shops(1, size=4)
    counts[:, 0] = 5
    counts[::2, 1] = 0
    counts[:, 2] = np.nan
    assert set(windows(counts).series) == {3}


def test_features_do_not_depend_on_the_scale():
    counts = shops(2, level=1e6)  # so large that counting noise plays no part
    small, large = features(windows(counts), "everything")[0], features(windows(counts * 7), "everything")[0]
    assert large == pytest.approx(small)


def test_weeks_and_promotions_are_known_effects_and_no_noise():
    counts = shops(3)
    promoted = np.zeros(counts.shape, dtype=bool)
    promoted[10:15] = promoted[70:75] = True
    known = counts * np.where(promoted, 1.5, 1.0) * np.array([1, 1, 1, 1, 1, 1.3, 0.8])[np.arange(112) % 7][:, None]
    plain, lifted = windows(counts), windows(np.rint(known), promoted)
    assert column(lifted, "spread").mean() == pytest.approx(column(plain, "spread").mean(), rel=0.06)
    assert column(lifted, "promotion_lift").mean() == pytest.approx(np.log(1.5), abs=0.04)
    assert column(lifted, "weekday_5").mean() - column(lifted, "weekday_6").mean() == pytest.approx(
        np.log(1.3 / 0.8), abs=0.03
    )


def test_what_all_shops_share_is_not_a_shops_own_noise():
    counts = shops(4, level=1e5)
    shared = np.exp(0.3 * np.random.default_rng(9).standard_normal(112))
    found = common_factor(counts * shared[:, None])
    assert np.log(found) - np.log(found).mean() == pytest.approx(np.log(shared) - np.log(shared).mean(), abs=0.06)
    own = column(windows(counts * shared[:, None]), "spread", "noise").mean()
    assert own == pytest.approx(column(windows(counts), "spread", "noise").mean(), rel=0.02)
    assert column(windows(counts * shared[:, None]), "spread").mean() > 2 * own


def test_memory_is_found():
    made = windows(shops(5, memory=0.8, level=1e6))
    assert column(made, "lag_1").mean() == pytest.approx(0.72, abs=0.08)  # less than 0.8: a window knows its own mean
    assert abs(column(windows(shops(5, level=1e6)), "lag_1").mean()) < 0.06


def test_like_is_not_told_from_like():
    answer = tell_apart(windows(shops(6)), windows(shops(7)), "noise", 5, 1)
    assert answer.windows == 240
    assert 0.35 < answer.auc < 0.65
    assert answer.low < 0.5 < answer.high


def test_different_memory_is_told_by_its_shape_and_named():
    answer = tell_apart(windows(shops(8)), windows(shops(9, memory=0.8)), "shape", 5, 1)
    assert answer.auc > 0.95
    assert answer.low > 0.9
    assert {name for name, _ in answer.telling} & {"lag_1", "lag_2", "jump"}


def test_a_different_size_is_noise_but_no_shape():
    calm, lively = windows(shops(10, level=1e6)), windows(shops(11, sigma=0.2, level=1e6))
    assert tell_apart(calm, lively, "noise", 5, 1).auc > 0.99
    assert tell_apart(calm, lively, "shape", 5, 1).auc < 0.7


def test_what_is_shown_is_what_is_named():
    made = windows(shops(12))
    assert features(made, "shape")[1] == NOISE[1:]
    assert features(made, "noise")[0].shape[1] == len(NOISE)
    assert np.isfinite(features(made, "everything")[0]).all()


def test_too_few_shops_are_refused():
    with pytest.raises(ValueError, match="only 4 simulated shops have a window; 10 are needed"):
        tell_apart(windows(shops(1, size=4)), windows(shops(2)), "noise", 5, 1)
