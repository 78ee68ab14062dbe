"""Which messages a day calls for: routes, budget, cap, incidents, and what follows a trigger."""

from datetime import date

import pandas as pd
import pytest

from models.risk.day_news import DayNews
from models.risk.outbox import decide, merchant_digests
from models.risk.route_policy import RoutePolicy

DAY = date(2026, 10, 5)
CHAT = {"id": "chat", "url_variable": "CHAT_URL", "form": "chat", "severities": ["warning", "critical"]}
HOOK = {"id": "hook", "url_variable": "HOOK_URL", "form": "webhook"}


def routes(*rows, cap=3, **more):
    return RoutePolicy.model_validate({"cap_per_merchant_and_day": cap, "routes": list(rows), **more})


def alert(name, event="opened", **values):
    return {
        "alert_id": name,
        "merchant_id": f"m-{name}",
        "leg": "sales",
        "severity": "warning",
        "status": "open",
        "event": event,
        "incident_id": None,
        "money_at_risk": 100.0,
        "category": "shoes",
        "growth_stage": "mature",
        "size_class": "mid",
        **values,
    }


def news(alerts=(), incidents=(), told=(), merchants=500, **more):
    return DayNews(
        alerts=pd.DataFrame(list(alerts), columns=list(alert("x"))),
        incidents=pd.DataFrame(list(incidents), columns=["incident_id", "scope", "leg", "status", "worse"])
        .astype(object)
        .fillna({"worse": False}),
        told=pd.DataFrame(list(told), columns=["alert_id", "incident_id", "route", "event"]).astype(object),
        merchants=merchants,
        **more,
    )


@pytest.fixture
def settle(alert_policy):
    def run(day_news, *rows, cap=3, at_least=10, over_days=1, **more):
        budget = alert_policy.budget.model_copy(update={"at_least": at_least, "over_days": over_days})
        policy = alert_policy.model_copy(update={"budget": budget})
        return decide(day_news, policy, routes(*rows, cap=cap, **more), DAY)

    return run


def told(name, route="chat", event="trigger"):
    return {"alert_id": name, "incident_id": None, "route": route, "event": event}


def events(rows):
    return sorted(zip(rows["alert_id"], rows["route"], rows["event"], rows["status"], strict=True), key=str)


def test_a_new_alert_goes_to_every_route_that_wants_it(settle):
    rows = settle(news([alert("A"), alert("B", severity="notice")]), CHAT, HOOK)
    assert events(rows) == [
        ("A", "chat", "trigger", "pending"),
        ("A", "hook", "trigger", "pending"),
        ("B", "hook", "trigger", "pending"),
    ]


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        ({"legs": ["sales"]}, True),
        ({"legs": ["service"]}, False),
        ({"size_classes": ["key"]}, False),
        ({"categories": ["shoes"]}, True),
        ({"growth_stages": ["new"]}, False),
    ],
)
def test_filters_of_a_route(settle, filters, passes):
    assert len(settle(news([alert("A")]), {**HOOK, **filters})) == passes


def test_follow_ups_go_where_the_trigger_went_and_only_there(settle):
    rows = settle(
        news(
            [alert("A", "resolved", severity="notice", status="resolved"), alert("B", "resolved", status="resolved")],
            told=[told("A")],
        ),
        CHAT,
        HOOK,
    )
    assert events(rows) == [("A", "chat", "resolve", "pending")]


def test_trigger_update_and_resolve_share_the_dedup_key_and_no_idempotency_key(settle):
    trigger = settle(news([alert("A")]), CHAT).iloc[0]
    resolve = settle(news([alert("A", "resolved", status="resolved")], told=[told("A")]), CHAT).iloc[0]
    assert trigger["dedup_key"] == resolve["dedup_key"] == "merchant-gps:A"
    assert trigger["idempotency_key"] != resolve["idempotency_key"]
    assert trigger["notification_id"] == settle(news([alert("A")]), CHAT).iloc[0]["notification_id"]


def test_an_alert_that_becomes_grave_enough_is_news_to_a_route(settle):
    rows = settle(news([alert("A", "raised")], told=[told("A", "hook")]), CHAT, HOOK)
    assert events(rows) == [("A", "chat", "trigger", "pending"), ("A", "hook", "update", "pending")]


def test_sleep_is_respected_except_for_the_gravest_news(settle):
    asleep = alert("A", "raised", status="snoozed")
    assert settle(news([asleep], told=[told("A")]), CHAT).empty
    assert len(settle(news([{**asleep, "severity": "critical"}], told=[told("A")]), CHAT)) == 1
    assert settle(news([alert("A", "lowered", status="acked")], told=[told("A")]), CHAT).empty


