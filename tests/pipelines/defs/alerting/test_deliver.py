"""Delivery: due, quiet, failing, given up, and in order."""

from datetime import UTC, datetime, timedelta

import pytest

from models.risk.route_policy import Route
from pipelines.defs.alerting.deliver import deliver, is_due, place
from pipelines.defs.alerting.on_call import waiting
from pipelines.defs.alerting.quiet_digest import in_quiet_hours
from pipelines.defs.alerting.step import alerts, outbox
from pipelines.workspace import Workspace
from reports.delivery.channel import Outcome

NOW = datetime.now(UTC) + timedelta(hours=3)  # after whatever the tests put into the outbox


def later(**how_long):
    return NOW + timedelta(**how_long)


def test_sent_once_and_marked(routed, helpers):
    receiver = helpers.receiver()
    assert deliver(routed.workspace, NOW, receiver) == {"sent": 1}
    assert deliver(routed.workspace, later(hours=1), receiver) == {}
    row = routed.rows("notifications")[0]
    assert (row["status"], row["attempts"], row["error"]) == ("sent", 1, None)
    assert row["sent_at"] == NOW
    assert receiver.arrived == [("trigger", row["dedup_key"], row["idempotency_key"])]


def test_failure_waits_longer_each_time_and_then_arrives(routed, helpers):
    receiver = helpers.receiver(*[Outcome(False, "the receiver answered 500")] * 2)
    assert deliver(routed.workspace, NOW, receiver) == {"failed": 1}
    row = routed.rows("notifications")[0]
    assert (row["status"], row["attempts"], row["error"]) == ("pending", 1, "the receiver answered 500")
    assert row["next_attempt_at"] == later(seconds=60)
    assert deliver(routed.workspace, later(seconds=59), receiver) == {}
    assert deliver(routed.workspace, later(seconds=61), receiver) == {"failed": 1}
    assert deliver(routed.workspace, later(seconds=120), receiver) == {}
    assert deliver(routed.workspace, later(seconds=182), receiver) == {"sent": 1}
    assert routed.rows("notifications")[0]["attempts"] == 3


def test_gives_up_after_the_last_attempt_and_says_why(routed, helpers):
    (routed.workspace.home / "config.yaml").write_text("buckets: 2\ndelivery: {max_attempts: 8}\n", encoding="utf-8")
    receiver = helpers.receiver(*[Outcome(False, "the receiver answered 403")] * 99)
    workspace = Workspace.at(routed.workspace.home)
    for hour in range(20):
        deliver(workspace, later(hours=hour * 2), receiver)
    row = routed.rows("notifications")[0]
    assert (row["status"], row["attempts"]) == ("failed", 8)
    assert row["error"] == "gave up after 8 attempts: the receiver answered 403"


def test_stale_news_is_not_sent(routed, helpers):
    receiver = helpers.receiver()
    assert deliver(routed.workspace, later(hours=73), receiver) == {"gave_up": 1}
    assert receiver.messages == []
    assert "not sent within 72 hours" in routed.rows("notifications")[0]["error"]


def test_a_route_that_is_not_set_up_waits_and_says_so(routed, monkeypatch):
    monkeypatch.delenv("HOOK_URL", raising=False)
    assert deliver(routed.workspace, NOW) == {"not_set_up": 1}
    row = routed.rows("notifications")[0]
    assert (row["status"], row["attempts"]) == ("pending", 0)
    assert "HOOK_URL is not set" in row["error"]
    assert waiting(routed.workspace, NOW) == 0
    monkeypatch.setenv("HOOK_URL", "jsons://hooks.slack.com/x")
    assert waiting(routed.workspace, NOW) == 1


@pytest.mark.parametrize(("routes", "error"), [([], "no longer in policy"), ([{"active": False}], "not active")])
def test_a_route_that_went_away(routed, helpers, routes, error):
    helpers.routes(routed, *(helpers.route(**values) for values in routes))
    assert deliver(routed.workspace, NOW, helpers.receiver()) == {"not_set_up": 1}
    assert error in routed.rows("notifications")[0]["error"]


