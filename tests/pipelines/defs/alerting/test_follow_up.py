"""Nobody answers: the ladder is climbed and reminders come. Somebody does: everything stops, and the others hear."""

from datetime import UTC, datetime, timedelta

import pytest

from pipelines.defs.alerting.board import board
from pipelines.defs.alerting.follow_up import ladder_state
from pipelines.defs.alerting.on_call import serve, waiting
from pipelines.defs.alerting.policies import route_policy
from pipelines.defs.alerting.step import alerts, outbox
from pipelines.feedback import give
from reports.delivery.channel import Outcome
from reports.messages.facts import MessageFacts

NOW = datetime.now(UTC) + timedelta(hours=3)  # after whatever the tests put into the outbox
LADDER = {
    "escalation": [
        {
            "severities": ["warning", "critical"],
            "levels": [
                {"after_minutes": 15, "routes": ["hook"]},
                {"after_minutes": 30, "routes": ["boss", "nobody-home"]},
            ],
            "repeat": 1,
        }
    ],
}
REMINDERS = {"reminders": [{"severities": ["warning"], "every_hours": 4}]}


def later(minutes):
    return NOW + timedelta(minutes=minutes)


@pytest.fixture
def oncall(routed, helpers):
    """One open alert, told to one route, with a ladder to two more (one of them switched off)."""

    def make(**follow_up):
        helpers.routes(
            routed,
            helpers.route(),
            helpers.route(id="boss", url_variable="BOSS_URL", severities=["critical"]),
            helpers.route(id="nobody-home", url_variable="NOBODY_URL", active=False),
            follow_up=follow_up,
        )
        return routed

    return make


def at_minutes(platform, receiver, *minutes):
    for minute in minutes:
        serve(platform.workspace, later(minute), receiver)


def told(receiver):
    return [(parcel.source.variable, parcel.facts.event) for parcel, sent in receiver.messages if sent]


def moments(platform, event):
    rows = platform.rows("notifications", event=event)
    return sorted((round((row["created_at"] - NOW).total_seconds() / 60), row["route"]) for row in rows)


def test_the_ladder_is_climbed_until_its_end_and_no_further(oncall, helpers):
    platform, receiver = oncall(**LADDER), helpers.receiver()
    at_minutes(platform, receiver, 0, 14, 15, 44, 45, 60, 90, 105, 500)
    assert moments(platform, "escalate") == [(15, "hook"), (45, "boss"), (60, "hook"), (90, "boss")]
    ladder = [("HOOK_URL", "escalate"), ("BOSS_URL", "escalate")]
    assert told(receiver) == [("HOOK_URL", "trigger"), *ladder, *ladder]
    rows = platform.rows("notifications")
    assert len({row["dedup_key"] for row in rows}) == 1
    assert len({row["idempotency_key"] for row in rows}) == len(rows)
    facts = MessageFacts.model_validate_json(platform.rows("notifications", event="escalate")[0]["payload"])
    assert (facts.event, facts.subjects[0].merchant_id) == ("escalate", "m1")
    assert facts.waited_minutes >= 15


@pytest.mark.parametrize(
    ("action", "values", "event"),
    [
        ("ack", {}, "ack"),
        pytest.param("snooze", {"until": "later"}, "ack", marks=pytest.mark.faults),
        ("label", {"verdict": "false"}, "resolve"),
    ],
)
def test_an_answer_stops_everything_at_once_and_is_passed_on(oncall, helpers, action, values, event):
    platform, receiver = oncall(**LADDER, **REMINDERS), helpers.receiver()
    at_minutes(platform, receiver, 0, 15, 45)
    assert [one for one in told(receiver) if one[1] == "escalate"] == [
        ("HOOK_URL", "escalate"),
        ("BOSS_URL", "escalate"),
    ]
    alert_id = platform.rows("alerts")[0]["alert_id"]
    values = {"until": platform.day(9).as_of} if "until" in values else values
    give(platform.workspace, alert_id, action, by="Li", **values)
    before = len(receiver.messages)
    at_minutes(platform, receiver, 51, 1200)
    after = [(parcel.source.variable, parcel.facts) for parcel, _ in receiver.messages[before:]]
    assert sorted((variable, facts.event) for variable, facts in after) == [("BOSS_URL", event), ("HOOK_URL", event)]
    if action == "ack":
        assert {facts.acked_by for _, facts in after} == {"Li"}
    if action == "snooze":
        assert {facts.snoozed_until for _, facts in after} == {platform.day(9).as_of}
    assert waiting(platform.workspace, later(2000)) == 0


