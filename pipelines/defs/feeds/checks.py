"""What is wrong with the feeds, as checks that never block: yesterday's data stay, and everything else runs."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from pipelines.contracts.feeds import Feed
from pipelines.contracts.feeds import feeds as feeds_of_contract
from pipelines.defs.common import WorkspaceResource
from pipelines.defs.feeds.coverage import Coverage, coverage

SHOWN = 10
DAILY_HOURS = 24


def _feed_checks(name: str, feed: Feed) -> dg.AssetChecksDefinition:
    specs = [
        dg.AssetCheckSpec("readable", asset=name, description="No file of the feed is put aside."),
        dg.AssetCheckSpec("accounted", asset=name, description="read = accepted + unchanged + held + rejected."),
        dg.AssetCheckSpec("complete", asset=name, description="Every day between the first and the last has a file."),
    ]

    @dg.multi_asset_check(name=f"{name}_checks", specs=specs)
    def feed_checks(workspace: WorkspaceResource) -> Iterator[dg.AssetCheckResult]:
        seen = coverage(workspace.open().lake, name)
        yield _readable(name, seen)
        yield _accounted(name, seen)
        yield _complete(name, feed, seen)

    return feed_checks


def _readable(name: str, seen: Coverage) -> dg.AssetCheckResult:
    messages = [entry.message for entry in seen.aside]
    return dg.AssetCheckResult(
        asset_key=name,
        check_name="readable",
        passed=not messages,
        severity=dg.AssetCheckSeverity.ERROR,
        description="\n".join(messages[-SHOWN:]) or "no file is put aside",
        metadata={"files put aside": len(messages)},
    )


def _accounted(name: str, seen: Coverage) -> dg.AssetCheckResult:
    open_files = [f"{entry.file} ({entry.status})" for entry in seen.unbalanced]
    counts = {kind: seen.total(kind) for kind in ("read", "accepted", "unchanged", "held", "rejected")}
    return dg.AssetCheckResult(
        asset_key=name,
        check_name="accounted",
        passed=not open_files,
        severity=dg.AssetCheckSeverity.ERROR,
        description=", ".join(open_files[:SHOWN]) or "every row is accounted for",
        metadata=counts,
    )


def _complete(name: str, feed: Feed, seen: Coverage) -> dg.AssetCheckResult:
    daily = feed.cadence_hours == DAILY_HOURS
    missing = [day.isoformat() for day in seen.missing] if daily else []
    return dg.AssetCheckResult(
        asset_key=name,
        check_name="complete",
        passed=not missing,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"no file for {', '.join(missing[-SHOWN:])}" if missing else "no day is missing",
        metadata={"days missing": len(missing)},
    )


feed_checks = [_feed_checks(name, feed) for name, feed in feeds_of_contract().items()]
