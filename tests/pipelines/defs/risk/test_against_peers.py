"""Scores against peers from a lake; see pipelines/defs/risk/against_peers.py."""

from __future__ import annotations

import numpy as np

from models.risk.against_peers import AgainstPeersSettings, Compared
from pipelines.defs.risk.against_peers import against_peers
from pipelines.defs.risk.panel import read_merchants
from pipelines.policy import load_profile, load_risk_settings

SETTINGS = AgainstPeersSettings(metrics={"sales.traffic_drop": Compared(of="storefront_visitors")})


def scores(platform, settings: AgainstPeersSettings = SETTINGS) -> dict[str, np.ndarray]:
    day = platform.write()
    risk = load_risk_settings(day.workspace).model_copy(update={"against_peers": settings})
    found = against_peers(day, read_merchants(day), load_profile(day.workspace), risk, 56)
    return {metric: one.scores for metric, one in found.items()}


def place(platform, merchant: int) -> int:
    day = platform.write()
    return read_merchants(day).ids.to_pylist().index(platform.ids[merchant])


def test_a_shop_that_lost_half_of_its_visitors_stands_out_from_its_category(platform):
    platform.columns["storefront_visitors"][:, -7:] *= 0.6  # a quiet week for all
    platform.columns["storefront_visitors"][4, -7:] *= 0.5
    found = scores(platform)["sales.traffic_drop"]
    assert found.shape == (120, 56)
    assert found[:, -1].argmax() == place(platform, 4)
    assert np.median(found[:, -1]) < 1


def test_a_shop_that_said_it_would_be_closed_does_not_stand_out(platform):
    platform.columns["plans_open"] = np.full((120, platform.days), 1.0)
    platform.columns["plans_open"][4, -7:] = 0
    platform.columns["storefront_visitors"][4, -7:] *= 0.05
    assert np.isnan(scores(platform)["sales.traffic_drop"][place(platform, 4), -1])


def test_metrics_that_the_profile_lacks_are_passed_over(platform):
    other = AgainstPeersSettings(metrics={"sales.nothing": Compared(of="sales_units")})
    assert scores(platform, other) == {}
