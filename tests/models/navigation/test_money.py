"""The formulas of money, each on a row one can compute by head."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from models.navigation.money import FORMULAS, NEEDS, Rates, money_at_risk
from models.navigation.settings import PlaybookSettings
from models.navigation.sources import COLUMNS, MERCHANT_COLUMNS


@pytest.mark.parametrize(
    ("formula", "row", "expected"),
    [
        ("stock_out", {"money_at_risk": 90.0}, 90),
        ("event_gap", {"event_shortage": 480.0, "unit_price": 50.0}, 24000),
        ("volume_drop", {"observed": 60.0, "expected": 100.0, "gmv_7_expected": 500.0, "gmv_14": 1.0}, 400),
        ("volume_drop", {"observed": 60.0, "expected": 100.0, "gmv_7_expected": np.nan, "gmv_14": 900.0}, 360),
        ("volume_drop", {"observed": 120.0, "expected": 100.0, "gmv_7_expected": 500.0, "gmv_14": 1.0}, 0),
        ("limit_breach", {"probability_over_limit": 0.8, "light": "amber", "gmv_14": 1000.0}, 240),
        ("limit_breach", {"probability_over_limit": np.nan, "light": "red", "gmv_14": 1000.0}, 300),
        ("limit_breach", {"probability_over_limit": np.nan, "light": "amber", "gmv_14": 1000.0}, None),
        ("peer_gap", {"peer_p50": 0.05, "observed": 0.04, "gmv_14": 1000.0}, 250),
        ("peer_gap", {"peer_p50": 0.05, "observed": 0.0, "gmv_14": 1000.0}, 1000),
        ("peer_gap", {"peer_p50": 0.0, "observed": 0.0, "gmv_14": 1000.0}, None),
        ("volume_gain", {"gmv_7": 700.0, "gmv_7_expected": 500.0}, 400),
        ("holding_cost", {"dead_stock": True, "stock_value": 1000.0, "excess_value": 10.0}, 14),
        ("holding_cost", {"dead_stock": False, "stock_value": 1000.0, "excess_value": 100.0}, 1.4),
        ("holding_cost", {"dead_stock": None, "stock_value": 1000.0, "excess_value": np.nan}, None),
        ("event_stake", {"event_gmv": 5000.0}, 100),
        ("unanswered", {"sessions_short": 50.0, "order_value": 200.0}, 1000),
        ("stock_out_all", {"stock_out_money": 70.0}, 70),
        ("missed_hours", {"hours_out": 67.2, "forecast_daily": 10.0, "unit_price": 5.0}, 70),
        ("event_gap_all", {"event_gap_money": 80.0}, 80),
        ("holding_cost_all", {"surplus_value": 1000.0}, 14),
        ("none", {"light": "red"}, None),
    ],
)
def test_formulas(formula: str, row: dict[str, Any], expected: float | None, settings: PlaybookSettings) -> None:
    found = money_at_risk(formula, pd.DataFrame([row]), Rates(settings, sanction_share=0.3))[0]
    assert np.isnan(found) if expected is None else found == pytest.approx(expected)


def test_every_formula_says_what_it_needs() -> None:
    assert set(FORMULAS) == set(NEEDS)
    known = MERCHANT_COLUMNS.union(*COLUMNS.values())
    assert frozenset().union(*NEEDS.values()) <= known
