"""Feeds that are silent for many merchants at once, or deliver next to nothing: no merchant is judged on them.

A feed may also break for some of its merchants, a shard or a shop system. Shops fall silent one by one for reasons of
their own; several on one day are one trouble of the feed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
from scipy.stats import poisson

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


@dataclass(frozen=True)
class SilentTogether:
    """Merchants whose feed fell silent on one day.

    Parameters
    ----------
    merchants : int
        Merchants that the feed is connected for.
    members : int
        Those of them that delivered their last row on `last_on`.
    by_chance : float
        Merchants that fall silent on any one day, by the other days lately; one more is added to those, so that a
        platform where none ever did is not surprised by the first.
    p_value : float
        Poisson probability of so many on one day.
    """

    feed: str
    merchants: int
    members: int
    by_chance: float
    p_value: float
    last_on: date


def silent_together(day: Day, connection: duckdb.DuckDBPyConnection, settings: RiskSettings) -> list[SilentTogether]:
    """Feeds that broke for several merchants on one day, by `feed_status` of the connection."""
    rules, usual_days = settings.incidents, settings.residuals.baseline_days
    feeds = day.query(connection, __file__, "sql/silent_together.sql", usual_days=usual_days).to_pylist()
    found = []
    for row in feeds:
        by_chance = (row.pop("others") + 1) / usual_days
        p_value = float(poisson.sf(row["members"] - 1, by_chance))
        if row["members"] >= rules.silent_least and p_value * len(feeds) <= rules.q:
            found.append(SilentTogether(**row, by_chance=by_chance, p_value=p_value))
    return found
