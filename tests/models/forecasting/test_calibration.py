"""Half-lives and quantiles read from counted errors."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from models.forecasting.calibration import LEVELS, ErrorCells, ErrorCounts, HalfLifeErrors, calibrate, quantiles_of
from models.forecasting.policy import ForecastPolicy
from models.forecasting.rolling import Origins

POLICY = ForecastPolicy()
KNOWN = 400  # far enough after the one origin that all of its errors have been seen
USUAL = np.zeros(KNOWN + 28)
ONE = Origins(KNOWN, (300,), (KNOWN, 300))
DEFAULT = POLICY.level.default_position
HALF_LIFE = np.full(5, DEFAULT)


def counted(z: np.ndarray, stratum: int = 2, group: int = 0, event: int = 0) -> ErrorCounts:
    counts = ErrorCounts.empty(1, POLICY)
    count(counts, 0, z, stratum, group, event)
    return counts


def count(counts: ErrorCounts, origin: int, z: np.ndarray, stratum: int = 2, group: int = 0, event: int = 0) -> None:
    cells = ErrorCells.of(np.full(len(z), stratum), np.full(len(z), group), np.full(len(z), event))
    counts.count(origin, cells, z)


def read(counts: ErrorCounts, origins: Origins = ONE, known: int = 328, policy: ForecastPolicy = POLICY) -> np.ndarray:
    return calibrate(counts, HALF_LIFE, origins, known, USUAL, policy).z


def policy_with(**settings: float) -> ForecastPolicy:
    return ForecastPolicy.model_validate({"calibration": settings})


def test_quantiles_of_many_errors_are_those_of_the_errors() -> None:
    z = np.random.default_rng(1).standard_t(5, 200_000)
    np.testing.assert_allclose(read(counted(z))[2, 0, 0], np.quantile(z, LEVELS), atol=0.03)


def test_quantiles_at_levels_are_linear_inside_a_bin() -> None:
    counts = np.zeros((1, 600))
    counts[0, 300] = 4.0  # the bin from 0 to 0.04
    found = quantiles_of(counts, np.array([[0.25, 0.5, 0.75]]))
    np.testing.assert_allclose(found, [[0.01, 0.02, 0.03]])


def test_without_errors_the_built_in_spread_speaks() -> None:
    found = calibrate(ErrorCounts.empty(1, POLICY), HALF_LIFE, ONE, 328, USUAL, POLICY)
    np.testing.assert_allclose(found.z[0, 0, 0], norm.ppf(LEVELS), atol=0.03)
    assert (np.diff(found.spread[0, :5]) > 0).all()  # further ahead is less certain


def test_a_stratum_without_errors_borrows_from_the_others() -> None:
    z = 2.0 * np.random.default_rng(1).standard_normal(50_000)
    assert read(counted(z, stratum=2))[4, 0, 0, 6] == pytest.approx(2 * 1.96, rel=0.05)


def test_event_days_without_errors_of_their_own_take_those_of_ordinary_days() -> None:
    z = np.random.default_rng(1).standard_normal(50_000)
    found = read(counted(z))[2, 0]
    np.testing.assert_allclose(found[1], found[0], atol=0.02)


def test_newer_origins_count_for_more() -> None:
    origins = Origins(KNOWN, (364, 252), (KNOWN, 364, 252))
    counts = ErrorCounts.empty(2, POLICY)
    normal = np.random.default_rng(1).standard_normal(40_000)
    count(counts, 0, 2.0 * normal)
    count(counts, 1, normal)
    found = read(counts, origins, KNOWN)[2, 0, 0]
    equal = np.quantile(np.concatenate([normal, 2.0 * normal]), LEVELS)
    assert equal[6] + 0.2 < found[6] < 2.0 * 1.96


def test_errors_of_last_years_season_count_as_if_they_were_new() -> None:
    counts = ErrorCounts.empty(2, POLICY)
    normal = np.random.default_rng(1).standard_normal(40_000)
    count(counts, 0, normal)
    count(counts, 1, 3.0 * normal)
    old = read(counts, Origins(KNOWN, (372, 36), (KNOWN,)), KNOWN)[2, 0, 0]
    given = policy_with(season_own=0.0)
    season = read(counts, Origins(KNOWN, (372, 36), (KNOWN,), last_year=(36,)), KNOWN, given)[2, 0, 0]
    np.testing.assert_allclose(old[6], 1.96, atol=0.06)
    # the newer origin is four weeks old, and counts half; a year ago models knew less (season_share)
    season_errors = POLICY.calibration.season_share * 3.0 * normal
    both = np.concatenate([normal, season_errors, season_errors])
    np.testing.assert_allclose(season, np.quantile(both, LEVELS), atol=0.06)


def test_the_usual_spread_knows_no_season() -> None:
    counts = ErrorCounts.empty(2, POLICY)
    normal = np.random.default_rng(1).standard_normal(40_000)
    count(counts, 0, normal)
    count(counts, 1, 3.0 * normal)
    origins = Origins(KNOWN, (372, 36), (KNOWN,), last_year=(36,))
    found = calibrate(counts, HALF_LIFE, origins, KNOWN, USUAL, POLICY)
    assert found.spread[2, 0] == pytest.approx(1.0, rel=0.05)


def test_windows_like_the_one_ahead_count_for_more() -> None:
    origins = Origins(KNOWN, (364, 363), (KNOWN, 364, 363))
    counts = ErrorCounts.empty(2, POLICY)
    normal = np.random.default_rng(1).standard_normal(40_000)
    count(counts, 0, 2.0 * normal)
    count(counts, 1, normal)
    unusual = np.zeros(KNOWN + 28)
    unusual[364] = 1.0  # the first day of the newer window, which is the second day of the older one
    strict = policy_with(unlike=0.1)
    ordinary = calibrate(counts, HALF_LIFE, origins, KNOWN, unusual, strict).z[2, 0, 0]
    unusual[KNOWN] = 1.0  # tomorrow is such a day as well
    like = calibrate(counts, HALF_LIFE, origins, KNOWN, unusual, strict).z[2, 0, 0]
    np.testing.assert_allclose(ordinary[6], 1.96, atol=0.06)
    np.testing.assert_allclose(like[6], 2 * 1.96, atol=0.12)


def test_the_usual_spread_is_that_of_ordinary_days_whatever_lies_ahead() -> None:
    z = 0.25 * np.random.default_rng(1).standard_normal(40_000)
    unusual = np.zeros(KNOWN + 28)
    unusual[328] = 1.0  # tomorrow is a holiday, and no origin had one ahead
    found = calibrate(counted(z), HALF_LIFE, ONE, 328, unusual, POLICY)
    assert found.spread[2, 0] == pytest.approx(0.25, rel=0.05)


def test_the_half_life_with_the_smallest_errors_serves_its_stratum_only() -> None:
    errors = HalfLifeErrors.empty(1, POLICY)
    cells = ErrorCells.of(np.full(1000, 2), np.zeros(1000, int), np.zeros(1000, int))
    errors.count(0, cells, 1.0 + np.abs(np.arange(5) - 4.0)[:, None] * np.ones(1000))
    found = errors.best(ONE.usable(328, POLICY), POLICY)
    assert found.tolist() == [DEFAULT, DEFAULT, 4, DEFAULT, DEFAULT]
    assert errors.best(ONE.usable(300, POLICY), POLICY).tolist() == [DEFAULT] * 5  # not known yet


def test_a_day_that_one_half_life_cannot_say_is_not_compared() -> None:
    errors = HalfLifeErrors.empty(1, POLICY)
    cells = ErrorCells.of(np.full(2, 2), np.zeros(2, int), np.zeros(2, int))
    missed = np.ones((5, 2))
    missed[0, 1] = np.nan
    errors.count(0, cells, missed)
    assert errors.pairs.sum() == 1
    assert errors.absolute.sum() == 5


def test_errors_that_were_not_known_yet_are_not_used() -> None:
    assert read(counted(3.0 + np.zeros(10_000)), known=300)[2, 0, 0, 3] == pytest.approx(0.0, abs=0.05)


def test_nan_is_left_out_and_the_farthest_go_into_the_last_bin() -> None:
    counts = counted(np.array([0.0, np.nan, 99.0]))
    assert counts.bins.sum() == 2
    assert counts.bins[..., -1].sum() == 1
