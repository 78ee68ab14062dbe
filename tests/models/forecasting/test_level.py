"""The local level: worked numbers, missing days, peers, and nothing from the future."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.forecasting.level import LevelSource, centred_level, days_of_peers

NO_PEERS = np.array([np.nan])


def level_after(values: list[float], half_life: float, factors: list[float] | None = None) -> np.ndarray:
    series = np.array([values])
    source = LevelSource.of(series, np.array([factors or [1.0] * len(values)]), NO_PEERS, 3.0)
    return source.after(np.arange(len(values)), [half_life]).level[0, 0]


def test_a_day_counts_half_after_one_half_life() -> None:
    # After the second day: (8 x 0.5 + 4) / (0.5 + 1) = 16 / 3.
    assert level_after([8.0, 4.0], 1.0)[1] == pytest.approx(16 / 3)


def test_a_missing_day_is_skipped_and_a_zero_is_not() -> None:
    assert level_after([6.0, np.nan], 7.0)[1] == pytest.approx(6.0)
    assert level_after([6.0, 0.0], 7.0)[1] < 6.0


def test_factors_are_divided_out() -> None:
    assert level_after([10.0, 30.0, 20.0], 5.0, [1.0, 3.0, 2.0])[2] == pytest.approx(10.0)


def test_a_day_that_says_little_moves_the_level_little() -> None:
    # (10 + 0.25 x 30) / (1 + 0.25): without half-life the level is the weighted mean.
    says = np.array([[1.0, 0.25]])
    source = LevelSource.of(np.array([[10.0, 30.0]]), np.ones((1, 2)), NO_PEERS, 3.0, says)
    assert source.after(np.array([1]), [1e9]).level[0, 0, 0] == pytest.approx(14.0)


def test_without_days_of_its_own_a_merchant_stands_where_its_peers_do() -> None:
    source = LevelSource.of(np.array([[np.nan, np.nan, 30.0]]), np.ones((1, 3)), np.array([10.0]), peer_days=1.0)
    levels = source.after(np.array([1, 2]), [1e9])
    assert levels.level[0, 0].tolist() == pytest.approx([10.0, 20.0])
    assert levels.peer_share[0, 0].tolist() == pytest.approx([1.0, 0.5])


def test_without_days_and_without_peers_there_is_no_level() -> None:
    levels = LevelSource.of(np.array([[np.nan]]), np.ones((1, 1)), NO_PEERS, 3.0).after(np.array([0]), [7.0])
    assert np.isnan(levels.level[0, 0, 0])


def test_a_gap_does_not_bring_the_peers_back() -> None:
    values = np.full((1, 130), np.nan)
    values[0, :30] = 50.0
    source = LevelSource.of(values, np.ones((1, 130)), np.array([1.0]), 3.0)
    before, after = source.after(np.array([29, 129]), [4.0]).peer_share[0, 0]
    assert 0 < before < 0.02
    assert after <= before


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=30), st.floats(1, 60))
def test_the_level_lies_between_the_smallest_and_the_largest_day(values: list[float], half_life: float) -> None:
    level = level_after(values, half_life)[-1]
    assert min(values) - 1e-6 <= level <= max(values) + 1e-6


@given(st.lists(st.floats(0, 1e6), min_size=10, max_size=20), st.floats(0, 1e6))
def test_later_days_change_no_earlier_level(values: list[float], other: float) -> None:
    changed = [*values[:5], *([other] * (len(values) - 5))]
    np.testing.assert_array_equal(level_after(values, 7.0)[:5], level_after(changed, 7.0)[:5])


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(-1, 60), min_size=1, max_size=8))
def test_levels_of_any_days_are_the_weighted_means_in_plain_numbers(seed: int, columns: list[int]) -> None:
    random = np.random.default_rng(seed)
    values = np.where(random.random((3, 40)) < 0.3, np.nan, random.poisson(5.0, (3, 40)))
    factors, peers = random.uniform(0.5, 2.0, (3, 40)), np.array([4.0, np.nan, 0.5])
    source = LevelSource.of(values, factors, peers, 3.0)
    found = source.after(np.array(columns), [4.0, 28.0])
    for place, column in enumerate(columns):
        for at, half_life in enumerate((4.0, 28.0)):
            weight = np.where(np.arange(40) <= column, 0.5 ** ((column - np.arange(40)) / half_life), 0.0)
            fade = 0.5 ** (np.maximum(column - source.first, 0) / half_life)
            prior = np.where(np.isfinite(peers), 3.0 * fade * (fade >= 1e-4), 0.0)
            total = source.promised @ weight + prior
            with np.errstate(invalid="ignore"):  # NaN where nothing is known and there are no peers
                level, share = (source.sold @ weight + prior * np.nan_to_num(peers)) / total, prior / total
            np.testing.assert_allclose(found.level[at, :, place], level, rtol=1e-9)
            np.testing.assert_allclose(found.peer_share[at, :, place], np.where(total > 0, share, 1.0), rtol=1e-9)


def test_the_centred_level_looks_both_ways_and_needs_enough_days() -> None:
    values = np.array([[2.0, 4.0, 6.0, 8.0, 10.0]])
    use = np.ones_like(values, bool)
    found = centred_level(values, np.ones_like(values), use, window=3, least=3)
    np.testing.assert_allclose(found, [[np.nan, 4.0, 6.0, 8.0, np.nan]])
    use[0, 2] = False
    found = centred_level(values, np.ones_like(values), use, window=3, least=2)
    assert found[0, 2] == pytest.approx(6.0)


def test_peers_count_for_as_long_as_a_day_says_less_than_they_do() -> None:
    unit, peers = np.array([1.0, 1.0, 80.0, 1.0]), np.array([100.0, 0.2, 800.0, np.nan])
    days = days_of_peers(unit, peers, 0.08, 1.0, 3.0)
    np.testing.assert_allclose(days, [0.09, 3.0, 0.18, 3.0])
    np.testing.assert_allclose(days_of_peers(unit[:1], peers[:1], 0.08, 0.5, 3.0), 0.36)
