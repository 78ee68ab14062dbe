"""Cells are sums: they add up over blocks, and weigh merchants by what they can say."""

from __future__ import annotations

import numpy as np
import pytest

from models.forecasting.cells import DayCells, block_cells, merchant_weight


def cells(values: np.ndarray, scope: np.ndarray) -> DayCells:
    ones = np.ones_like(values)
    return block_cells(values, ones, ones.astype(bool), scope, np.zeros(values.shape, np.int8), 2, window=15)


def test_blocks_add_up_to_the_whole(counts) -> None:
    values, scope = counts(12, 60), np.arange(12) % 2
    whole, parts = cells(values, scope), DayCells.empty(2, 60)
    for block in (slice(0, 5), slice(5, 12)):
        parts.add(cells(values[block], scope[block]))
    np.testing.assert_allclose(parts.sold, whole.sold, rtol=1e-12)
    np.testing.assert_allclose(parts.promised, whole.promised, rtol=1e-12)
    np.testing.assert_allclose(parts.grown, whole.grown, rtol=1e-12)


def test_what_was_promised_is_about_what_was_sold(counts) -> None:
    made = cells(counts(50, 84), np.zeros(50, np.int64))
    assert made.sold.sum() == pytest.approx(made.promised.sum(), rel=0.01)


def test_a_missing_day_enters_neither_sum(counts) -> None:
    values = counts(1, 30)
    values[0, 10] = np.nan
    made = cells(values, np.zeros(1, np.int64))
    assert made.sold[0, 0, 10] == made.promised[0, 0, 10] == 0.0


def test_a_wild_merchant_weighs_less_than_a_steady_one() -> None:
    values = np.array([[10.0, 10.0, 12.0, 8.0], [0.0, 40.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    steady, wild, silent = merchant_weight(values, np.full_like(values, 10.0), np.ones_like(values, bool))
    assert steady == pytest.approx(10 / 2)  # mean 10, variance (0 + 0 + 4 + 4) / 4
    assert wild < steady / 50
    assert silent == 0.0
