"""Newcomers are taken to be like the newcomers before them."""

from __future__ import annotations

import numpy as np
import pytest

from models.forecasting.peers import PeerLevels, block_peers


def test_without_newcomers_the_lower_quartile_of_the_category_speaks() -> None:
    random = np.random.default_rng(2)
    levels = np.exp(random.normal(3, 1, 4000))
    values = np.tile(levels[:, None], (1, 40))
    peers = block_peers(values, np.ones_like(values), np.zeros(4000, np.int64), 1)
    assert peers.newcomer()[0] == pytest.approx(np.quantile(levels, 0.25), rel=0.08)


def test_many_newcomers_outweigh_the_guess() -> None:
    old = np.full((20, 120), 100.0)
    young = np.full((200, 120), np.nan)
    young[:, 60:] = 8.0
    values = np.concatenate([old, young])
    peers = block_peers(values, np.ones_like(values), np.zeros(220, np.int64), 1)
    assert peers.count[1, 0] == 200
    assert peers.newcomer()[0] == pytest.approx(8.0, rel=0.05)


def test_a_category_where_nobody_sells_takes_the_platforms_level() -> None:
    values = np.full((5, 40), 12.0)
    peers = block_peers(values, np.ones_like(values), np.zeros(5, np.int64), 2)
    assert peers.newcomer()[1] == pytest.approx(12.0)


def test_a_platform_without_sales_has_no_level() -> None:
    assert np.isnan(PeerLevels.empty(1).newcomer()[0])


def test_blocks_add_up() -> None:
    values, scope = np.random.default_rng(1).gamma(3, 5, (10, 60)), np.arange(10) % 2
    whole, parts = block_peers(values, np.ones_like(values), scope, 2), PeerLevels.empty(2)
    for block in (slice(0, 4), slice(4, 10)):
        parts.add(block_peers(values[block], np.ones_like(values[block]), scope[block], 2))
    np.testing.assert_allclose(parts.newcomer(), whole.newcomer(), rtol=1e-12)
