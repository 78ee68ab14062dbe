"""Half-lives and quantiles read from counted errors."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from models.forecasting.calibration import LEVELS, ErrorCells, ErrorCounts, calibrate
from models.forecasting.policy import ForecastPolicy

POLICY = ForecastPolicy()
ALL = np.ones((1, 8), dtype=bool)
DEFAULT = POLICY.level.default_position


def counted(z: np.ndarray, stratum: int = 2, group: int = 0, event: int = 0) -> ErrorCounts:
    counts = ErrorCounts.empty(1, POLICY)
    cells = ErrorCells.of(np.full(len(z), stratum), np.full(len(z), group), np.full(len(z), event))
    for half_life in range(len(POLICY.level.half_lives)):
        counts.count(0, half_life, cells, z)
        counts.count_absolute(0, half_life, cells, np.full(len(z), 1.0 + abs(half_life - 4)))
    return counts


def test_quantiles_of_many_errors_are_those_of_the_errors() -> None:
    z = np.random.default_rng(1).standard_t(5, 200_000)
    found = calibrate(counted(z), ALL, POLICY).z[2, 0, 0]
    np.testing.assert_allclose(found, np.quantile(z, LEVELS), atol=0.03)


def test_without_errors_the_built_in_spread_speaks() -> None:
    found = calibrate(ErrorCounts.empty(1, POLICY), ALL, POLICY)
    np.testing.assert_allclose(found.z[0, 0, 0], norm.ppf(LEVELS), atol=0.03)
    assert found.half_life.tolist() == [DEFAULT] * 5
    assert (np.diff(found.spread[0, :5]) > 0).all()  # further ahead is less certain


def test_a_stratum_without_errors_borrows_from_the_others() -> None:
    z = 2.0 * np.random.default_rng(1).standard_normal(50_000)
    found = calibrate(counted(z, stratum=2), ALL, POLICY)
    assert found.z[4, 0, 0, 6] == pytest.approx(2 * 1.96, rel=0.05)


def test_event_days_without_errors_of_their_own_take_those_of_ordinary_days() -> None:
    z = np.random.default_rng(1).standard_normal(50_000)
    found = calibrate(counted(z), ALL, POLICY).z[2, 0]
    np.testing.assert_allclose(found[1], found[0], atol=0.02)


def test_the_half_life_with_the_smallest_errors_serves_its_stratum_only() -> None:
    found = calibrate(counted(np.zeros(1000)), ALL, POLICY)
    assert found.half_life[2] == 4
    assert found.half_life[0] == DEFAULT


def test_errors_that_were_not_known_yet_are_not_used() -> None:
    counts = counted(3.0 + np.zeros(10_000))
    found = calibrate(counts, np.zeros((1, 8), bool), POLICY)
    assert found.z[2, 0, 0, 3] == pytest.approx(0.0, abs=0.05)
    assert found.half_life[2] == DEFAULT


def test_counts_add_up_and_nan_is_left_out() -> None:
    counts = counted(np.array([0.0, np.nan, 99.0]))
    assert counts.bins[0, 0].sum() == 2
    counts.add(counted(np.array([1.0])))
    assert counts.bins[0, 0].sum() == 3
