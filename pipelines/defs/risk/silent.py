"""Feeds that are silent for many merchants at once, or deliver next to nothing: no merchant is judged on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from models.risk.settings import RiskSettings
from pipelines.day import Day


@dataclass(frozen=True)
class SilentFeed:
    """A feed without news.

    Parameters
    ----------
    members : int
        Merchants that the feed is connected for.
    stale_share : float
        Share of them without a row in time.
    observed, expected : float or None
        The feed's total of the day, and on a usual day; None for a feed without totals, or without a day.
    empty_since : date or None
        First of the days in a row on which the total had all but vanished; None where it had not.
    """

    feed: str
    members: int
    stale_share: float
    observed: float | None
    expected: float | None
    empty_since: date | None


def first_day(day: Day, settings: RiskSettings) -> date:
    """First day of `merchant_day` that the search reads."""
    return day.as_of - timedelta(days=settings.residuals.baseline_days - 1)


def silent_feeds(day: Day, connection: duckdb.DuckDBPyConnection, settings: RiskSettings) -> list[SilentFeed]:
    """Feeds without news on the day, by `feed_status` and `merchant_day` of the connection."""
    rules = settings.incidents
    rows = day.query(
        connection,
        __file__,
        "sql/silent_feeds.sql",
        stale_share=rules.stale_share,
        vanished_share=rules.vanished_share,
        least_members=rules.least_members,
        usual_days=settings.residuals.baseline_days,
    )
    return [SilentFeed(**row) for row in rows.to_pylist()]
