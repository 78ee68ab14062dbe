"""What a prompt is worth: money at risk by named formulas, times the share that can be recovered.

The idea: every sum names its formula, and the page can say it in words (data/policy/playbook/settings.yaml). Where an
input is not known, so is the money; it is never 0 instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.navigation.settings import PlaybookSettings

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rates:
    """Policy numbers that the formulas use."""

    settings: PlaybookSettings
    sanction_share: float


def _ratio(rows: pd.DataFrame, above: str, below: str) -> Floats:
    """Infinite over nothing, so that a gap counts in full; NaN where both are nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return _column(rows, above) / _column(rows, below)


def _column(rows: pd.DataFrame, name: str) -> Floats:
    return rows[name].to_numpy(dtype=np.float64, na_value=np.nan)


def stock_out(rows: pd.DataFrame, rates: Rates) -> Floats:
    """Forecast of the product over its days without stock in the next 14 days."""
    return _column(rows, "money_at_risk")


def stock_out_all(rows: pd.DataFrame, rates: Rates) -> Floats:
    """Forecast of all products over their days without stock in the next 14 days."""
    return _column(rows, "stock_out_money")


def missed_hours(rows: pd.DataFrame, rates: Rates) -> Floats:
    """Share of the last 28 days without stock, of the product's forecast of 14 days."""
    missed = np.minimum(_column(rows, "hours_out") / (28 * 24), 1.0)
    return missed * 14 * _column(rows, "forecast_daily") * _column(rows, "unit_price")


def event_gap_all(rows: pd.DataFrame, rates: Rates) -> Floats:
    """Units of all products missing for the event, at the prices that are really paid."""
    return _column(rows, "event_gap_money")


def event_gap(rows: pd.DataFrame, rates: Rates) -> Floats:
    """Units missing for the event at the price that is really paid."""
    return _column(rows, "event_shortage") * _column(rows, "unit_price")


def volume_drop(rows: pd.DataFrame, rates: Rates) -> Floats:
    """Forecast before the drop minus the projection, for 14 days.

    The projection carries the observed share of the expected value on.
    """
    lost = 1.0 - _ratio(rows, "observed", "expected")
    before = np.where(
        np.isnan(_column(rows, "gmv_7_expected")), _column(rows, "gmv_14"), 2 * _column(rows, "gmv_7_expected")
    )
    return np.clip(lost, 0.0, 1.0) * before


def limit_breach(rows: pd.DataFrame, rates: Rates) -> Floats:
    """Probability of breach times the 14-day forecast times the share that a sanction costs.

    A metric that is red without a probability (a level, a platform's own arithmetic) has breached.
    """
    probability = _column(rows, "probability_over_limit")
    breached = np.isnan(probability) & (rows["light"] == "red").to_numpy(dtype=bool, na_value=False)
    return np.where(breached, 1.0, probability) * _column(rows, "gmv_14") * rates.sanction_share


def peer_gap(rows: pd.DataFrame, rates: Rates) -> Floats:
    """14-day forecast times the distance to the peers' median (of a share that sales follow in proportion)."""
    gap = np.abs(_ratio(rows, "peer_p50", "observed") - 1.0)
    return np.clip(gap, 0.0, 1.0) * _column(rows, "gmv_14")


def volume_gain(rows: pd.DataFrame, rates: Rates) -> Floats:
    """Sales above the forecast, carried on for 14 days: what stock and people must keep up with."""
    return 2 * np.maximum(_column(rows, "gmv_7") - _column(rows, "gmv_7_expected"), 0.0)


def holding_cost(rows: pd.DataFrame, rates: Rates) -> Floats:
    """Cost of holding the product's surplus for 14 days: all of its stock when dead, else what is in excess."""
    dead = (rows["dead_stock"] == True).to_numpy(dtype=bool, na_value=False)  # noqa: E712 - NULL is neither
    value = np.where(dead, _column(rows, "stock_value"), _column(rows, "excess_value"))
    return value * rates.settings.holding_cost_year * 14 / 365


def holding_cost_all(rows: pd.DataFrame, rates: Rates) -> Floats:
    """Cost of holding the surplus of all products for 14 days."""
    return _column(rows, "surplus_value") * rates.settings.holding_cost_year * 14 / 365


def event_stake(rows: pd.DataFrame, rates: Rates) -> Floats:
    """Forecast of the event's days times the share of it that preparation is assumed to decide."""
    return _column(rows, "event_gmv") * rates.settings.event_stake


def unanswered(rows: pd.DataFrame, rates: Rates) -> Floats:
    """Pre-sale consultations that nobody can take, times the share that buys, times the value of an order."""
    return _column(rows, "sessions_short") * rates.settings.buying_share * _column(rows, "order_value")


def nothing(rows: pd.DataFrame, rates: Rates) -> Floats:
    """No money: praise, feeds, first steps."""
    return np.full(len(rows), np.nan)


FORMULAS: dict[str, Callable[[pd.DataFrame, Rates], Floats]] = {
    "stock_out": stock_out,
    "event_gap": event_gap,
    "stock_out_all": stock_out_all,
    "missed_hours": missed_hours,
    "event_gap_all": event_gap_all,
    "holding_cost_all": holding_cost_all,
    "volume_drop": volume_drop,
    "limit_breach": limit_breach,
    "peer_gap": peer_gap,
    "volume_gain": volume_gain,
    "holding_cost": holding_cost,
    "event_stake": event_stake,
    "unanswered": unanswered,
    "none": nothing,
}

# Columns each formula reads, so that a situation whose table lacks them is refused when it is loaded.
NEEDS: dict[str, frozenset[str]] = {
    "stock_out": frozenset({"money_at_risk"}),
    "event_gap": frozenset({"event_shortage", "unit_price"}),
    "stock_out_all": frozenset({"stock_out_money"}),
    "missed_hours": frozenset({"hours_out", "forecast_daily", "unit_price"}),
    "event_gap_all": frozenset({"event_gap_money"}),
    "holding_cost_all": frozenset({"surplus_value"}),
    "volume_drop": frozenset({"observed", "expected", "gmv_7_expected", "gmv_14"}),
    "limit_breach": frozenset({"probability_over_limit", "light", "gmv_14"}),
    "peer_gap": frozenset({"peer_p50", "observed", "gmv_14"}),
    "volume_gain": frozenset({"gmv_7", "gmv_7_expected"}),
    "holding_cost": frozenset({"dead_stock", "stock_value", "excess_value"}),
    "event_stake": frozenset({"event_gmv"}),
    "unanswered": frozenset({"sessions_short", "order_value"}),
    "none": frozenset(),
}


def money_at_risk(formula: str, rows: pd.DataFrame, rates: Rates) -> Floats:
    """Money at risk of each row by a formula's code; NaN where an input is not known."""
    return FORMULAS[formula](rows, rates)
