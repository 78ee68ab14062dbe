"""A day that is not complete by its hour is told once, and its end is told."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.risk.alert_policy import LateDay
from pipelines.defs.alerting.late_day import expected_day
from pipelines.defs.alerting.on_call import serve, waiting
from pipelines.defs.alerting.step import outbox
from reports.messages.facts import MessageFacts
from reports.messages.message import render

POLICY = LateDay.model_validate({"by": "10:00", "severity": "critical"})
DAY = date(2026, 10, 30)


@pytest.mark.parametrize(
    ("local", "day"),
    [("2026-10-31T09:59", "2026-10-29"), ("2026-10-31T10:00", "2026-10-30"), ("2026-11-01T00:00", "2026-10-30")],
)
def test_the_day_that_must_be_complete(local, day):
    assert expected_day(POLICY, datetime.fromisoformat(local)) == date.fromisoformat(day)


@pytest.fixture
def shop(platform, helpers, deliver):
    """A platform in Shanghai's zone whose sales are complete up to 29 October."""
    helpers.routes(platform, helpers.route(), helpers.route(id="mild", severities=["notice"]))
    platform.sell = lambda *days: [
        deliver(
            "sales",
            day + timedelta(days=1),
            *({"merchant_id": one, "sku_id": "s", "date": day} for one in ("m1", "m2")),
        )
        for day in days
    ]
    platform.sell(*(DAY - timedelta(days=back) for back in range(1, 9)))
    return platform


def shanghai(text):
    return datetime.fromisoformat(text + "+08:00").astimezone(UTC)


def told(receiver):
    return [(parcel.facts.event, parcel.facts.subjects[0].group) for parcel, _ in receiver.messages]


def test_told_once_to_whom_it_concerns_and_again_when_it_is_complete(shop, helpers):
    receiver = helpers.receiver()
    serve(shop.workspace, shanghai("2026-10-31T09:59"), receiver)
    assert told(receiver) == []
    for minute in (0, 1, 30):
        serve(shop.workspace, shanghai(f"2026-10-31T10:{minute:02d}"), receiver)
    assert told(receiver) == [("trigger", "2026-10-30")]
    assert {row["route"] for row in shop.rows("notifications")} == {"hook"}
    facts = MessageFacts.model_validate_json(shop.rows("notifications")[0]["payload"])
    assert "newest complete day is Thu 29 Oct" in render(facts, "en").title
    assert "最近的完整日期为 10月29日" in render(facts, "zh-CN").title
    assert "最近的完整日期為 10月29日" in render(facts, "zh-TW").title
    shop.sell(DAY)
    assert waiting(shop.workspace, shanghai("2026-10-31T12:00")) == 1
    serve(shop.workspace, shanghai("2026-10-31T12:00"), receiver)
    serve(shop.workspace, shanghai("2026-10-31T12:01"), receiver)
    assert told(receiver) == [("trigger", "2026-10-30"), ("resolve", "2026-10-30")]
    assert len({parcel.keys.dedup for parcel, _ in receiver.messages}) == 1
    assert waiting(shop.workspace, shanghai("2026-10-31T12:02")) == 0


def test_a_feed_that_stays_away_for_days_is_one_incident(shop, helpers):
    receiver = helpers.receiver()
    for day in ("2026-10-31", "2026-11-01", "2026-11-02"):
        serve(shop.workspace, shanghai(f"{day}T11:00"), receiver)
    assert told(receiver) == [("trigger", "2026-10-30")]
    shop.sell(DAY, DAY + timedelta(days=1), DAY + timedelta(days=2))
    serve(shop.workspace, shanghai("2026-11-02T12:00"), receiver)
    assert told(receiver)[1:] == [("resolve", "2026-10-30")]
    serve(shop.workspace, shanghai("2026-11-03T12:00"), receiver)
    assert told(receiver)[2:] == [("trigger", "2026-11-02")] or told(receiver)[2:] == []


def test_a_demo_or_an_import_of_old_data_is_not_late(shop, helpers):
    receiver = helpers.receiver()
    serve(shop.workspace, shanghai("2026-11-20T11:00"), receiver)
    assert told(receiver) == []


def test_a_day_that_is_run_again_does_not_forget_it(shop, helpers):
    serve(shop.workspace, shanghai("2026-10-31T11:00"), helpers.receiver())
    shop.merchants("m1", "m2")
    from pipelines.day import Day

    outbox(Day(shop.workspace, DAY))
    assert [row["incident_id"] for row in shop.rows("notifications", as_of=DAY)] == ["late-day-2026-10-30"]
