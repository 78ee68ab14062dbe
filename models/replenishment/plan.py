"""The replenishment plan: periodic review with order-up-to levels, for all products of a block at once.

The idea: stock counts what is on the way (else every day would order again), demand is the forecast's own path (so an
event inside the lead time is covered), and the last good day to order is the day on which stock and inbound together
no longer last through the lead time. Where the stock is not known, nothing is guessed.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.replenishment.classes import service_level, value_class, variability
from models.replenishment.demand import Demand
from models.replenishment.events import event_figures
from models.replenishment.inputs import Columns, column, supply_of
from models.replenishment.orders import orders
from models.replenishment.outlook import running_out, stock_figures
from models.replenishment.policy import ReplenishmentPolicy
from models.replenishment.state import State

Floats = NDArray[np.float64]
PASSED_ON = ("merchant_id", "sku_id", "sku_name", "on_hand", "reserved", "unit_cost", "unit_price", "listed_days",
             "days_since_sale", "inbound_late_days", "inbound_late_units", "inbound_later",
             "event_id", "hours_out")  # fmt: skip
# Columns that count days from today until they become dates.
DATES = {
    "stock_out_on": "stock_out_in_days",
    "stock_out_on_early": "stock_out_early_in_days",
    "stock_out_on_late": "stock_out_late_in_days",
    "order_by": "order_in_days",
    "next_receipt_on": "next_receipt_day",
    "event_starts_on": "event_start_day",
}


def make_plan(
    products: pd.DataFrame, mean: Floats, sd: Floats, receipts: Floats, arrivals: Floats, as_of: date,
    policy: ReplenishmentPolicy,
) -> pd.DataFrame:  # fmt: skip
    """Plan the stock of n products.

    Parameters
    ----------
    products : DataFrame of n rows
        State and supply of each product (see `pipelines/defs/navigation/products.sql`).
    mean, sd : (n, h) arrays
        Daily forecast of units and its standard deviation; rows of NaN where there is none.
    receipts : (n, h) array
        Units on the way by the day on which they are expected, day 1 ... h; later ones in `inbound_later`.
    arrivals : (n, k) array
        Days on which the next receipt may come, as likely as each other; NaN where there are fewer or none.
    as_of : date
        Last day whose data are known; day 1 is the next one.
    policy : ReplenishmentPolicy

    Returns
    -------
    DataFrame
        One row per product with the columns of the table `replenishment_plan`.
    """
    free = column(products, "on_hand") - np.nan_to_num(column(products, "reserved"))
    demand = Demand(mean, least_spread(mean, sd, policy.least_dispersion), policy.error_correlation)
    state = State(products, free, receipts, arrivals, demand, supply_of(products, policy.defaults), policy)
    classes = _classes(state)
    event = event_figures(
        state.free, receipts, state.demand, state.column("event_start_day"), state.column("event_end_day"),
        policy.event_quantile,
    )  # fmt: skip
    columns: Columns = {name: products[name].to_numpy() for name in PASSED_ON}
    inbound = np.where(products["inbound_known"].to_numpy(dtype=bool), state.inbound, np.nan)
    columns |= {"inbound": inbound, "event_start_day": state.column("event_start_day")}
    columns |= {"next_receipt_day": state.column("next_receipt_day")} | classes | event
    columns |= orders(state, np.asarray(classes["service_level"], dtype=np.float64), event["event_shortage"])
    columns |= running_out(state) | stock_figures(state)
    plan = pd.DataFrame(columns).assign(
        lead_time_days=state.supply.lead_time,
        review_period_days=state.supply.review_period,
        assumed=state.supply.assumed,
        as_of=as_of,
    )
    return _with_dates(plan, as_of)


def least_spread(mean: Floats, sd: Floats, dispersion: float) -> Floats:
    """Standard deviation of a day, at least that of counts: quantiles of rare sales are 0 and know no doubt."""
    return np.maximum(np.nan_to_num(sd), np.sqrt(dispersion * np.maximum(mean, 0.0)))


def _classes(state: State) -> Columns:
    group = pd.factorize(state.products["merchant_id"])[0].astype(np.int64)
    values = value_class(group, state.column("value"), state.policy.classes)
    steadiness = variability(state.column("weekly_cv"), state.policy.classes)
    level = service_level(values, steadiness, state.policy)
    return {"class": values.astype(object), "variability": steadiness.astype(object), "service_level": level}


def _with_dates(plan: pd.DataFrame, as_of: date) -> pd.DataFrame:
    for name, days in DATES.items():
        plan[name] = pd.Timestamp(as_of) + pd.to_timedelta(plan.pop(days), unit="D")
    late = plan["next_receipt_on"] > plan["stock_out_on"]
    plan["lands_after_stock_out"] = late.astype(object).where(plan["on_hand"].notna(), None)
    return plan
