"""Alert volume: alerts opened a day, per leg, as bars that need no script."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from reports.merchant.reader import Reader
from reports.tower.facts import Rows


class Bars(NamedTuple):
    """Alerts of a leg: bars as (x, y, height) in percent, the last day apart."""

    leg: str
    today: int
    live: int
    most: str
    bars: Sequence[tuple[str, str, str, bool]]


def build_alerts(rows: Rows, days: int, reader: Reader) -> list[Bars]:
    """Alert volume per leg, the whole platform first."""
    by_leg: dict[str, dict[date, Mapping[str, Any]]] = {}
    for row in rows:
        by_leg.setdefault(row["leg"], {})[row["day"]] = row
    order = sorted(by_leg, key=lambda leg: (leg != "all", leg))
    return [_bars(leg, by_leg[leg], days, reader) for leg in order]


def _bars(leg: str, by_day: Mapping[date, Mapping[str, Any]], days: int, reader: Reader) -> Bars:
    today = reader.context.as_of
    most = max([row["opened"] for row in by_day.values()] + [1])
    width = 100 / days
    bars = []
    for place in range(days):
        day = today - timedelta(days=days - 1 - place)
        opened = by_day[day]["opened"] if day in by_day else 0
        height = 100 * opened / most
        bars.append((f"{place * width:.2f}%", f"{100 - height:.1f}%", f"{height:.1f}%", day == today))
    now = by_day.get(today, {"opened": 0, "live": 0})
    name = reader.text("tower.alerts.all") if leg == "all" else reader.label("legs", leg)
    return Bars(name, now["opened"], now["live"], reader.number(most), bars)
