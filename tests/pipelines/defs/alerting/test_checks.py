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


def test_routes_are_set_up(platform, helpers, monkeypatch):
    (platform.workspace.secrets).mkdir(exist_ok=True)
    path = platform.workspace.secrets / "open"
    path.write_text("https://hooks.slack.com/secret-token", encoding="utf-8")
    path.chmod(0o644)
    helpers.routes(
        platform,
        helpers.route(),
        {"id": "am", "form": "alertmanager", "url_file": "open"},
        helpers.route(id="off", url_variable="NOT_SET_URL", active=False),
        heartbeats=[{"id": "beat", "url_variable": "BEAT_URL"}],
    )
    monkeypatch.setenv("HOOK_URL", "jsons://user:secret-token@hooks.example.com/x")
    monkeypatch.setenv("BEAT_URL", "http://hc-ping.com/secret-token")
    result = run(checks.routes_are_set_up, platform)
    assert not result.passed
    assert result.metadata["worries"].value == 3
    for said in (
        "hook: ",
        "delivery.hosts",
        "secret file open can be read by others (mode 0644)",
        "beat: ",
        "not https",
    ):
        assert said in result.description
    assert "secret-token" not in result.description
    path.chmod(0o600)
    monkeypatch.setenv("HOOK_URL", "jsons://hooks.slack.com/x")
    monkeypatch.setenv("BEAT_URL", "https://hc-ping.com/x")
    assert run(checks.routes_are_set_up, platform).passed
