"""What the rest of the business chain shows before sales fall: visitors, conversion, dispatch, refunds, reviews, stock.

The idea: trouble runs down the chain, so the links above sales move first. Rates are drawn towards a usual value by
some pseudo-orders, and windows of feeds that mature end a few days back, on today as on every day learned from, so that
today's unripe days look no different from ripe ones of the past. A feed that a merchant lacks leaves NaN.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.risk.outlook.feature import Feature, log_ratio
from models.risk.outlook.history import UNITS, FloatArray, History

WEEK, MONTH = 7, 28
USUAL_STARS, STARS_WEIGHT = 4.7, 10.0


class RateOfChain(NamedTuple):
    """A rate of bad events: its columns, the days its window ends before today, and pseudo-orders that steady it."""

    name: str
    bad: str
    total: str
    lag: int
    weight: float


RATES = (
    RateOfChain("late_dispatch", "fulfilment_dispatched_late", "fulfilment_dispatch_due", 3, 50.0),
    RateOfChain("late_delivery", "fulfilment_delivered_late", "fulfilment_delivery_due", 7, 50.0),
    RateOfChain("cancelled", "fulfilment_cancelled_by_seller", "fulfilment_orders", 3, 50.0),
    RateOfChain("refunds", "cases_refunds_closed", UNITS, 0, 50.0),
    RateOfChain("contacts", "service_after_sale_sessions", UNITS, 0, 50.0),
    RateOfChain("negative_reviews", "reviews_negative", "reviews_count", 0, 20.0),
)

CHAIN_FEATURES = (
    Feature("visitors_3_days", "fewer_visitors", -1, adjusted=True),
    Feature("visitors_week", "fewer_visitors", -1, adjusted=True),
    Feature("conversion_week", "lower_conversion", -1, adjusted=True),
    Feature("conversion", "lower_conversion", 0, adjusted=True),
    *(Feature(one.name, one.name, 1) for one in RATES),
    *(Feature(f"{one.name}_change", one.name, 1) for one in RATES),
    Feature("stars", "rating", -1),
    Feature("stars_change", "rating", -1),
    Feature("products_out", "out_of_stock", 1),
    Feature("products_out_week", "out_of_stock", 1),
    Feature("hours_out_week", "out_of_stock", 1),
    Feature("hours_out_change", "out_of_stock", 1),
    Feature("cover", "low_stock", -1),
    Feature("promotion_month", "promotion_over", 0),
    Feature("promotion_ahead", "promotion_over", 0),
    Feature("closed_14", "closing_planned", 1),
    Feature("closed_28", "closing_planned", 1),
)
_OTHER_COLUMNS = (
    "storefront_visitors", "storefront_orders", "reviews_rating_sum", "stock_skus", "stock_skus_out",
    "stock_hours_out_of_stock", "stock_on_hand", "plans_promotion",
)  # fmt: skip
CHAIN_COLUMNS = tuple(
    dict.fromkeys([UNITS, *_OTHER_COLUMNS, *(one.bad for one in RATES), *(one.total for one in RATES)])
)


def chain_features(history: History, at: int) -> dict[str, FloatArray]:
    """Features of column `at`, each an array (merchants,); NaN where the feed says nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = _visits(history, at) | _stars(history, at) | _stock(history, at) | _plans(history, at)
        for one in RATES:
            found |= _rate(history, at, one)
    return found


def _visits(history: History, at: int) -> dict[str, FloatArray]:
    def visitors(days: int) -> FloatArray:
        return history.window("storefront_visitors", at, days)

    orders = {days: history.window("storefront_orders", at, days) for days in (WEEK, MONTH)}
    conversion = {days: (orders[days] + 1) / (visitors(days) + 30) for days in (WEEK, MONTH)}
    return {
        "visitors_3_days": log_ratio(visitors(3) / 3, visitors(MONTH) / MONTH, 1.0),
        "visitors_week": log_ratio(visitors(WEEK) / WEEK, visitors(MONTH) / MONTH, 1.0),
        "conversion_week": np.log(conversion[WEEK] / conversion[MONTH]),
        "conversion": np.log(conversion[MONTH]),
    }


def _rate(history: History, at: int, one: RateOfChain) -> dict[str, FloatArray]:
    month = history.window(one.bad, at, MONTH, one.lag) / (history.window(one.total, at, MONTH, one.lag) + one.weight)
    # The week starts from the month's rate, so that a week without orders shows no change.
    bad = history.total(one.bad, at, WEEK, one.lag) + month * one.weight
    week = bad / (history.total(one.total, at, WEEK, one.lag) + one.weight)
    return {one.name: month, f"{one.name}_change": week - month}


def _stars(history: History, at: int) -> dict[str, FloatArray]:
    count = history.window("reviews_count", at, MONTH)
    stars = (history.window("reviews_rating_sum", at, MONTH) + USUAL_STARS * STARS_WEIGHT) / (count + STARS_WEIGHT)
    week = history.total("reviews_rating_sum", at, WEEK) + stars * STARS_WEIGHT
    return {"stars": stars, "stars_change": week / (history.total("reviews_count", at, WEEK) + STARS_WEIGHT) - stars}


def _stock(history: History, at: int) -> dict[str, FloatArray]:
    hours = {
        days: history.window("stock_hours_out_of_stock", at, days) / history.window("stock_skus", at, days)
        for days in (WEEK, MONTH)
    }
    daily = history.total(UNITS, at, MONTH) / MONTH
    return {
        "products_out": history.window("stock_skus_out", at, 1) / history.window("stock_skus", at, 1),
        "products_out_week": history.window("stock_skus_out", at, WEEK) / history.window("stock_skus", at, WEEK),
        "hours_out_week": hours[WEEK],
        "hours_out_change": hours[WEEK] - hours[MONTH],
        "cover": np.log((history.window("stock_on_hand", at, 1) + 1) / (daily + 0.1)),
    }


def _plans(history: History, at: int) -> dict[str, FloatArray]:
    month = np.nan_to_num(history.window("plans_promotion", at, MONTH) / MONTH)
    nothing = np.zeros(len(history.ids))
    found = {"promotion_month": month, "promotion_ahead": nothing, "closed_14": nothing, "closed_28": nothing}
    if history.plans is None:
        return found

    def share(values: FloatArray, days: int) -> FloatArray:
        ahead = slice(at + 1, at + 1 + days)
        assert history.plans is not None
        told = history.plans.known_on[:, ahead] <= history.first_day + at
        total: FloatArray = np.where(told, values[:, ahead], 0.0).sum(axis=1) / days
        return total

    found["promotion_ahead"] = share(history.plans.promotion, 14) - month
    found |= {f"closed_{days}": share(history.plans.closed, days) for days in (14, 28)}
    return found
