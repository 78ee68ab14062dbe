"""Why a probability is high: what it would be if one thing at a time were as usual.

The idea: every feature speaks for a reason. All features of a reason are put to the usual merchant's values, and how
far the log odds fall is how much the reason weighs. The codes are a promise: pages have a text for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from models.risk.outlook.feature import Feature
from models.risk.outlook.history import BoolArray, FloatArray, IntArray
from models.risk.outlook.model import Model
from models.risk.outlook.settings import ReasonSettings

TextArray = npt.NDArray[np.object_]
Unit = Literal["times", "share", "days", "number"]


class Reason(NamedTuple):
    """A reason: the feature that is its figure, what the figure counts, and what it means.

    `times`: quotient of two daily means (the feature is its log). `share`: part of 1. `days`, `number`: as they are.
    "Adjusted": the platform's median of the day is taken off.
    """

    feature: str
    unit: Unit
    meaning: str


REASONS: dict[str, Reason] = {
    "falling_volume": Reason("last_week", "times", "Units a day, last 7 days over last 28, adjusted"),
    "long_slide": Reason("month_on_month", "times", "Units a day, last 28 days over the 28 before, adjusted"),
    "no_sales": Reason("zero_days_28", "share", "Part of the last 28 days without a sale"),
    "earlier_gaps": Reason("longest_gap", "days", "Longest run of days without a sale in the days looked back on"),
    "spike": Reason("best_week", "times", "Best week over the median week of the days looked back on"),
    "erratic": Reason("daily_spread", "number", "Standard deviation of the last 28 days' units over their mean"),
    "size": Reason("size", "times", "Units a day over the last 28 days"),
    "age": Reason("age", "times", "Days since the first sale, as far as looked back"),
    "fewer_visitors": Reason("visitors_week", "times", "Visitors a day, last 7 days over last 28, adjusted"),
    "lower_conversion": Reason("conversion_week", "times", "Orders per visitor, last 7 days over last 28, adjusted"),
    "late_dispatch": Reason("late_dispatch", "share", "Late dispatches of 28 days"),
    "late_delivery": Reason("late_delivery", "share", "Late deliveries of 28 days"),
    "cancelled": Reason("cancelled", "share", "Orders cancelled by the seller, of 28 days"),
    "refunds": Reason("refunds", "share", "Refunds closed per unit sold, of 28 days"),
    "contacts": Reason("contacts", "share", "After-sale chats per unit sold, of 28 days"),
    "negative_reviews": Reason("negative_reviews", "share", "Reviews of one or two stars, of 28 days"),
    "rating": Reason("stars", "number", "Mean stars of 28 days, drawn towards 4.7 where few wrote"),
    "out_of_stock": Reason("products_out_week", "share", "Products out of stock, mean of the last 7 days"),
    "low_stock": Reason("cover", "times", "Units on hand over units a day: days of cover"),
    "promotion_over": Reason("promotion_month", "share", "Mean promotion of the last 28 days"),
    "closing_planned": Reason("closed_14", "share", "Part of the next 14 days that is announced as closed"),
    "near_limit": Reason("over_limit", "times", "Rate over its red limit, steadied"),
    "was_over": Reason("worst", "times", "Highest rate of the last four weeks over its red limit, steadied"),
    "rate_rising": Reason("week_change", "number", "Bad events of 7 days beyond the window's rate, in deviations"),
    "old_bad_days": Reason("bad_falling_out", "number", "The same of the window's oldest 7 days"),
    "bad_days": Reason("bad_day_share", "share", "Part of the last 14 days with a bad event"),
    "few_orders": Reason("orders", "times", "Orders in the window, plus one"),
    "limit": Reason("limit", "times", "Red limit"),
}  # fmt: skip


def reason_texts(
    model: Model, features: FloatArray, asked: BoolArray, described: Sequence[Feature], settings: ReasonSettings
) -> TextArray:
    """Reasons of each merchant as JSON text (rows,), strongest first; None where there are none or nobody asked.

    `[{"code": "falling_volume", "value": 0.62, "usual": 0.99, "effect": 1.31}, ...]`: the figure, the usual merchant's
    (of those learned from), and by how much it raises the log odds; `null` where the figure is not known.
    """
    texts = np.full(len(features), None, dtype=object)
    places = np.flatnonzero(asked)
    if not len(places):
        return texts
    chosen = features[places]
    codes = sorted({one.reason for one in described}, key=[one.reason for one in described].index)
    effects = _effects(model, chosen, codes, described)
    order = np.argsort(-effects, axis=1, kind="stable")[:, : settings.most]
    strength = np.take_along_axis(effects, order, axis=1)
    pieces = _pieces(codes, order, strength, chosen, model.reference, described)
    told = strength >= settings.least_effect
    joined = pieces[:, 0]
    for rank in range(1, order.shape[1]):
        joined = np.where(told[:, rank], joined + ", " + pieces[:, rank], joined)
    texts[places] = np.where(told[:, 0], "[" + joined + "]", None)
    return texts


def _effects(model: Model, features: FloatArray, codes: Sequence[str], described: Sequence[Feature]) -> FloatArray:
    """Log odds that each reason adds (rows, reasons)."""
    variants = np.repeat(features[None], len(codes) + 1, axis=0)  # the last one as it is
    for place, code in enumerate(codes):
        columns = columns_of(code, described)
        variants[place][:, columns] = model.reference[columns]
    log_odds = model.log_odds(variants.reshape(-1, features.shape[1])).reshape(len(codes) + 1, -1)
    effects: FloatArray = (log_odds[-1] - log_odds[:-1]).T * model.calibration.slope
    return effects


def columns_of(code: str, described: Sequence[Feature]) -> IntArray:
    """Features that speak for a reason."""
    return np.array([place for place, one in enumerate(described) if one.reason == code], dtype=np.int64)


def _pieces(
    codes: Sequence[str],
    order: IntArray,
    strength: FloatArray,
    features: FloatArray,
    reference: FloatArray,
    described: Sequence[Feature],
) -> TextArray:
    names = [one.name for one in described]
    figure = np.array([names.index(REASONS[code].feature) for code in codes])
    logs = np.array([REASONS[code].unit == "times" for code in codes])
    column = figure[order]
    value, usual = np.take_along_axis(features, column, axis=1), reference[column]
    value, usual = (np.where(logs[order], np.exp(one), one) for one in (value, usual))
    head = np.array([f'{{"code": "{code}", "value": ' for code in codes], dtype=object)[order]
    return head + _number(value) + ', "usual": ' + _number(usual) + ', "effect": ' + _number(strength) + "}"


def _number(values: FloatArray) -> TextArray:
    """Numbers with four significant figures, as JSON has them."""
    written = np.char.mod("%.4g", np.nan_to_num(values)).astype(object)
    return np.where(np.isfinite(values), written, "null")
