"""Feeds that deliver but stand still: yesterday's figures sent again under today's date.

Such a day looks fresh and healthy, so that nothing else would notice. It is a data incident, and no metric that reads
the feed is judged on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from models.risk.settings import IncidentSettings
from pipelines.day import Day

DAYS_BACK = 14  # "since when" reaches no farther back


@dataclass(frozen=True)
class FrozenFeed:
    """A feed that stands still.

    Parameters
    ----------
    since : date
        First day with the figures of the day before, at most `DAYS_BACK` days ago.
    members : int
        Merchants with figures on both days that should have moved.
    same : float
        Merchants of these whose figure is the same.
    by_chance : float
        How many would be the same by chance, at most.
    p_value : float
        Bound on the chance of so many.
    """

    feed: str
    since: date
    members: int
    same: float
    by_chance: float
    p_value: float


def first_day(day: Day) -> date:
    """First day of `merchant_day` that the search reads."""
    return day.as_of - timedelta(days=DAYS_BACK)


def frozen_feeds(day: Day, connection: duckdb.DuckDBPyConnection, settings: IncidentSettings) -> list[FrozenFeed]:
    """Feeds that stand still on the day, by the `merchant_day` of the connection."""
    today = _frozen(day, connection, settings, 1)
    return _frozen(day, connection, settings, DAYS_BACK) if today else []  # "since when" only where there is trouble


def _frozen(day: Day, connection: duckdb.DuckDBPyConnection, settings: IncidentSettings, days: int) -> list[FrozenFeed]:
    bound = {"days": days, "frozen_share": settings.frozen_share, "q": settings.q}
    rows = day.query(connection, __file__, "sql/frozen_feeds.sql", **bound)
    return [FrozenFeed(**row) for row in rows.to_pylist()]
