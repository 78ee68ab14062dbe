"""A failed run is told once, and its end is told by the next good run of the day."""

import json
from datetime import UTC, date, datetime

from pipelines.defs.alerting.step import outbox, report_run_failure

NOW = datetime.now(UTC)


def fail(platform, run_id="0123456789", day=0, reason="step metric_signals failed\nTraceback ..."):
    return report_run_failure(platform.workspace, run_id, "day", platform.day(day).as_of, reason, NOW)


def test_a_run_without_a_day_is_of_yesterday_in_the_platforms_zone(platform, helpers):
    helpers.routes(platform, helpers.route())
    report_run_failure(platform.workspace, "r", "day", None, "", datetime(2026, 10, 1, 17, 0, tzinfo=UTC))
    assert platform.rows("notifications")[0]["as_of"] == date(2026, 10, 1)


def test_told_once_however_often_it_fails(platform, helpers, monkeypatch):
    monkeypatch.delenv("HOOK_URL", raising=False)
    helpers.routes(platform, helpers.route())
    assert fail(platform) == {"not_set_up": 1}
    assert fail(platform, "another") == {}
    row = platform.rows("notifications")[0]
    assert (row["incident_id"], row["event"], row["severity"]) == ("run-failure-2026-10-01", "trigger", "critical")
    assert "step metric_signals failed" in row["payload"]
    assert "Traceback" not in row["payload"]


def test_the_next_good_run_tells_its_end(platform, helpers, monkeypatch):
    monkeypatch.delenv("HOOK_URL", raising=False)
    helpers.routes(platform, helpers.route())
    platform.merchants("m1")
    fail(platform)
    outbox(platform.day(0))
    outbox(platform.day(0))
    rows = {row["event"]: row for row in platform.rows("notifications")}
    assert set(rows) == {"trigger", "resolve"}
    assert rows["trigger"]["dedup_key"] == rows["resolve"]["dedup_key"]
    assert json.loads(rows["resolve"]["payload"])["subjects"][0]["scope"] == "run"
    outbox(platform.day(1))
    assert len(platform.rows("notifications")) == 2


def test_without_a_route_it_is_written_down(platform):
    fail(platform, reason="")
    row = platform.rows("notifications")[0]
    assert (row["status"], row["route"]) == ("suppressed", "none")


def test_a_route_that_wants_no_incidents_hears_nothing(platform, helpers):
    helpers.routes(platform, helpers.route(incidents=False), helpers.route(id="second", events=["ack", "resolve"]))
    assert fail(platform) == {}
    assert platform.rows("notifications") == []