def test_the_days_run_does_not_tell_an_answer_again(oncall, helpers):
    platform, receiver = oncall(**LADDER), helpers.receiver()
    serve(platform.workspace, NOW, receiver)
    give(platform.workspace, platform.rows("alerts")[0]["alert_id"], "ack", by="Li")
    serve(platform.workspace, later(1), receiver)
    assert told(receiver)[-1] == ("HOOK_URL", "ack")
    (path,) = (platform.workspace.landing / "feedback").glob("*.csv")
    taken_over(platform, path)
    platform.signals(platform.day(1).as_of, red=["m1"], calm=["m2"])
    alerts(platform.day(1))
    assert platform.rows("alerts", as_of=platform.day(1).as_of)[0]["event"] == "acked"
    outbox(platform.day(1))
    serve(platform.workspace, later(2), receiver)
    assert [event for _, event in told(receiver)] == ["trigger", "ack"]


def taken_over(platform, path):
    """What ingestion does with an entry: it lies in the lake, known on the day of its file."""
    import csv
    from datetime import date

    (entry,) = csv.DictReader(path.open(encoding="utf-8"))
    entry["given_at"] = datetime.fromisoformat(entry["given_at"])
    known_on = date.fromisoformat(path.name[:10])
    platform.deliver("feedback", known_on, {name: value or None for name, value in entry.items()})


def test_what_waits_is_taken_back_when_somebody_answers(oncall, helpers):
    platform = oncall(**LADDER)
    sleepy = {"from": f"{later(-60):%H:%M}", "to": f"{later(600):%H:%M}", "timezone": "UTC"}
    helpers.routes(
        platform,
        helpers.route(),
        helpers.route(id="boss", url_variable="BOSS_URL", quiet_hours=sleepy),
        follow_up=LADDER_BOSS,
    )
    receiver = helpers.receiver()
    at_minutes(platform, receiver, 0, 15, 20)
    assert [row["status"] for row in platform.rows("notifications", route="boss")] == ["pending"]
    give(platform.workspace, platform.rows("alerts")[0]["alert_id"], "ack", by="Li")
    # The answer is given at the machine's own time, which lies before the moments of this test.
    mended = platform.rows("notifications", route="boss")[0]["created_at"] - timedelta(hours=9)
    back_date(platform, "boss", mended)
    serve(platform.workspace, later(41), receiver)
    row = platform.rows("notifications", route="boss")[0]
    assert (row["status"], row["error"]) == ("suppressed", "acked by Li before it was sent")
    serve(platform.workspace, later(700), receiver)
    assert "BOSS_URL" not in {variable for variable, _ in told(receiver)}


LADDER_BOSS = {"escalation": [{"severities": ["warning"], "levels": [{"after_minutes": 15, "routes": ["boss"]}]}]}


def back_date(platform, route, moment):
    import pyarrow as pa

    rows = platform.rows("notifications")
    for row in rows:
        if row["route"] == route:
            row["created_at"] = moment
    schema = platform.workspace.lake.read("notifications").schema
    platform.workspace.lake.replace_day("notifications", rows[0]["as_of"], pa.Table.from_pylist(rows, schema=schema))


def test_reminders_come_until_somebody_answers(oncall, helpers):
    platform, receiver = oncall(**REMINDERS), helpers.receiver()
    at_minutes(platform, receiver, 0, 239, 240, 300, 480, 720)
    assert moments(platform, "remind") == [(240, "hook"), (480, "hook"), (720, "hook")]
    give(platform.workspace, platform.rows("alerts")[0]["alert_id"], "ack", by="Li")
    at_minutes(platform, receiver, 960, 1500)
    assert len(moments(platform, "remind")) == 3


