"""Quiet hours in every zone and season, and one message for what waited."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.risk.route_policy import Route
from pipelines.defs.alerting.on_call import plan, serve
from pipelines.defs.alerting.quiet_digest import in_quiet_hours
from pipelines.defs.alerting.rows import Changes, new_row, write
from reports.messages.facts import MessageFacts, Subject

NIGHT = {"from": "22:00", "to": "08:00", "timezone": "Asia/Shanghai", "severities_that_pass": ["critical"]}
DAY = date(2026, 10, 30)


def route(start, end, zone):
    hours = {"from": start, "to": end, "timezone": zone}
    return Route.model_validate({"id": "r", "url_variable": "R_URL", "form": "chat", "quiet_hours": hours})


@pytest.mark.parametrize(
    ("start", "end", "zone", "moment", "quiet"),
    [
        # Shanghai has no daylight saving now; it had until 1991 (UTC+9 in summer).
        ("22:00", "08:00", "Asia/Shanghai", "2026-07-01T13:59:59", False),
        ("22:00", "08:00", "Asia/Shanghai", "2026-07-01T14:00:00", True),
        ("22:00", "08:00", "Asia/Shanghai", "2026-01-02T00:00:00", False),
        ("22:00", "08:00", "Asia/Shanghai", "1990-07-01T13:00:00", True),
        ("22:00", "08:00", "Asia/Shanghai", "1990-07-01T12:59:59", False),
        # Sao Paulo: UTC-3 all year since 2019; until then midnight itself was left out in spring (UTC-2 in summer).
        ("22:00", "07:00", "America/Sao_Paulo", "2026-01-15T00:59:59", False),
        ("22:00", "07:00", "America/Sao_Paulo", "2026-01-15T01:00:00", True),
        ("22:00", "07:00", "America/Sao_Paulo", "2026-01-15T09:59:59", True),
        ("22:00", "07:00", "America/Sao_Paulo", "2026-01-15T10:00:00", False),
        ("00:00", "01:00", "America/Sao_Paulo", "2018-11-04T02:59:59", False),
        ("00:00", "01:00", "America/Sao_Paulo", "2018-11-04T03:00:00", False),  # 23:59 is followed by 01:00
        ("22:00", "07:00", "America/Sao_Paulo", "2018-11-04T08:59:59", True),
        ("22:00", "07:00", "America/Sao_Paulo", "2018-11-04T09:00:00", False),
        # New York: in spring 02:30 does not exist, in autumn 01:30 comes twice.
        ("22:00", "02:30", "America/New_York", "2026-03-08T06:59:59", True),
        ("22:00", "02:30", "America/New_York", "2026-03-08T07:00:00", False),
        ("01:00", "02:00", "America/New_York", "2026-11-01T05:30:00", True),
        ("01:00", "02:00", "America/New_York", "2026-11-01T06:30:00", True),
        ("01:00", "02:00", "America/New_York", "2026-11-01T07:00:00", False),
    ],
)
def test_quiet_hours_are_those_of_the_clock_on_the_wall(start, end, zone, moment, quiet):
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert in_quiet_hours(route(start, end, zone), "warning", at) is quiet


@pytest.fixture
def night(platform, helpers):
    """A chat and a webhook that sleep, and a way to put a message into the outbox at a moment of the night."""
    helpers.routes(
        platform,
        helpers.route(id="chat", form="chat", url_variable="CHAT_URL", quiet_hours=NIGHT),
        helpers.route(quiet_hours=NIGHT),
    )

    def put(name, event="trigger", severity="warning", name_of_route="chat", at="23:00", attempts=0):
        hour, minute = (int(part) for part in at.split(":"))
        moment = datetime(2026, 10, 30 if hour > 12 else 31, hour, minute, tzinfo=UTC) - timedelta(hours=8)
        subject = Subject(
            reference=name,
            merchant_id=f"m-{name}",
            leg="sales",
            metric="sales.x",
            severity=severity,
            money_at_risk=float(len(name)),
        )
        facts = MessageFacts(
            kind="alert", event=event, as_of=DAY, platform="P", currency="CNY", severity=severity, subjects=(subject,)
        )
        key = f"merchant-gps:{name}"
        row = new_row(facts, DAY, name_of_route, key, f"{key}:{name_of_route}:{event}:{DAY}", moment)
        write(platform.workspace, Changes([{**row, "attempts": attempts}]))

    platform.wake = put
    return platform


def shanghai(text):
    return datetime.fromisoformat(text + "+08:00").astimezone(UTC)


MORNING = shanghai("2026-10-31T08:00")


def arrived(receiver):
    return sorted((parcel.form, parcel.facts.event, parcel.facts.severity) for parcel, _ in receiver.messages)


def test_the_rest_comes_as_one_message_in_the_morning_and_critical_news_at_once(night, helpers):
    receiver = helpers.receiver()
    for number in range(15):
        night.wake(f"A{number:02d}", severity="notice" if number else "warning")
    night.wake("CRIT", severity="critical")
    serve(night.workspace, shanghai("2026-10-30T23:01"), receiver)
    assert arrived(receiver) == [("chat", "trigger", "critical")]
    serve(night.workspace, shanghai("2026-10-31T07:59"), receiver)
    assert len(receiver.messages) == 1
    serve(night.workspace, MORNING, receiver)
    assert arrived(receiver)[0] == ("chat", "digest", "warning")
    assert len(receiver.messages) == 2
    facts = receiver.messages[-1][0].facts
    assert (len(facts.subjects), facts.more, len(facts.holds)) == (10, 5, 15)
    assert facts.subjects[0].reference == "A00", "the gravest first"
    assert "15 messages waited" in receiver.messages[-1][0].message.title
    held = [row for row in night.rows("notifications") if row["status"] == "suppressed"]
    assert {row["error"] for row in held} == {"told in the digest of the quiet hours"}
    assert len(held) == 15
    assert serve(night.workspace, MORNING + timedelta(minutes=1), receiver) == {}


def test_one_message_is_no_digest_and_a_receiver_with_a_state_gets_each(night, helpers):
    receiver = helpers.receiver()
    night.wake("A1")
    night.wake("A1", name_of_route="hook")
    night.wake("A2", name_of_route="hook")
    serve(night.workspace, MORNING, receiver)
    assert arrived(receiver) == [
        ("chat", "trigger", "warning"),
        ("webhook", "trigger", "warning"),
        ("webhook", "trigger", "warning"),
    ]


def test_what_opened_and_ended_in_the_night_is_told_to_nobody(night, helpers):
    receiver = helpers.receiver()
    for name in ("A1", "A2", "A3"):
        night.wake(name)
    night.wake("A1", "resolve", at="03:00")
    serve(night.workspace, MORNING, receiver)
    assert arrived(receiver) == [("chat", "digest", "warning")]
    assert {one.reference for one in receiver.messages[0][0].facts.subjects} == {"A2", "A3"}
    gone = [row for row in night.rows("notifications") if row["error"] == "it began and ended within the quiet hours"]
    assert sorted(row["event"] for row in gone) == ["resolve", "trigger"]


def test_what_came_by_day_or_was_tried_is_not_gathered(night, helpers):
    receiver = helpers.receiver()
    night.wake("DAY", at="21:59")
    night.wake("TRIED", attempts=1)
    night.wake("A1")
    serve(night.workspace, MORNING, receiver)
    assert arrived(receiver) == [("chat", "trigger", "warning")] * 3


def test_killed_after_the_digest_was_written_nothing_is_told_twice(night, helpers):
    for name in ("A1", "A2", "A3"):
        night.wake(name)
    found = plan(night.workspace, MORNING)
    assert (len(found.rows), len(found.marks)) == (1, 3)
    write(night.workspace, Changes(found.rows))
    again = plan(night.workspace, MORNING)
    assert (len(again.rows), len(again.marks)) == (0, 3)
    receiver = helpers.receiver()
    serve(night.workspace, MORNING, receiver)
    assert arrived(receiver) == [("chat", "digest", "warning")]
