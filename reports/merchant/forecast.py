"""The forecast: a sentence, the 28-day table, and compact columns that the shared script draws.

The one idea: the page carries numbers, not a figure. Whole numbers in columns are a few kilobytes; the layout of the
chart lies once in ``static/page.js``.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from markupsafe import Markup

from reports import formatting
from reports.merchant.facts import MerchantFacts, Outlook
from reports.merchant.parts import Parts, build_parts
from reports.merchant.reader import Reader
from reports.merchant.route import Event
from reports.spreadsheet import csv_text


class TableRow(NamedTuple):
    """A day of the table."""

    day: str
    event: str
    middle: str
    range_80: str
    range_95: str


class Forecast(NamedTuple):
    """Everything the forecast part shows; `chart` is what the script gets."""

    unit: str
    sentence: Markup
    yesterday: str
    held: bool | None
    rows: Sequence[TableRow]
    chart: dict[str, Any]
    parts: Parts | None = None


def build_forecast(facts: MerchantFacts, event: Event | None, reader: Reader) -> Forecast | None:
    """The forecast part, or None when nothing is forecast for the merchant."""
    outlook = facts.outlook
    if outlook is None or not outlook.q50:
        return None
    yesterday, held = _yesterday(outlook, reader)
    named, days = _events_by_day(facts, outlook, reader), _days(outlook)
    return Forecast(
        unit=reader.text(f"measure.{outlook.measure}"),
        sentence=_sentence(outlook, event, reader),
        yesterday=yesterday,
        held=held,
        rows=_rows(outlook, named, reader),
        chart=_chart(facts, outlook, reader),
        parts=build_parts(outlook, days, [named.get(day, "") for day in days], reader),
    )


def forecast_csv(facts: MerchantFacts, reader: Reader) -> str | None:
    """The 28 days as a spreadsheet; None when nothing is forecast."""
    outlook = facts.outlook
    if outlook is None or not outlook.q50:
        return None
    names = ("day", "mean", "q025", "q10", "q25", "q50", "q75", "q90", "q975")
    columns = [_days(outlook), *(getattr(outlook, name) for name in names[1:])]
    header = [reader.text(f"csv.{name}") for name in names]
    rounded = (
        [row[0], *(None if cell is None else round(cell, 2) for cell in row[1:])] for row in zip(*columns, strict=True)
    )
    return csv_text(header, rounded)


def _days(outlook: Outlook) -> list[Any]:
    return [outlook.made_on + timedelta(days=ahead + 1) for ahead in range(len(outlook.q50))]


def _amount(value: float | None, outlook: Outlook, reader: Reader) -> str:
    return reader.money(value) if outlook.measure == "gmv" else reader.number(value)


def _sentence(outlook: Outlook, event: Event | None, reader: Reader) -> Markup:
    known = [value for value in outlook.mean if value is not None]
    total = _amount(sum(known), outlook, reader)
    unit = reader.text(f"measure.{outlook.measure}.short")
    at = None if event is None else (event.starts_on - outlook.made_on).days - 1
    if event is None or at is None or not 0 <= at < len(outlook.q50) or outlook.q50[at] is None:
        return reader.html("forecast.total", total=total, unit=unit, days=len(outlook.q50))
    recent = sorted(value for value in outlook.actual[-28:] if value is not None)
    middle = recent[len(recent) // 2] if recent else 0
    peak = outlook.q50[at] or 0.0
    values: dict[str, Any] = {"event": event.name, "peak": _amount(peak, outlook, reader), "total": total, "unit": unit}
    if middle <= 0:
        return reader.html("forecast.event", days=len(outlook.q50), **values)
    return reader.html("forecast.event_times", days=len(outlook.q50), times=reader.number(peak / middle, 1), **values)


def _yesterday(outlook: Outlook, reader: Reader) -> tuple[str, bool | None]:
    if outlook.yesterday is None:
        return "", None
    mean, low, high, actual = outlook.yesterday
    held = low <= actual <= high
    figures = {"mean": mean, "low": low, "high": high, "actual": actual}
    said: dict[str, Any] = {name: _amount(value, outlook, reader) for name, value in figures.items()}
    verdict = "inside" if held else "below" if actual < low else "above"
    return reader.text(f"forecast.last_{verdict}", day=reader.day_short(outlook.made_on), **said), held


def _events_by_day(facts: MerchantFacts, outlook: Outlook, reader: Reader) -> dict[Any, str]:
    mine = {None, "", facts.category, facts.region}
    last = outlook.made_on + timedelta(days=len(outlook.q50))
    named: dict[Any, str] = {}
    for event in facts.events:
        if event.scope not in mine or event.phase not in ("peak", "presale", "warm_up"):
            continue
        day = max(event.starts_on, outlook.actual_from)
        while day <= min(event.ends_on, last):
            if event.phase == "peak" or day not in named:
                named[day] = reader.of(event.name) if event.phase == "peak" else reader.text(f"phase.{event.phase}")
            day += timedelta(days=1)
    return named


def _rows(outlook: Outlook, events: dict[Any, str], reader: Reader) -> list[TableRow]:
    def span(low: float | None, high: float | None) -> str:
        return f"{_amount(low, outlook, reader)}–{_amount(high, outlook, reader)}"

    return [
        TableRow(
            formatting.day(day, reader.locale),
            events.get(day, ""),
            _amount(outlook.q50[i], outlook, reader),
            span(outlook.q10[i], outlook.q90[i]),
            span(outlook.q025[i], outlook.q975[i]),
        )
        for i, day in enumerate(_days(outlook))
    ]


def _round(values: Sequence[float | None]) -> list[float | None]:
    """Three significant digits are more than a screen can show."""
    return [None if value is None else float(f"{value:.4g}") for value in values]


def _chart(facts: MerchantFacts, outlook: Outlook, reader: Reader) -> dict[str, Any]:
    mine = {None, "", facts.category, facts.region}
    first, last = outlook.actual_from, outlook.made_on + timedelta(days=len(outlook.q50))
    peaks = [
        e for e in facts.events if e.phase == "peak" and e.scope in mine and e.ends_on >= first and e.starts_on <= last
    ]
    bands = {name: _round(getattr(outlook, name)) for name in ("q025", "q10", "q25", "q50", "q75", "q90", "q975")}
    return {
        "from": first.isoformat(),
        "actual": _round(outlook.actual),
        "made_on": outlook.made_on.isoformat(),
        **bands,
        "events": [
            {"name": reader.of(e.name), "from": e.starts_on.isoformat(), "to": e.ends_on.isoformat()} for e in peaks
        ],
        "locale": reader.locale,
        "currency": reader.context.currency if outlook.measure == "gmv" else "",
        "words": {key: reader.text(f"chart.{key}") for key in ("today", "actual", "forecast", "label", "range")},
    }
