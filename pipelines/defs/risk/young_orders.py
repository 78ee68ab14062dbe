"""Reads what was known of orders at an age, block by block, and scores all merchants together.

A feed keeps every version of a row with the day it was delivered, so that the past can be asked what it knew then.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from models.metrics.profile import Profile
from models.risk.young_orders import Known, YoungEvents, YoungOrdersSettings, young_scores
from pipelines.asof import create_feed_view
from pipelines.day import Day
from pipelines.defs.risk.panel import Merchants, blocks_of

FloatArray = npt.NDArray[np.float64]
VERSIONS = "versions"  # sql/young_orders.sql reads every version of the feed's rows from `all_versions`


def young_orders(
    day: Day, merchants: Merchants, profile: Profile, settings: YoungOrdersSettings, days: int
) -> dict[str, FloatArray]:
    """Scores (merchants, days) by metric, of the metrics that the profile has; none where nothing is asked.

    Parameters
    ----------
    days : int
        Newest days that are scored.
    """
    has = {metric.id for metric in profile.metrics}
    category = merchants.codes("category")
    return {
        metric: young_scores(_known(day, merchants, events, settings, days), category, settings, days)
        for metric, events in settings.metrics.items()
        if metric in has
    }


def _known(
    day: Day, merchants: Merchants, events: YoungEvents, settings: YoungOrdersSettings, days: int
) -> list[Known]:
    """Matrices of all merchants, one pair per age."""
    read = days + settings.look_back_days
    shape = merchants.count, read
    known = [
        Known(np.full(shape, np.nan, dtype=np.float32), np.full(shape, np.nan, dtype=np.float32)) for _ in settings.ages
    ]
    oldest = max(one.age for one in settings.ages)
    for _, _, buckets in blocks_of(day, merchants):
        rows = _versions(day, merchants, events, oldest, read, buckets)
        place, column, age = (rows.column(name).to_numpy() for name in ("place", "day", "age"))
        for wanted, of_age in zip(settings.ages, known, strict=True):
            # Days that are no such age yet stay unknown; of several versions the last that is written stays.
            counts = np.flatnonzero((age <= wanted.age) & (column < read - wanted.age))
            for name, matrix in zip((events.bad, events.of), of_age, strict=True):
                matrix[place[counts], column[counts]] = rows.column(name).to_numpy()[counts]
    return known


def _versions(
    day: Day, merchants: Merchants, events: YoungEvents, oldest: int, days: int, buckets: tuple[int, ...]
) -> pa.Table:
    """Versions of a block's rows in the order of their delivery."""
    first = day.as_of - timedelta(days=days - 1)
    with day.connect(buckets=buckets) as connection:
        create_feed_view(connection, day.lake, events.feed, day.as_of, name=VERSIONS, from_date=first)
        connection.register("merchant_places", merchants.places())
        return day.query(
            connection,
            __file__,
            "sql/young_orders.sql",
            columns=[events.bad, events.of],
            oldest=oldest,
            first=first,
            buckets=list(buckets),
        )
