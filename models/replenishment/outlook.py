"""What happens if nothing is done: running out, sales lost, stock that is too much."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.replenishment.inputs import Columns, where_known
from models.replenishment.state import State
from models.replenishment.stock_out import by_each_day, first_day, out_on_each_day

Floats = NDArray[np.float64]
EARLY, MEDIAN, LATE = 0.1, 0.5, 0.9


def running_out(state: State) -> Columns:
    """Probabilities and days of running out, and the sales that would be lost; (n,) arrays.

    `money_at_risk` is the forecast of the days ahead times the probability of having no stock on each, at the price
    that is really paid: the "stock_out" formula of docs/guide/analyst.md.
    """
    demand = state.demand
    days = min(state.policy.risk_days, demand.days)
    out = out_on_each_day(state.free, state.receipts, demand.total[:, 1:], demand.total_sd[:, 1:])
    out = np.where(np.isnan(state.free)[:, None], np.nan, out)
    by_day = by_each_day(out)
    already = state.free <= 0
    # Stock that lasts until some hour of a day loses part of the day: half-way between the evenings around it.
    evenings = np.concatenate([already[:, None].astype(np.float64), out], axis=1)
    lost = ((evenings[:, :-1] + evenings[:, 1:]) / 2 * demand.mean)[:, :days].sum(axis=1)
    return {
        "p_stock_out_14": by_day[:, days - 1],
        "p_stock_out_before_receipt": _before_receipt(state),
        "expected_lost_units": lost,
        "money_at_risk": lost * state.column("unit_price"),
        "stock_out_in_days": np.where(already, 0.0, first_day(by_day, MEDIAN)),
        "stock_out_early_in_days": np.where(already, 0.0, first_day(by_day, EARLY)),
        "stock_out_late_in_days": np.where(already, 0.0, first_day(by_day, LATE)),
    }


def _before_receipt(state: State) -> Floats:
    """Probability of running out before the next possible receipt: what is on the way, or an order of today.

    Nothing arrives before the next receipt, so each day it may come asks only whether demand has used up the stock on
    the evening before.
    """
    of_today = np.ceil(state.supply.lead_time)[:, None]
    before = np.clip(np.fmin(of_today, state.arrivals) - 1, 0, state.demand.days).astype(np.int64)
    rows = np.arange(len(before))[:, None]
    out = out_on_each_day(
        state.free, np.zeros(before.shape), state.demand.total[rows, before], state.demand.total_sd[rows, before]
    )
    possible = ~np.isnan(state.arrivals)
    possible[:, 0] = True
    return np.average(out, axis=1, weights=possible)


def stock_figures(state: State) -> Columns:
    """Cover, excess, value and dead stock; (n,) arrays. A unit without a cost is valued at its price."""
    on_hand, cost = state.column("on_hand"), state.column("unit_cost")
    free = np.maximum(state.free, 0.0)
    idle = np.fmin(state.column("listed_days"), state.column("days_since_sale"))
    four_weeks = state.demand.until(np.full(len(free), 28.0))
    return {
        "days_of_cover": state.demand.days_covered(free, state.policy.longest_cover_days),
        "excess_units": np.maximum(free - state.demand.until(np.full(len(free), state.policy.excess_days)), 0.0),
        "stock_value": on_hand * np.where(np.isnan(cost), state.column("unit_price"), cost),
        "dead_stock": where_known((on_hand > 0) & (idle >= state.policy.dead_days), ~np.isnan(on_hand)),
        "forecast_28": four_weeks,
        "forecast_daily": four_weeks / 28.0,
    }
