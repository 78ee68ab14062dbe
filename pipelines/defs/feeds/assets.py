"""One asset per feed; thin, see step.py and contracts/ingest.py for what they do.

They never fail on content: checks.py says what was put aside, and what can be navigated is.
"""

from __future__ import annotations

from typing import Any

import dagster as dg

from pipelines.contracts.feeds import Feed
from pipelines.contracts.feeds import feeds as feeds_of_contract
from pipelines.contracts.ingest import ingest
from pipelines.defs.common import KINDS, OWNERS, WorkspaceResource, column_schema
from pipelines.defs.feeds.coverage import coverage
from pipelines.defs.feeds.step import ONE_OF, require_merchants, require_one_of_core

LAST_OF_CORE = ONE_OF[-1]


def _feed_asset(name: str, feed: Feed) -> dg.AssetsDefinition:
    deps = [] if name == "merchants" else ["merchants"]
    if name == LAST_OF_CORE:
        deps += ONE_OF[:-1]  # so that the last of them knows whether any has a row

    @dg.asset(
        name=name,
        deps=deps,
        group_name="feeds",
        description=feed.description,
        kinds=KINDS,
        owners=OWNERS,
        metadata={
            "dagster/column_schema": column_schema(name),
            "key": ", ".join(feed.key),
            "kind": feed.kind,
            "legs": ", ".join(feed.legs) or "none",
        },
    )
    def feed_asset(workspace: WorkspaceResource) -> dg.MaterializeResult[Any]:
        opened = workspace.open()
        report = ingest(opened, [name]).feeds[name]
        if name == "merchants":
            require_merchants(opened)
        if name == LAST_OF_CORE:
            require_one_of_core(opened)
        seen = coverage(opened.lake, name)
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": seen.total("accepted"),
                "files read now": report.files,
                "rows read now": report.read,
                "files": len(seen.entries),
                "files put aside": len(seen.aside),
                "rows rejected": seen.total("rejected"),
                "rows held": seen.total("held"),
                "coverage": dg.MetadataValue.md(seen.table()),
            }
        )

    return feed_asset


feed_assets = [_feed_asset(name, feed) for name, feed in feeds_of_contract().items()]
