"""The outbox over a real lake: what is written, what stays when a day is run again."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.defs.alerting.outbox import merge
from pipelines.defs.alerting.step import alerts, outbox
from pipelines.defs.alerting.store import Journal, Mark, delivery_lock, settle


def test_a_new_alert_waits_with_its_facts(routed):
    row = routed.rows("notifications")[0]
    assert (row["route"], row["event"], row["status"], row["attempts"]) == ("hook", "trigger", "pending", 0)
    facts = json.loads(row["payload"])
    subject = facts["subjects"][0]
    assert (subject["merchant_name"], subject["observed"], subject["expected"]) == ("Shop m1", 0.06, 0.02)
    assert subject["metric_names"]["zh-CN"]
    assert facts["currency"] == "CNY"


def test_links_appear_when_the_workspace_knows_its_address(routed):
    config = "buckets: 2\npublishing: {base_url: 'https://gps.example.com/pages/'}\n"
    (routed.workspace.home / "config.yaml").write_text(config, encoding="utf-8")
    fresh = replace(routed.day(0), workspace=type(routed.workspace).at(routed.workspace.home))
    outbox(fresh)
    # What waits already keeps its facts; a new workspace of the same day has the link.
    assert json.loads(routed.rows("notifications")[0]["payload"])["subjects"][0]["page"] is None
    fresh.lake.delete("notifications", "true")
    outbox(fresh)
    page = json.loads(routed.rows("notifications")[0]["payload"])["subjects"][0]["page"]
    assert page.startswith("https://gps.example.com/pages/2026-10-01/")
    assert "m1" not in page


def test_a_day_run_again_adds_nothing_and_keeps_what_was_sent(routed):
    sent = {**routed.rows("notifications")[0], "status": "sent", "attempts": 1}
    schema = routed.workspace.lake.read("notifications").schema
    import pyarrow as pa

    routed.workspace.lake.replace_day("notifications", routed.day(0).as_of, pa.Table.from_pylist([sent], schema=schema))
    outbox(routed.day(0))
    assert [row["status"] for row in routed.rows("notifications")] == ["sent"]


def called_off(routed, helpers):
    """The route is switched off, so that the day calls for none of its messages any more."""
    helpers.routes(routed, helpers.route(active=False))
    return [row for row in routed.rows("notifications") if row["route"] == "hook"]


def test_a_message_that_was_sent_stays_although_only_the_journal_knows(routed, helpers):
    (row,) = called_off(routed, helpers)
    journal = Journal(routed.workspace)
    now = datetime(2026, 10, 2, 6, tzinfo=UTC)
    journal.write(Mark(row["notification_id"], row["as_of"], "sent", 1, None, now, None))  # and then it was killed
    outbox(routed.day(0))
    (kept,) = [row for row in routed.rows("notifications") if row["route"] == "hook"]
    assert (kept["status"], kept["attempts"], kept["sent_at"]) == ("sent", 1, now)
    assert settle(routed.workspace) == 0
    assert [one["status"] for one in routed.rows("notifications") if one["route"] == "hook"] == ["sent"]


def test_nothing_is_taken_back_while_somebody_sends(routed, helpers, monkeypatch, caplog):
    (row,) = called_off(routed, helpers)
    monkeypatch.setattr("pipelines.defs.alerting.outbox.LOCK_SECONDS", 0.05)
    with delivery_lock(routed.workspace):
        outbox(routed.day(0))
    assert "no message of 2026-10-01 is taken back" in caplog.text
    assert row["notification_id"] in {one["notification_id"] for one in routed.rows("notifications")}
    outbox(routed.day(0))
    assert row["notification_id"] not in {one["notification_id"] for one in routed.rows("notifications")}


def test_merge_keeps_touched_rows_and_drops_what_is_no_longer_called_for():
    def row(name, status="pending", attempts=0, incident_id=None, event="trigger", key="k:2026-10-01"):
        return {
            "notification_id": name,
            "as_of": date(2026, 10, 1),
            "status": status,
            "attempts": attempts,
            "incident_id": incident_id,
            "event": event,
            "dedup_key": key,
            "idempotency_key": key,
        }

    existing = [
        row("sent", "sent", 1),
        row("tried", attempts=2),
        row("gone"),
        row("held", "suppressed"),
        row("run", incident_id="run-failure-2026-10-01"),
        row("late", incident_id="late-day-2026-10-01"),
        row("climbed", event="escalate"),
        row("reminded", event="remind"),
        row("answered", event="ack", key="k:hook:ack:2026-10-02"),
        row("quiet", event="digest", key="merchant-gps:quiet-ABC:chat:digest:2026-10-01"),
        row("same"),
    ]
    merged = merge(existing, [row("same"), row("new")])
    assert [one["notification_id"] for one in merged] == [
        "sent", "tried", "run", "late", "climbed", "reminded", "answered", "quiet", "same", "new",
    ]  # fmt: skip


def test_the_resolve_follows_the_trigger_with_the_same_dedup_key(routed):
    for number in (1, 2, 3):
        routed.signals(routed.day(number).as_of, calm=["m1", "m2"])
        alerts(routed.day(number))
        outbox(routed.day(number))
    trigger, resolve = sorted(routed.rows("notifications"), key=lambda row: row["as_of"])
    assert (trigger["event"], resolve["event"]) == ("trigger", "resolve")
    assert trigger["dedup_key"] == resolve["dedup_key"]
    assert resolve["as_of"] - trigger["as_of"] == timedelta(days=3)
    assert json.loads(resolve["payload"])["resolution"] == "recovered"


def test_the_first_day_of_a_platform_does_not_flood(platform, helpers):
    helpers.routes(platform, helpers.route())
    everyone = [f"m{number}" for number in range(40)]
    platform.merchants(*everyone)
    platform.signals(helpers.start, red=everyone)
    assert alerts(platform.day(0))["alerts"] == 40
    outbox(platform.day(0))
    rows = platform.rows("notifications")
    pending = [row for row in rows if row["status"] == "pending"]
    assert sorted(row["event"] for row in pending) == ["digest", "trigger"]
    digest = json.loads(next(row["payload"] for row in pending if row["event"] == "digest"))
    assert (len(digest["subjects"]), digest["more"]) == (10, 29)


def test_a_backtest_writes_no_message(routed):
    past = replace(routed.day(0), kind="backtest", backtest="x")
    assert outbox(past) == {"notifications": 0}


def test_merchants_get_one_digest_of_what_to_do(platform, helpers):
    mail = {"id": "brand", "url_variable": "BRAND_URL", "form": "mail", "actions": 5}
    helpers.routes(platform, merchant_routes=[mail])
    platform.merchants("m1", contact_route="brand", locale="zh-TW")
    platform.merchants("m2", contact_route="none of ours")
    prompts = [
        {
            "merchant_id": one,
            "rank": rank,
            "prompt_id": f"p{rank}",
            "leg": "sales",
            "action": f"do {rank}",
            "reason": "why",
            "worth": 100.0,
            "due_on": helpers.start,
            "today": True,
            "good_news": rank == 3,
        }
        for one in ("m1", "m2")
        for rank in (1, 2, 3)
    ]
    platform.put("prompts", helpers.start, *prompts)
    alerts(platform.day(0))
    outbox(platform.day(0))
    row = platform.rows("notifications")[0]
    facts = json.loads(row["payload"])
    assert (row["merchant_id"], row["event"], row["route"]) == ("m1", "digest", "brand")
    assert [action["text"] for action in facts["actions"]] == ["do 1", "do 2"]
    assert facts["locale"] == "zh-TW"
    assert len(platform.rows("notifications")) == 1


def test_a_past_day_computed_again_wakes_nobody(routed):
    routed.signals(routed.day(1).as_of, red=["m1"])
    alerts(routed.day(1))
    routed.workspace.lake.delete("notifications", "true")
    outbox(routed.day(0))
    row = routed.rows("notifications")[0]
    assert (row["status"], row["error"]) == ("suppressed", "a later day had already been navigated")


def of_the_day_alone(platform):
    """A budget that does not ask what opened on the days before."""
    shipped = platform.workspace.policy_path("alerting.yaml").read_text(encoding="utf-8")
    own = platform.workspace.home / "policy" / "alerting.yaml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(shipped.replace("over_days: 28", "over_days: 1"), encoding="utf-8")


@pytest.mark.parametrize(("money", "status"), [(6000.0, "suppressed"), (90000.0, "pending")])
def test_on_a_small_platform_only_the_gravest_of_four_weeks_rings(platform, helpers, money, status):
    helpers.routes(platform, helpers.route())
    platform.merchants("m1", "m2")
    platform.signals(helpers.start, red=["m1"])
    alerts(platform.day(0))
    outbox(platform.day(0))
    tomorrow = platform.day(1).as_of
    platform.signals(tomorrow, red=["m1", "m2"])
    signals = [row | {"money_at_risk": money} for row in platform.rows("metric_signals", as_of=tomorrow)]
    platform.put("metric_signals", tomorrow, *signals)
    alerts(platform.day(1))
    outbox(platform.day(1))
    trigger = platform.rows("notifications", as_of=tomorrow, event="trigger")[0]
    assert (trigger["merchant_id"], trigger["status"]) == ("m2", status)
    digests = platform.rows("notifications", as_of=tomorrow, event="digest")
    assert len(digests) == (status == "suppressed")


def test_what_follows_from_a_graver_alert_waits_for_the_digest(platform, helpers):
    """A critical alert on dispatch; late deliveries open on the next day, downstream of it and milder."""
    service = {"metric": "service.first_reply_24h", "leg": "service", "money_at_risk": 9000.0, "kind": "rate"}
    red = {"merchant_id": "m1", "window": "10d", "light": "red", "better": "lower", "probability_over_limit": 0.99}
    dispatch = {**red, "metric": "fulfilment.late_dispatch", "leg": "fulfilment", "kind": "rate"}
    platform.merchants("m1")
    rule = {"over": "critical", "holds": ["warning", "notice"]}
    helpers.routes(platform, helpers.route(), inhibition=[rule])
    of_the_day_alone(platform)
    platform.put("metric_signals", helpers.start, {**dispatch, "money_at_risk": 90000.0})
    alerts(platform.day(0))
    outbox(platform.day(0))
    tomorrow = platform.day(1).as_of
    platform.put("metric_signals", tomorrow, {**dispatch, "money_at_risk": 90000.0}, {**red, **service})
    alerts(platform.day(1))
    outbox(platform.day(1))
    critical = platform.rows("alerts", as_of=tomorrow, severity="critical")[0]["alert_id"]
    rows = {row["event"]: row for row in platform.rows("notifications", as_of=tomorrow)}
    assert rows["trigger"]["error"] == f"alert {critical} of the merchant is graver; in the digest"
    assert rows["digest"]["status"] == "pending"
    calls, days = {}, range(2, 6)  # three calm days resolve it, and a day after that
    for number in days:  # dispatch is mended, late replies are not
        mended = {**dispatch, "light": "green", "probability_over_limit": 0.0, "money_at_risk": 0.0}
        platform.put("metric_signals", platform.day(number).as_of, mended, {**red, **service})
        alerts(platform.day(number))
        outbox(platform.day(number))
        if platform.rows("notifications", as_of=platform.day(number).as_of):
            outbox(platform.day(number))  # run again, it calls once
        calls[number] = [
            (row["event"], row["status"])
            for row in platform.rows("notifications", as_of=platform.day(number).as_of)
            if row["alert_id"] not in (None, critical)
        ]
    resolved = [
        number
        for number in days
        if platform.rows("alerts", as_of=platform.day(number).as_of, alert_id=critical, status="resolved")
    ]
    assert {number for number, rows in calls.items() if rows} == {resolved[0]}
    assert calls[resolved[0]] == [("trigger", "pending")]
