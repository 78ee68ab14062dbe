"""The step that tells merchants apart: growth stage, size class and account manager of each."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from models.segments.assign import assign_segments
from models.segments.policy import SegmentPolicy
from pipelines.asof import create_feed_view
from pipelines.day import Day
from pipelines.defs.navigation.policy import segment_policy
from pipelines.views import connect_to


def segments(day: Day) -> dict[str, int]:
    """Write the table `segments` for the day; return the rows written."""
    policy = segment_policy(day.workspace)

    def before(days: int) -> object:
        return day.as_of - timedelta(days=days)

    with day.connect("merchants", "merchant_day", since=day.as_of - timedelta(days=policy.days_needed)) as connection:
        merchants = day.query(
            connection, __file__, "segments.sql",
            trailing_from=before(policy.trailing_days), recent_from=before(policy.compare_days),
            previous_from=before(2 * policy.compare_days), dormant_from=before(policy.dormant_days),
        ).to_pandas()  # fmt: skip
    assigned = assign_segments(merchants, policy).merge(_ways(day, policy), on="merchant_id", how="left")
    return {"segments": day.write("segments", assigned.assign(as_of=day.as_of))}


def _ways(day: Day, policy: SegmentPolicy) -> pd.DataFrame:
    """Carrier and warehouse that most orders of each merchant go through; empty where none does."""
    since = day.as_of - timedelta(days=policy.compare_days)
    with connect_to(day.lake) as connection:
        create_feed_view(connection, day.lake, "fulfilment", day.as_of, from_date=since)
        found: pd.DataFrame = day.query(
            connection, __file__, "main_ways.sql", least_share=policy.main_way_share
        ).to_pandas()
    return found
