"""A day that names only what happened on it: nothing was told before, nothing stands, nothing waits."""

import warnings
from dataclasses import FrozenInstanceError, fields, replace

import pandas as pd
import pytest

from models.risk.day_news import DayNews
from models.risk.inhibition import held_behind
from models.risk.ringing import graver_before, hold_back, with_freed
from models.risk.route_policy import RoutePolicy

RULE = {"over": "critical", "holds": ["warning", "notice"], "legs": "all"}
ROUTES = RoutePolicy.model_validate({"cap_per_merchant_and_day": 3, "routes": [], "inhibition": [RULE]})
GRAVE = pd.DataFrame({"alert_id": ["Z"], "merchant_id": ["m2"], "leg": ["sales"], "severity": ["critical"]})


def news(**more):
    alerts = pd.DataFrame(
        {"alert_id": ["A", "B"], "merchant_id": ["m1", "m2"], "leg": ["sales", "stock"], "event": ["opened", ""],
         "severity": ["warning", "notice"], "money_at_risk": [100.0, 50.0], "incident_id": [None, None]}
    )  # fmt: skip
    nothing = pd.DataFrame(columns=["incident_id", "scope", "leg", "status"], dtype=object)
    told = pd.DataFrame(columns=["alert_id", "incident_id", "route", "event"], dtype=object)
    return DayNews(alerts, nothing, told, 500, **more)


def test_what_is_not_given_is_nothing_at_all():
    day = news()
    assert (day.told_today, day.waiting, dict(day.chain)) == (frozenset(), frozenset(), {})
    assert (len(day.standing), len(day.recent)) == (0, 0)


def test_days_share_no_table_and_no_day_is_rewritten():
    one, other = news(), news()
    assert one.standing is not other.standing
    assert one.recent is not other.recent
    assert one.chain is not other.chain
    with pytest.raises(FrozenInstanceError):
        one.merchants = 3


def test_whoever_waited_is_freed_unless_something_graver_stands():
    waited = news(waiting=frozenset({"B"}))
    assert with_freed(news(), ROUTES)["event"].tolist() == ["opened", ""]
    assert with_freed(waited, ROUTES)["event"].tolist() == ["opened", "released"]
    assert with_freed(replace(waited, standing=GRAVE), ROUTES)["event"].tolist() == ["opened", ""]


def test_nothing_standing_holds_nobody_back():
    day = news()
    assert held_behind(day.alerts, day.standing, ROUTES.inhibition, day.chain).tolist() == [None, None]
    assert held_behind(day.alerts, GRAVE, ROUTES.inhibition, day.chain).tolist() == [None, "Z"]


def test_the_budget_of_a_first_day_counts_that_day_alone(alert_policy):
    day = news()
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # an empty table of another kind would warn when it is joined
        assert graver_before(day.alerts, day.recent, alert_policy).tolist() == [0, 1]
    earlier = pd.DataFrame({"severity": ["critical"], "money_at_risk": [1.0]})
    assert graver_before(day.alerts, replace(day, recent=earlier).recent, alert_policy).tolist() == [1, 2]


def test_who_was_told_today_already_comes_first(alert_policy):
    calls = news().alerts.assign(event="trigger", route="chat", rank=[1, 0], status="pending", error=None)
    first = hold_back(calls, news(), alert_policy, ROUTES)
    again = hold_back(calls, news(told_today=frozenset({"B"})), alert_policy, ROUTES)
    assert (first["alert_id"].tolist(), again["alert_id"].tolist()) == (["A", "B"], ["B", "A"])


def test_every_field_is_explained():
    told = {line.split(" : ")[0].strip() for line in DayNews.__doc__.splitlines() if " : " in line}
    assert told == {one.name for one in fields(DayNews)}