def quiet(**values):
    hours = {"from": "22:00", "to": "08:00", "timezone": "Asia/Shanghai", **values}
    hours.setdefault("severities_that_pass", ["critical"])
    return Route.model_validate({"id": "r", "url_variable": "R_URL", "form": "chat", "quiet_hours": hours})


@pytest.mark.parametrize(
    ("moment", "severity", "waits"),
    [
        ("2026-10-30T13:59:59+00:00", "warning", False),
        ("2026-10-30T14:00:00+00:00", "warning", True),
        ("2026-10-30T23:59:59+00:00", "warning", True),
        ("2026-10-31T00:00:00+00:00", "warning", False),
        ("2026-10-30T14:00:00+00:00", "critical", False),
    ],
)
def test_quiet_hours_pass_over_midnight_in_the_routes_zone(moment, severity, waits):
    assert in_quiet_hours(quiet(), severity, datetime.fromisoformat(moment)) is waits


def test_quiet_hours_follow_daylight_saving():
    route = quiet(**{"from": "02:30", "to": "09:00", "timezone": "America/New_York"})
    assert in_quiet_hours(route, "warning", datetime(2026, 3, 8, 12, 59, tzinfo=UTC))
    assert not in_quiet_hours(route, "warning", datetime(2026, 3, 8, 13, 0, tzinfo=UTC))


def test_a_quiet_message_is_sent_when_the_hours_end(routed, helpers):
    start, end = (NOW + timedelta(hours=hours) for hours in (-1, 1))
    hours = {"from": f"{start:%H:%M}", "to": f"{end:%H:%M}", "timezone": "UTC"}
    helpers.routes(routed, helpers.route(quiet_hours=hours))
    receiver = helpers.receiver()
    assert deliver(routed.workspace, NOW, receiver) == {"quiet": 1}
    assert routed.rows("notifications")[0]["attempts"] == 0
    assert deliver(routed.workspace, later(hours=2), receiver) == {"sent": 1}


def test_a_resolve_never_overtakes_its_trigger(routed, helpers):
    for number in (1, 2, 3):
        routed.signals(routed.day(number).as_of, calm=["m1", "m2"])
        alerts(routed.day(number))
        outbox(routed.day(number))
    receiver = helpers.receiver(Outcome(False, "the receiver answered 503"))
    assert deliver(routed.workspace, NOW, receiver) == {"failed": 1}
    assert deliver(routed.workspace, later(seconds=30), receiver) == {}
    assert deliver(routed.workspace, later(seconds=61), receiver) == {"sent": 2}
    assert [event for event, _, _ in receiver.arrived] == ["trigger", "resolve"]


def test_one_dead_address_holds_nobody_else_back(platform, helpers):
    helpers.routes(platform, helpers.route(), helpers.route(id="other", url_variable="OTHER_URL"))
    platform.merchants("m1")
    platform.signals(helpers.start, red=["m1"])
    alerts(platform.day(0))
    outbox(platform.day(0))

    def sender(parcel, *_):
        works = parcel.source.variable == "OTHER_URL"
        return Outcome(works, None if works else "the receiver answered 500")

    assert deliver(platform.workspace, NOW, sender) == {"sent": 1, "failed": 1}


def test_an_empty_outbox_is_quickly_done(workspace):
    assert deliver(workspace, NOW) == {}
    assert waiting(workspace, NOW) == 0


def test_of_what_was_made_at_one_moment_the_beginning_goes_first():
    events = ["resolve", "ack", "remind", "escalate", "update", "trigger"]
    rows = [
        {"as_of": NOW.date(), "created_at": NOW, "event": event, "notification_id": name}
        for name, event in zip("ABCDEF", events, strict=True)
    ]
    assert [row["event"] for row in sorted(rows, key=place)] == events[::-1]


def test_a_clock_that_was_set_back_holds_no_message_for_ever():
    now = datetime(2026, 10, 30, 8, tzinfo=UTC)
    assert is_due({"next_attempt_at": now + timedelta(days=400)}, now)
    assert not is_due({"next_attempt_at": now + timedelta(hours=1)}, now)