@pytest.mark.faults
def test_a_receiver_that_takes_nothing_starts_the_ladder_all_the_same(oncall, helpers):
    platform = oncall(**LADDER_BOSS)

    def sender(parcel, *_):
        works = parcel.source.variable == "BOSS_URL"
        return Outcome(works, None if works else "the receiver answered 500")

    for minute in (0, 20):
        serve(platform.workspace, later(minute), sender)
    assert [row["status"] for row in platform.rows("notifications", route="boss", event="escalate")] == ["sent"]


@pytest.mark.faults
def test_what_resolved_is_followed_no_further_and_the_resolve_reaches_whoever_was_escalated_to(oncall, helpers):
    platform, receiver = oncall(**LADDER, **REMINDERS), helpers.receiver()
    at_minutes(platform, receiver, 0, 15, 45)
    for number in (1, 2, 3):
        platform.signals(platform.day(number).as_of, calm=["m1", "m2"])
        alerts(platform.day(number))
        outbox(platform.day(number))
    before = len(receiver.messages)
    at_minutes(platform, receiver, 60, 1000)
    after = told(receiver)[before:]
    assert sorted(after) == [("BOSS_URL", "resolve"), ("HOOK_URL", "resolve")]


def test_looking_costs_nothing_when_there_is_nothing(workspace, helpers, platform):
    helpers.routes(platform, helpers.route(), follow_up=LADDER_HOOK)
    assert serve(workspace, NOW, helpers.receiver()) == {}
    assert waiting(workspace, NOW) == 0


def test_an_incident_is_climbed_too_and_can_be_taken_on(platform, helpers):
    helpers.routes(platform, helpers.route(), follow_up={**LADDER_HOOK})
    platform.merchants("m1")
    platform.signals(helpers.start, calm=["m1"])
    platform.put("incidents", helpers.start, {
        "incident_id": "inc-0123456789ab", "scope": "platform", "group": "", "leg": "sales", "metric": "sales.x",
        "effect": 0.5, "p_value": 0.001, "members": 7, "opened_on": helpers.start, "status": "open",
    })  # fmt: skip
    alerts(platform.day(0))
    outbox(platform.day(0))
    receiver = helpers.receiver()
    at_minutes(platform, receiver, 0, 15)
    assert [event for _, event in told(receiver)] == ["trigger", "escalate"]
    give(platform.workspace, "INC-0123456789AB", "ack", by="Li")
    at_minutes(platform, receiver, 16, 300)
    assert [event for _, event in told(receiver)] == ["trigger", "escalate", "ack"]
    with pytest.raises(ValueError, match="can be acked or snoozed"):
        give(platform.workspace, "inc-0123456789ab", "resolve", by="Li")


LADDER_HOOK = {
    "escalation": [{"severities": ["critical"], "levels": [{"after_minutes": 15, "routes": ["hook"]}], "repeat": 50}]
}


def test_how_far_an_alert_has_climbed(oncall, helpers):
    platform, receiver = oncall(**LADDER), helpers.receiver()
    alert_id = platform.rows("alerts")[0]["alert_id"]

    def state(minute):
        workspace = platform.workspace
        return ladder_state(route_policy(workspace), board(workspace, later(minute)), alert_id)

    at_minutes(platform, receiver, 0)
    first = state(0)
    assert (first["levels_told"], first["levels"], first["next_routes"], first["answered"]) == (0, 4, "hook", None)
    assert first["next_at"] - first["first_told_at"] == timedelta(minutes=15)
    at_minutes(platform, receiver, 15)
    second = state(16)
    assert (second["levels_told"], second["next_routes"]) == (1, "boss")
    assert round((second["next_at"] - later(15)).total_seconds() / 60) == 30
    give(platform.workspace, alert_id, "ack", by="Li")
    answered = state(17)
    assert (answered["answered"], answered["next_at"]) == ("acked by Li", None)
    assert ladder_state(route_policy(platform.workspace), board(platform.workspace, NOW), "OTHER") is None
