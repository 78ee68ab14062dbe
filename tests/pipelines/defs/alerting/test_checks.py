"""Checks warn when on-call is flooded or messages are stuck."""

from datetime import UTC, datetime, timedelta

from pipelines.defs.alerting import checks
from pipelines.defs.alerting.deliver import deliver
from pipelines.defs.alerting.step import alerts
from pipelines.defs.common import WorkspaceResource


def run(check, platform):
    return check(WorkspaceResource(home=str(platform.workspace.home)))


def test_a_first_day_is_no_flood_and_a_later_one_may_be(platform):
    everyone = [f"m{number}" for number in range(9)]
    platform.merchants(*everyone)
    platform.signals(platform.day(0).as_of, red=everyone[:4])
    alerts(platform.day(0))
    assert run(checks.openings_within_budget, platform).passed
    platform.signals(platform.day(1).as_of, red=everyone[:7])
    alerts(platform.day(1))
    assert run(checks.openings_within_budget, platform).passed, "three more on a small platform"
    platform.signals(platform.day(1).as_of, red=everyone)
    alerts(platform.day(1))
    flooded = run(checks.openings_within_budget, platform)
    assert not flooded.passed
    assert "5 opened" in flooded.description


def test_a_stuck_message_is_told(routed, monkeypatch):
    assert run(checks.messages_get_out, routed).passed
    monkeypatch.delenv("HOOK_URL", raising=False)
    deliver(routed.workspace, datetime.now(UTC) + timedelta(minutes=5))
    stuck = run(checks.messages_get_out, routed)
    assert not stuck.passed
    assert "HOOK_URL is not set" in stuck.description
