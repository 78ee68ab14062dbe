"""How much last year's errors count, and counts of errors made smaller."""

from __future__ import annotations

import numpy as np
import pytest

from models.forecasting.calibration import BINS, LEVELS, ErrorCells, ErrorCounts, calibrate, quantiles_of
from models.forecasting.policy import ForecastPolicy
from models.forecasting.rolling import Origins
from models.forecasting.season import season_share, shrunk

POLICY = ForecastPolicy()
KNOWN = 500
YEAR_AGO = KNOWN - 364
LAST_YEAR = (YEAR_AGO, YEAR_AGO - 7, YEAR_AGO - 14)  # newest first, as the recent ones
ORIGINS = Origins(KNOWN, (KNOWN - 7, KNOWN - 14, KNOWN - 21, *LAST_YEAR), (KNOWN,), LAST_YEAR)
USABLE = ORIGINS.usable(KNOWN, POLICY)


def sd(counts: np.ndarray) -> np.ndarray:
    ends = quantiles_of(counts, np.broadcast_to([0.1, 0.9], (*counts.shape[:-1], 2)))
    return ends[..., 1] - ends[..., 0]


def counted(spreads: list[float], errors: int = 20_000, group: int = 1) -> ErrorCounts:
    counts = ErrorCounts.empty(len(spreads), POLICY)
    z = np.random.default_rng(3).standard_normal(errors)
    for origin, spread in enumerate(spreads):
        cells = ErrorCells.of(np.full(errors, 2), np.full(errors, group), np.zeros(errors, np.int64))
        counts.count(origin, cells, spread * z)
    return counts


def share(counts: ErrorCounts, **settings: float) -> float:
    policy = POLICY.calibration.model_copy(update=settings)
    return season_share(counts.bins, sd, USABLE, ORIGINS, policy)


def test_ordinary_days_that_were_further_off_then_make_the_season_count_less() -> None:
    counts = counted([0.6, 0.6, 0.6, 5.0, 1.0, 1.0])  # the season itself is wide, and is not asked
    assert share(counts, season_own=1.0) == pytest.approx(0.6, rel=0.02)
    assert share(counts) == pytest.approx((0.6 * 0.95) ** 0.5, rel=0.02)
    assert share(counts, season_own=0.0) == pytest.approx(0.95)


def test_the_share_is_never_above_the_one_of_the_policy() -> None:
    assert share(counted([2.0, 2.0, 2.0, 1.0, 1.0, 1.0])) == 0.95


def test_few_errors_tell_nothing() -> None:
    assert share(counted([0.1, 0.1, 0.1, 1.0, 1.0, 1.0], errors=600)) == 0.95


def test_errors_that_had_not_been_seen_tell_nothing() -> None:
    usable = USABLE.copy()
    usable[:3] = False
    found = season_share(counted([0.1, 0.1, 0.1, 1.0, 1.0, 1.0]).bins, sd, usable, ORIGINS, POLICY.calibration)
    assert found == 0.95


def test_only_the_newest_windows_that_were_seen_are_asked() -> None:
    origins = Origins(KNOWN, (*(KNOWN - 7 * back for back in range(1, 5)), *LAST_YEAR), (KNOWN,), LAST_YEAR)
    counts = counted([0.6, 0.6, 0.6, 4.0, 1.0, 1.0, 1.0])
    policy = POLICY.calibration.model_copy(update={"season_own": 1.0})
    found = season_share(counts.bins, sd, origins.usable(KNOWN, POLICY), origins, policy)
    assert found == pytest.approx(0.6, rel=0.02)


def test_shrunk_errors_are_as_many_and_smaller() -> None:
    z = np.random.default_rng(1).standard_t(4, 100_000)
    bins = counted([1.0]).bins[0].astype(float)
    assert shrunk(bins, 1.0) == pytest.approx(bins)
    edges = np.linspace(-12, 12, BINS + 1)
    counts = np.histogram(np.clip(z, -11.99, 11.99), edges)[0].astype(float)
    smaller = shrunk(counts, 0.7)
    assert smaller.sum() == pytest.approx(counts.sum())
    found = quantiles_of(smaller[None], LEVELS[None])[0]
    np.testing.assert_allclose(found, 0.7 * np.quantile(z, LEVELS), atol=0.02)


def test_intervals_of_a_season_follow_the_share() -> None:
    half_life = np.full(5, POLICY.level.default_position)
    usual = np.zeros(KNOWN + 28)
    season = Origins(KNOWN, LAST_YEAR, (KNOWN,), LAST_YEAR)
    counts = counted([1.0, 1.0, 1.0], errors=50_000)
    found = calibrate(counts, half_life, season, KNOWN, usual, POLICY).z[2, 1, 0]  # nothing newer to compare with: .95
    np.testing.assert_allclose(
        found, 0.95 * np.quantile(np.random.default_rng(3).standard_normal(50_000), LEVELS), atol=0.04
    )
