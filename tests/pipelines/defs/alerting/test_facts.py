"""Facts of messages from rows of the day."""

import json
from datetime import date

from pipelines.defs.alerting.facts import PolicyTexts, fact_maker
from pipelines.defs.navigation.playbook import load_playbook
from pipelines.policy import load_profile

ALERT = {
    "alert_id": "A",
    "merchant_id": "m1",
    "merchant_name": "x" * 900,
    "locale": "zh_TW",
    "leg": "sales",
    "metric": "sales.anomaly",
    "observed": float("nan"),
    "expected": None,
    "opened_by": "anomaly",
    "level": 6.0,
    "severity": "warning",
    "first_observable_on": date(2026, 9, 30),
    "opened_on": date(2026, 10, 1),
    "money_at_risk": 10.0,
    "limit_value": 5.0,
    "acked_by": None,
    "resolution": None,
}
ROW = {"alert_id": "A", "incident_id": None, "event": "trigger", "severity": "warning"}


def maker(platform, alerts=(ALERT,), incidents=(), first_actions=()):
    texts = PolicyTexts(load_profile(platform.workspace), load_playbook(platform.workspace))
    return fact_maker(platform.day(0), texts, alerts, incidents, first_actions)


def test_an_alert_without_a_metric_of_the_profile(platform):
    subject = maker(platform).of_alert(ROW).subjects[0]
    assert (subject.observed, subject.expected, subject.metric_names) == (None, None, {})
    assert len(subject.merchant_name) == 500
    assert (subject.since, subject.opened_on) == (date(2026, 9, 30), date(2026, 10, 1))


def told(leg, action, **values):
    first = {"action": action, "situation": None, "params": None, "locale": "zh-TW", **values}
    return {"merchant_id": "m1", "leg": leg, "first": first}


def test_the_first_action_is_the_merchants_own_for_the_leg(platform):
    actions = [told("sales", "做一件事"), told("service", "另一件")]
    subject = maker(platform, first_actions=actions).of_alert(ROW).subjects[0]
    assert subject.first_actions == {"zh-TW": "做一件事"}


def test_an_action_of_the_playbook_is_said_in_every_language(platform):
    situation = next(iter(load_playbook(platform.workspace).by_id.values()))
    values = {name: {"type": "text", "value": "seven"} for name in situation.texts.named}
    actions = [told("sales", "做一件事", situation=situation.id, params=json.dumps(values))]
    said = maker(platform, first_actions=actions).of_alert(ROW).subjects[0].first_actions
    assert set(said) == {"zh-CN", "zh-TW", "en"}
    assert said["zh-TW"] == "做一件事"
    assert said["en"]


def test_a_playbook_that_was_edited_since_says_the_action_in_the_merchants_language_only(platform):
    situation = next(one for one in load_playbook(platform.workspace).by_id.values() if one.texts.named)
    actions = [
        told("sales", "做一件事", situation=situation.id, params='{"of_yesterday": {"type": "number", "value": 1}}')
    ]
    assert maker(platform, first_actions=actions).of_alert(ROW).subjects[0].first_actions == {"zh-TW": "做一件事"}


def test_figures_are_told_to_the_digits_on_which_two_runs_agree(platform):
    money = [
        maker(platform, alerts=[ALERT | {"money_at_risk": figure}]).of_alert(ROW).subjects[0].money_at_risk
        for figure in (4418.6821928019635, 4418.682192801964)
    ]
    assert money == [4418.68219, 4418.68219]


def test_the_limit_is_told_where_it_opened_the_alert(platform):
    assert maker(platform).of_alert(ROW).subjects[0].limit is None
    assert maker(platform, [{**ALERT, "opened_by": "limit"}]).of_alert(ROW).subjects[0].limit == 5.0


def test_an_incident_names_its_group(platform):
    incident = {
        "incident_id": "I",
        "scope": "region",
        "group": "north",
        "leg": "sales",
        "metric": "sales.traffic_drop",
        "members": 30,
        "observed": 70.0,
        "expected": 100.0,
        "opened_on": date(2026, 10, 1),
        "status": "open",
    }
    facts = maker(platform, incidents=[incident]).of_incident({**ROW, "alert_id": None, "incident_id": "I"})
    assert (facts.kind, facts.subjects[0].group, facts.subjects[0].members) == ("incident", "north", 30)
    assert facts.subjects[0].metric_names["en"]
    ended = {**ROW, "incident_id": "I", "event": "resolve"}
    assert maker(platform, incidents=[incident]).of_incident(ended).resolution == "recovered"


def test_a_digest_counts_what_it_does_not_list(platform):
    alerts = [{**ALERT, "alert_id": name} for name in "ABC"]
    facts = maker(platform, alerts).of_digest({**ROW, "event": "digest"}, ["A", "B", "C"], 2)
    assert ([subject.reference for subject in facts.subjects], facts.more) == (["A", "B"], 1)
