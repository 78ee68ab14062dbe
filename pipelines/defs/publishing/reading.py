"""Facts of a block of merchants: a handful of queries for thousands of pages, never one per merchant.

The one idea: each query gives columns in the order of merchants; a hundred merchants at a time they are zipped into
named tuples, so that a page costs no query and hardly any Python, and memory does not grow with the block.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from pipelines.day import Day
from pipelines.defs.publishing.in_order import InOrder, grouped, lists, plain, turns
from reports.formatting import normalise_locale
from reports.merchant.facts import (
    EventFact,
    FeedFact,
    LegFact,
    MerchantFacts,
    MetricFact,
    Outlook,
    OutlookParts,
    PromptFact,
    StockFact,
)

HISTORY_DAYS = 60  # actual days drawn before the forecast
TABLES = (
    "merchants", "segments", "merchant_risk", "leg_status", "metric_signals", "prompts", "replenishment_plan",
    "feed_status", "volume_forecast", "forecast_weights", "forecast_residuals", "merchant_day",
)  # fmt: skip
QUERIES = ("legs", "metrics", "prompts", "stock", "feeds", "forecasts", "yesterday", "forecast_models")
MERCHANTS = 100  # whose rows are Python objects at a time
_PARTS = ("weekday", "month_day", "year", "promotion", "holiday", "event", "mix")
_BANDS = ("mean", "q025", "q10", "q25", "q50", "q75", "q90", "q975")


def read_events(day: Day) -> tuple[EventFact, ...]:
    """The day's event calendar; names by locale."""
    with day.connect("event_calendar") as connection:
        rows = day.query(connection, __file__, "events.sql").to_pylist()
    return tuple(EventFact(**{**row, "name": names_of(row["name"])}) for row in rows)


def names_of(text: str | None) -> dict[str, str]:
    """An event's name by locale: a JSON object of three languages, or a plain name that serves for all."""
    try:
        names = json.loads(text or "")
    except ValueError:
        names = None
    if isinstance(names, dict) and names:
        return {str(locale): str(name) for locale, name in names.items()}
    return dict.fromkeys(("zh-CN", "zh-TW", "en"), text or "—")


def read_facts(day: Day, buckets: Sequence[int] | None, events: tuple[EventFact, ...]) -> Iterator[MerchantFacts]:
    """Facts of every merchant of some buckets, in the order of their ids."""
    first_day = day.as_of - timedelta(days=HISTORY_DAYS - 1)
    with day.connect(*TABLES, buckets=buckets, since=first_day) as connection:
        merchants = InOrder(day.query(connection, __file__, "merchants.sql"))
        parts = {name: InOrder(day.query(connection, __file__, f"{name}.sql")) for name in QUERIES}
        parts["actuals"] = InOrder(day.query(connection, __file__, "actuals.sql", first_day=first_day))
    for first, last in turns(merchants.ids, MERCHANTS):
        yield from _facts_of(
            day,
            merchants.between(first, last).to_pylist(),
            {name: rows.between(first, last) for name, rows in parts.items()},
            events,
        )


def _facts_of(
    day: Day, merchants: list[dict[str, Any]], parts: Mapping[str, pa.Table], events: tuple[EventFact, ...]
) -> Iterator[MerchantFacts]:
    """Facts of a few merchants from their rows of every query."""
    legs = grouped(parts["legs"], LegFact)
    metrics = grouped(parts["metrics"], MetricFact)
    prompts = grouped(parts["prompts"], PromptFact)
    stock = grouped(parts["stock"], StockFact)
    feeds = grouped(parts["feeds"], FeedFact)
    outlooks = _outlooks(day, parts)
    for row in merchants:
        merchant = row["merchant_id"]
        yield MerchantFacts(
            merchant_id=merchant,
            name=row["merchant_name"] or merchant,
            locale=normalise_locale(row["locale"], day.config.default_locale),
            category=row["category"],
            region=row["region"],
            growth_stage=row["growth_stage"],
            size_class=row["size_class"],
            light=row["light"],
            money_at_risk=_known(row["money_at_risk"]),
            money_before=_known(row["money_before"]),
            legs=legs.get(merchant, ()),
            metrics=metrics.get(merchant, ()),
            prompts=prompts.get(merchant, ()),
            stock=stock.get(merchant, ()),
            feeds=feeds.get(merchant, ()),
            events=events,
            outlook=outlooks.get(merchant),
        )


def _known(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value


def _outlooks(day: Day, parts: Mapping[str, pa.Table]) -> dict[str, Outlook]:
    first_day = day.as_of - timedelta(days=HISTORY_DAYS - 1)
    actuals, last = _actuals(parts["actuals"], first_day), _yesterday(parts["yesterday"])
    models = {
        (row["merchant_id"], row["measure"]): [(model["name"], model["share"]) for model in row["models"]]
        for row in parts["forecast_models"].to_pylist()
    }
    ahead = parts["forecasts"]
    bands = {name: lists(ahead, name) for name in _BANDS}
    factors = {name: lists(ahead, f"{name}_factor") for name in _PARTS}
    keys = zip(plain(ahead, "merchant_id"), plain(ahead, "measure"), strict=True)
    levels = plain(ahead, "level")
    nothing: list[float | None] = [None] * HISTORY_DAYS
    return {
        merchant: Outlook(
            measure,
            first_day,
            actuals[measure].get(merchant, nothing),
            day.as_of,
            **{name: values[place] for name, values in bands.items()},
            yesterday=last.get((merchant, measure)),
            parts=OutlookParts(
                levels[place],
                {name: values[place] for name, values in factors.items()},
                models.get((merchant, measure), []),
            ),
        )
        for place, (merchant, measure) in enumerate(keys)
    }


def _actuals(rows: pa.Table, first_day: date) -> dict[str, dict[str, list[float | None]]]:
    """What came on each day that is drawn, by measure and merchant; None on a day without a row."""
    merchants = plain(rows, "merchant_id")
    places = [[(on - first_day).days for on in days] for days in lists(rows, "days")]
    found: dict[str, dict[str, list[float | None]]] = {}
    for measure in ("orders", "units", "gmv"):
        found[measure] = {}
        for merchant, at, values in zip(merchants, places, lists(rows, measure), strict=True):
            actual: list[float | None] = [None] * HISTORY_DAYS
            for place, value in zip(at, values, strict=True):
                actual[place] = value
            found[measure][merchant] = actual
    return found


def _yesterday(rows: pa.Table) -> dict[tuple[str, str], tuple[float, float, float, float]]:
    """Forecast, 80 % interval and what came, by merchant and measure, where all four are known."""
    names = ("merchant_id", "measure", "mean", "q10", "q90", "actual")
    told = zip(*(plain(rows, name) for name in names), strict=True)
    return {(merchant, measure): tuple(four) for merchant, measure, *four in told if None not in four}
