"""Orders: reorder point, order-up-to level, quantity and the last good day, for all products at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.replenishment.demand import Demand
from models.replenishment.formulas import order_quantity, safety_stock
from models.replenishment.inputs import Columns, where_known
from models.replenishment.state import State

Floats = NDArray[np.float64]


def orders(state: State, service_level: Floats, event_shortage: Floats) -> Columns:
    """What to order now, and when at the latest.

    Parameters
    ----------
    state : State
        n products.
    service_level : (n,) array
        Probability of lasting until the next receipt.
    event_shortage : (n,) array
        Units missing for the next event; NaN where none is near.

    Returns
    -------
    dict of (n,) arrays
        Columns of the plan; `order_in_days` is the last good day to order, 0 = at once, NaN = not within the forecast.
    """
    demand, supply = state.demand, state.supply
    position = state.free + state.inbound
    protected = supply.lead_time + supply.review_period
    lead_demand, demand_protected = demand.until(supply.lead_time), demand.until(protected)
    until_receipt = safety_stock(
        service_level, _rate(lead_demand, supply.lead_time), demand.sd_until(supply.lead_time), supply.lead_time_sd
    )
    safety = safety_stock(
        service_level, _rate(demand_protected, protected), demand.sd_until(protected), supply.lead_time_sd
    )
    order_up_to = demand_protected + safety
    days_left = _days_until_order(position, until_receipt, demand, supply.lead_time)
    # An event that starts before an order of the next review could arrive is ordered for now.
    event_now = np.where(state.column("event_start_day") <= protected, np.nan_to_num(event_shortage), 0.0)
    needed = np.maximum(np.where(days_left <= 0, order_up_to - position, 0.0), event_now)
    needed = np.where(np.isnan(position) | np.isnan(order_up_to), np.nan, needed)
    most = np.maximum(demand.until(supply.longest_cover) - position, event_now)
    quantity = order_quantity(needed, supply.multiple, supply.minimum, most)
    return {
        "inventory_position": position,
        "demand_lead_review": demand_protected,
        "safety_stock": safety,
        "reorder_point": lead_demand + until_receipt,
        "order_up_to": order_up_to,
        "order_qty": quantity,
        "minimum_too_large": where_known((needed > 0) & (quantity == 0), ~np.isnan(quantity)),
        "order_in_days": np.where(quantity > 0, 0.0, days_left),
    }


def _rate(total: Floats, days: Floats) -> Floats:
    return np.where(days > 0, total / np.where(days > 0, days, 1.0), 0.0)


def _days_until_order(position: Floats, safety: Floats, demand: Demand, lead_time: Floats) -> Floats:
    """Days until position no longer lasts through the lead time; NaN where that is beyond the forecast."""
    ahead = lead_time[:, None] + np.arange(demand.days + 1)[None, :]
    reached = demand.until(ahead) + safety[:, None] >= position[:, None]
    # With no demand at all an empty shelf is no reason to order.
    reached &= demand.total[:, -1:] > 0
    return np.where(reached.any(axis=1), reached.argmax(axis=1).astype(np.float64), np.nan)
