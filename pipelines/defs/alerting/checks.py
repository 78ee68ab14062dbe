"""Is on-call being flooded, does what is written down get out, are routes set up? All warn and block nothing."""

from __future__ import annotations

import dagster as dg

from pipelines.defs.alerting.policies import alert_policy, carrier, route_policy, source_of
from pipelines.defs.common import WorkspaceResource
from pipelines.lake import Lake
from pipelines.workspace import Workspace
from reports.delivery.channel import check
from reports.delivery.outcome import Form

TOTAL = "leg = 'all'"


@dg.asset_check(asset="alert_volume", description="The newest day opened no more alerts than policy expects.")
def openings_within_budget(workspace: WorkspaceResource) -> dg.AssetCheckResult:
    """Compare the day's openings with the policy; a platform's first day finds what has piled up and is no flood."""
    opened = workspace.open()
    days = sorted(opened.lake.read("alert_volume", where=TOTAL).to_pylist(), key=lambda row: row["as_of"])
    if len(days) < 2:
        return _warning(True, "a first day opens all that has piled up")
    last, limit = days[-1], alert_policy(opened).budget.openings_per_1000_merchants
    per_1000 = 1000 * last["opened"] / max(last["merchants"], 1)
    # On a small platform one alert more or less is no news.
    allowed = max(limit * last["merchants"] / 1000, 3)
    said = f"{last['as_of']}: {last['opened']} opened, {per_1000:.1f} per 1,000 merchants; policy expects {limit:g}"
    return _warning(last["opened"] <= allowed, said, {"opened": last["opened"], "per 1,000 merchants": per_1000})


@dg.asset_check(asset="notifications", description="No message was given up, and none waits for its route.")
def messages_get_out(workspace: WorkspaceResource) -> dg.AssetCheckResult:
    """Count messages that failed or whose route is not set up, with the newest reason."""
    stuck = _stuck(workspace.open().lake)
    reasons = sorted({row["error"] for row in stuck})
    return _warning(not stuck, "; ".join(reasons[:3]) or "nothing is stuck", {"messages": len(stuck)})


@dg.asset_check(asset="notifications", description="Every active route and heartbeat has an address that can be used.")
def routes_are_set_up(workspace: WorkspaceResource) -> dg.AssetCheckResult:
    """Say what is wrong with addresses, and which secret files others can read; nothing is sent."""
    worries = route_worries(workspace.open())
    return _warning(not worries, "; ".join(worries) or "nothing is wrong", {"worries": len(worries)})


def route_worries(workspace: Workspace) -> list[str]:
    """What is wrong with the addresses of active routes, in words without an address."""
    routes, sends, worries = route_policy(workspace), carrier(workspace), []
    for route in (*routes.active_routes, *(one for one in routes.merchant_routes if one.active)):
        source = source_of(workspace, route)
        found = (check(source, route.form, sends), source.worry())
        worries += [f"{route.id}: {reason}" for reason in found if reason]
    for one in (one for one in routes.heartbeats if one.active):
        source = source_of(workspace, one)
        form: Form = "alertmanager" if one.form == "url" else one.form
        found = (check(source, form, sends), source.worry())
        worries += [f"{one.id}: {reason}" for reason in found if reason]
    return worries


def _stuck(lake: Lake) -> list[dict[str, str]]:
    columns = ["status", "error"]
    stuck: list[dict[str, str]] = lake.read(
        "notifications", columns, "status IN ('pending', 'failed') AND error IS NOT NULL"
    ).to_pylist()
    return stuck


def _warning(passed: bool, said: str, figures: dict[str, float] | None = None) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=passed, severity=dg.AssetCheckSeverity.WARN, description=said, metadata=dict(figures or {})
    )
