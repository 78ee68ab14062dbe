"""The sample does not depend on blocks or order, prefers larger merchants, and is everybody on a small platform."""

from __future__ import annotations

import numpy as np

from models.forecasting.sample import MerchantSample

MERCHANTS = 300


def chosen(panels, size: int) -> list[str]:
    sample = MerchantSample(size)
    for panel in panels:
        sample.add(panel)
    return list(sample.panel().merchants)


def test_neither_blocks_nor_order_change_who_is_chosen(make_panel, counts) -> None:
    values = counts(MERCHANTS, 70)
    values[:5] = np.nan
    names = np.array([f"m{place}" for place in range(MERCHANTS)], dtype=object)
    order = np.random.default_rng(3).permutation(MERCHANTS)
    whole = chosen([make_panel({"orders": values}, names=names)], 50)
    parts = [make_panel({"orders": values[part]}, names=names[part]) for part in np.array_split(order, 7)]
    assert chosen(parts, 50) == whole == sorted(whole)
    assert len(whole) == 50


def test_the_rows_are_those_of_the_merchants(make_panel, counts) -> None:
    values = counts(MERCHANTS, 70)
    names = np.array([f"m{place}" for place in range(MERCHANTS)], dtype=object)
    sample = MerchantSample(20)
    for part in np.array_split(np.arange(MERCHANTS), 5):
        sample.add(make_panel({"orders": values[part]}, names=names[part]))
    panel = sample.panel()
    place = [int(name[1:]) for name in panel.merchants]
    np.testing.assert_array_equal(panel.values["orders"], values[place])
    assert panel.open.shape == (20, 98)


def test_larger_merchants_are_more_likely(make_panel) -> None:
    values = np.ones((MERCHANTS, 70))
    values[: MERCHANTS // 2] = 100.0
    found = chosen([make_panel({"orders": values})], 60)
    large = sum(int(name[1:]) < MERCHANTS // 2 for name in found)
    assert 45 <= large < 60


def test_a_small_platform_is_its_own_sample(make_panel, counts) -> None:
    assert len(chosen([make_panel({"orders": counts(7, 30)})], 50)) == 7
    assert MerchantSample(5).panel() is None
