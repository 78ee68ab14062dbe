import numpy as np
import pytest

from models.risk.common_moves import without_common_moves
from models.risk.settings import CommonMoveSettings

SETTINGS = CommonMoveSettings(least_merchants=30)
ALIKE = np.zeros(300, dtype=np.int64)


def noise(seed=0, merchants=300, days=20):
    return np.random.default_rng(seed).normal(size=(merchants, days))


def test_a_move_of_everybody_is_taken_off_up_and_down():
    z = noise()
    z[:, 5] += 2
    z[:, 9] -= 3
    found = without_common_moves(z, ALIKE, SETTINGS)
    assert np.median(found, axis=0) == pytest.approx(np.zeros(20), abs=1e-9)


def test_who_falls_while_all_others_rise_is_seen():
    z = noise() - 2
    z[7, -1] = 1.0
    assert without_common_moves(z, ALIKE, SETTINGS)[7, -1] > 2.5


def test_a_scattered_day_is_scaled_back_and_a_calm_one_is_not_blown_up():
    z = noise()
    z[:, 3] *= 4
    z[:, 4] /= 4
    found = without_common_moves(z, ALIKE, SETTINGS)
    assert found[:, 3].std() == pytest.approx(1, abs=0.2)
    assert found[:, 4].std() == pytest.approx(0.25, abs=0.05)


def test_strata_move_by_themselves_and_small_ones_with_all():
    z, strata = noise(), np.repeat([0, 1, 2], [140, 140, 20])
    z[strata == 0, -1] += 2
    found = without_common_moves(z, strata, SETTINGS)
    assert np.median(found[strata == 0, -1]) == pytest.approx(0, abs=1e-9)
    assert -1.5 < np.median(found[strata == 2, -1]) < -0.3  # relative to all, most of whom rose


def test_few_merchants_and_unknown_days_stay_as_they_are():
    z = noise(merchants=10)
    z[3, 4] = np.nan
    found = without_common_moves(z, np.zeros(10, dtype=np.int64), SETTINGS)
    np.testing.assert_array_equal(found, z)
