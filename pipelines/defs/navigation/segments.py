"""The step that tells merchants apart: growth stage, size class and account manager of each."""

from __future__ import annotations

from datetime import timedelta

from models.segments.assign import assign_segments
from pipelines.day import Day
from pipelines.defs.navigation.policy import segment_policy


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
    return {"segments": day.write("segments", assign_segments(merchants, policy).assign(as_of=day.as_of))}