def test_the_budget_tells_the_gravest_and_richest_and_digests_the_rest(settle):
    day = [
        alert("A", severity="critical", money_at_risk=1.0),
        alert("B", money_at_risk=9.0),
        alert("C", money_at_risk=5.0),
    ]
    rows = settle(news(day), CHAT, at_least=2)
    assert events(rows[rows["event"] == "trigger"]) == [
        ("A", "chat", "trigger", "pending"),
        ("B", "chat", "trigger", "pending"),
        ("C", "chat", "trigger", "suppressed"),
    ]
    assert rows.set_index("alert_id").loc["C", "error"] == "over the budget of the day; in the digest"
    digest = rows[rows["event"] == "digest"].iloc[0]
    assert (digest["route"], digest["status"], digest["severity"]) == ("chat", "pending", "warning")


def test_only_the_gravest_of_the_weeks_before_are_told_singly(settle):
    recent = pd.DataFrame({"severity": ["warning", "notice", "warning"], "money_at_risk": [100.0, 9e6, None]})
    day = [alert("A", money_at_risk=101.0), alert("B", severity="critical", money_at_risk=1.0), alert("C")]
    rows = settle(news(day, merchants=100, recent=recent), CHAT, at_least=2, over_days=28)
    triggers = rows[rows["event"] == "trigger"].set_index("alert_id")
    assert triggers["status"].to_dict() == {"A": "pending", "B": "pending", "C": "suppressed"}
    rows = settle(news([alert("C")], merchants=100, recent=recent), CHAT, at_least=1, over_days=28)
    assert rows.set_index("alert_id").loc["C", "error"] == "graver ones opened within 28 days; in the digest"


def test_what_was_told_already_stays_told(settle):
    recent = pd.DataFrame({"severity": ["critical"], "money_at_risk": [1e6]})
    rows = settle(
        news([alert("A")], merchants=100, recent=recent, told_today=frozenset({"A"})), CHAT, at_least=1, over_days=28
    )
    assert rows["status"].tolist() == ["pending"]


def test_a_merchant_is_told_a_few_alerts_a_day(settle):
    day = [alert(name, merchant_id="m1", money_at_risk=float(rank)) for rank, name in enumerate("DCBA")]
    rows = settle(news(day), CHAT, cap=1)
    triggers = rows[rows["event"] == "trigger"].set_index("alert_id")
    assert triggers["status"].to_dict() == {"A": "pending", "B": "suppressed", "C": "suppressed", "D": "suppressed"}


def test_members_of_an_incident_are_told_with_it(settle):
    incident = {"incident_id": "I1", "scope": "platform", "leg": "sales", "status": "open"}
    day = news([alert("A", incident_id="I1")], [incident])
    rows = settle(day, CHAT).set_index("alert_id", drop=False)
    assert (rows.loc["A", "status"], rows.loc["A", "error"]) == ("suppressed", "told with incident I1")
    one = rows[rows["alert_id"].isna()].iloc[0]
    assert (one["incident_id"], one["event"], one["severity"]) == ("I1", "trigger", "critical")
    sent = {"alert_id": None, "incident_id": "I1", "route": "chat", "event": "trigger"}
    again = news(incidents=[incident], told=[sent])
    assert settle(again, CHAT).empty
    closed = news(incidents=[{**incident, "status": "resolved"}], told=[sent])
    assert settle(closed, CHAT)["event"].tolist() == ["resolve"]


def test_an_incident_that_became_much_worse_is_told_again_to_those_who_know_of_it(settle):
    incident = {"incident_id": "I1", "scope": "platform", "leg": "sales", "status": "open", "worse": True}
    first = settle(news(incidents=[incident]), CHAT)
    assert first["event"].tolist() == ["trigger"]  # whoever never heard of it is not told that it is worse
    sent = {"alert_id": None, "incident_id": "I1", "route": "chat", "event": "trigger"}
    again = settle(news(incidents=[incident], told=[sent]), CHAT)
    assert (again["event"].tolist(), again["severity"].tolist()) == (["update"], ["critical"])
    assert settle(news(incidents=[{**incident, "worse": False}], told=[sent]), CHAT).empty
    closed = settle(news(incidents=[{**incident, "status": "resolved"}], told=[sent]), CHAT)
    assert closed["event"].tolist() == ["resolve"]


def test_released_by_its_incident_an_alert_is_told_singly(settle):
    assert events(settle(news([alert("A", "released")]), CHAT)) == [("A", "chat", "trigger", "pending")]
    assert settle(news([alert("A", "released")], told=[told("A")]), CHAT).empty


def test_without_a_route_the_outbox_says_so(settle):
    for rows in (settle(news([alert("A")])), settle(news([alert("A")]), {**CHAT, "active": False})):
        assert rows["route"].tolist() == ["none"]
        assert rows["error"].tolist() == ["no active route in policy/routes.yaml"]


def test_keys_stay_short_whatever_an_incident_is_called(settle):
    incident = {"incident_id": "I" * 400, "scope": "region", "leg": "sales", "status": "open"}
    rows = settle(news(incidents=[incident]), CHAT)
    assert rows["idempotency_key"].str.len().max() <= 255


