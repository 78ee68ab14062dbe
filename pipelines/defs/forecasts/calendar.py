"""The events known on a day: what the feed tells, and what the market's calendar knows besides."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from models.calendar.event import Event
from models.calendar.market import MarketCalendar
from models.calendar.merge import merge_events
from pipelines.day import Day
from pipelines.yaml_file import load_yaml

NO_MARKET = "none"  # a market without a calendar of its own


def market_calendar(day: Day) -> MarketCalendar:
    """Calendar of the workspace's market.

    Raises
    ------
    PolicyFileError
        When the market has no calendar file; `market: none` says that there is none on purpose.
    """
    market = day.config.market
    if market == NO_MARKET:
        return MarketCalendar(market=NO_MARKET)
    return load_yaml(day.workspace.calendar_path(f"{market}.yaml"), MarketCalendar)


def known_events(day: Day, calendar: MarketCalendar) -> list[Event]:
    """Events of feed and calendar, merged, as known on the day."""
    with day.connect("events") as connection:
        rows = day.query(connection, __file__, "feed_events.sql").to_pylist()
    return merge_events(calendar, [_event(row) for row in rows])


def _event(row: dict[str, Any]) -> Event:
    return Event(
        event_id=row["event_id"],
        family="",
        names=(("", row["name"]),),
        phase=row["phase"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        scope=row["scope"],
    )


def event_rows(day: Day, events: list[Event]) -> pd.DataFrame:
    """Rows of `event_calendar`: a name in several languages is JSON, a platform's own name stays as it is."""
    columns = ["event_id", "family", "name", "phase", "starts_on", "ends_on", "anchor", "scope", "source"]
    made = [
        (
            event.event_id,
            event.family,
            _name(event),
            event.phase,
            event.starts_on,
            event.ends_on,
            event.anchor,
            event.scope,
            event.source,
        )
        for event in events
    ]
    frame = pd.DataFrame(made, columns=columns)
    frame.insert(0, "as_of", day.as_of)
    return frame


def _name(event: Event) -> str:
    names = dict(event.names)
    return names[""] if "" in names else json.dumps(names, ensure_ascii=False, sort_keys=True)