def test_a_quiet_day_has_an_empty_outbox(settle):
    assert settle(news(), CHAT).empty
    assert settle(news([alert("A", "")]), CHAT).empty


def test_each_merchant_gets_its_own_digest_and_its_id_shows_in_no_key():
    rows = merchant_digests(pd.DataFrame({"merchant_id": ["m1", "m2"], "route": ["mail", "mail"]}), DAY, "notice")
    assert rows["merchant_id"].tolist() == ["m1", "m2"]
    assert rows["idempotency_key"].is_unique
    assert rows["dedup_key"].is_unique
    assert not rows["idempotency_key"].str.contains("m1").any()
    assert set(rows["status"]) == {"pending"}


def test_whoever_lets_it_sleep_has_it(settle):
    rows = settle(news([alert("A", "snoozed", status="snoozed")], told=[told("A")]), CHAT)
    assert events(rows) == [("A", "chat", "ack", "pending")]


def test_a_day_run_again_keeps_the_places_of_what_it_told(settle):
    graver = [alert(f"N{number}", merchant_id="m", money_at_risk=1000.0 + number) for number in range(3)]
    day = news([alert("TOLD", merchant_id="m", money_at_risk=1.0), *graver])
    again = DayNews(day.alerts, day.incidents, day.told, day.merchants, frozenset({"TOLD"}))
    assert single(settle(day, CHAT)) == {"N0", "N1", "N2"}
    assert single(settle(again, CHAT)) == {"TOLD", "N1", "N2"}


def single(rows):
    return set(rows.loc[rows["status"] == "pending", "alert_id"].dropna())


def test_a_receiver_with_a_state_gets_no_digest(settle):
    alerts = [alert(f"A{number}", merchant_id="m") for number in range(5)]
    rows = settle(news(alerts), {**CHAT, "form": "pagerduty"}, HOOK)
    assert rows.loc[rows["event"] == "digest", "route"].tolist() == ["hook"]


def test_a_route_hears_only_the_events_it_wants_of_incidents_too(settle):
    one = {"incident_id": "inc-1", "scope": "platform", "leg": "sales", "status": "open"}
    rows = settle(news(incidents=[one]), CHAT, {**HOOK, "events": ["ack", "resolve"]})
    assert rows[["route", "event"]].to_numpy().tolist() == [["chat", "trigger"]]


def test_a_graver_alert_of_the_merchant_speaks_for_what_follows_from_it(settle):
    """The critical one may be old, taken on or asleep; what it holds is in the digest and counts under no cap."""
    rule = {"over": "critical", "holds": ["warning", "notice"]}
    follows = alert("W", merchant_id="m1", leg="fulfilment", money_at_risk=900.0)
    beside = alert("X", merchant_id="m1", leg="replenishment")
    standing = pd.DataFrame([alert("C", severity="critical", merchant_id="m1"), follows, beside])
    day = news([follows, beside], standing=standing, chain={"sales": ["fulfilment"]})
    rows = settle(day, HOOK, cap=1, inhibition=[rule]).set_index("alert_id")
    assert rows.loc["W", "error"] == "alert C of the merchant is graver; in the digest"
    assert (rows.loc["W", "status"], rows.loc["X", "status"]) == ("suppressed", "pending")
    assert (rows["event"] == "digest").sum() == 1
    alone = settle(day, HOOK, inhibition=[{**rule, "legs": "same"}])
    assert set(alone["status"]) == {"pending"}


def test_a_held_alert_that_becomes_as_grave_rings(settle):
    rule = {"over": "critical", "holds": ["warning"]}
    raised = alert("W", event="raised", merchant_id="m1", severity="critical")
    standing = pd.DataFrame([alert("C", severity="critical", merchant_id="m1"), raised])
    rows = settle(news([raised], standing=standing), HOOK, inhibition=[rule])
    assert events(rows) == [("W", "hook", "trigger", "pending")]


def test_what_waited_behind_a_graver_alert_rings_once_that_stands_no_longer(settle):
    rule = {"over": "critical", "holds": ["warning"]}
    waits, graver = alert("W", event="", merchant_id="m1"), alert("C", severity="critical", merchant_id="m1")
    while_it_stands = settle(
        news([waits], waiting=frozenset("W"), standing=pd.DataFrame([graver, waits])), HOOK, inhibition=[rule]
    )
    assert events(while_it_stands) == []  # and no digest says it a second time
    after = settle(news([waits], waiting=frozenset("W"), standing=pd.DataFrame([waits])), HOOK, inhibition=[rule])
    assert events(after) == [("W", "hook", "trigger", "pending")]
    told_by_chat = news([waits], waiting=frozenset("W"), standing=pd.DataFrame([waits]), told=[told("W", "hook")])
    assert events(settle(told_by_chat, HOOK, inhibition=[rule])) == []
