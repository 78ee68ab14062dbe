"""What became of evidence; and over random days, that the explanation agrees with the lifecycle."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.risk.alert_state import no_alerts
from models.risk.discovery import passes_control
from models.risk.fates import AlertDays, fates, way_to_green
from models.risk.lifecycle import advance
from models.risk.merchant_control import merchant_control
from models.risk.opening import latest_resolved, quieted
from models.risk.why import OPENS, comparisons, evidence_of

MERCHANTS = ("m1", "m/2")


class Days:
    """A platform whose days are explained as soon as they are decided."""

    def __init__(self, policy, make):
        self.policy, self.make, self.history, self.said = policy, make, no_alerts().assign(as_of=None), []

    def decide(self, number, tables, said=()):
        self.as_of = self.make.start + timedelta(days=number)
        self.said += list(said)
        newest = self.history.drop_duplicates("alert_id", keep="last")
        yesterday = newest["as_of"] == pd.Timestamp(self.as_of - timedelta(days=1))
        self.previous = newest[yesterday | (newest["status"] == "resolved")].drop(columns="as_of")
        context = self.make.context(self.said)
        self.tables, self.feedback = tables, context.feedback
        self.today = advance(self.previous, tables, context, self.policy, self.as_of)
        row = self.today.assign(as_of=pd.Timestamp(self.as_of))
        self.history = pd.concat([self.history, row], ignore_index=True) if len(self.history) else row
        return self.today

    def explain(self, merchant="m1"):
        resolved = self.previous["status"] == "resolved"
        risk = self.tables.risk
        if "p_value" not in risk:
            risk = risk.assign(p_value=np.nan)
        if merchant not in set(risk["merchant_id"]):
            risk = pd.DataFrame({"merchant_id": [merchant], "p_value": [np.nan], "p_value_leg": [None]})
        control = merchant_control(risk, merchant, 2, {}, 0.1)
        own = self.today["merchant_id"] == merchant
        days = AlertDays(self.today[own], self.previous[resolved], self.feedback)
        rows = comparisons(self.tables, self.previous[~resolved], merchant, control, self.policy)
        return fates(rows, days, self.policy, self.as_of)


@pytest.fixture
def days(alert_policy, make):
    return Days(alert_policy, make)


def fate_of(days, metric="fulfilment.late_dispatch", door="limit"):
    rows = days.explain()
    return rows[(rows["metric"] == metric) & (rows["door"] == door)].iloc[0]


def test_opened_then_held_then_nothing(days, make):
    days.decide(0, make.tables([make.signal()]))
    first = fate_of(days)
    assert (first["fate"], first["alert_id"]) == ("opened", days.today["alert_id"].iloc[0])
    days.decide(1, make.tables([make.signal()]))
    assert fate_of(days)["fate"] == "holds"
    days.decide(2, make.tables([make.calm()]))
    assert pd.isna(fate_of(days)["fate"])


def label(alert_id, number, make, **values):
    known_on = make.start + timedelta(days=number)
    return {"alert_id": alert_id, "given_at": pd.Timestamp(known_on), "known_on": known_on, "by": "Li", **values}


def test_a_false_alarm_keeps_quiet_and_says_for_how_long(days, make):
    alert_id = days.decide(0, make.tables([make.signal()]))["alert_id"].iloc[0]
    days.decide(1, make.tables([make.signal()]), [label(alert_id, 1, make, action="label", verdict="false")])
    assert fate_of(days)["fate"] == "closed"
    for number in range(2, 14):
        assert days.decide(number, make.tables([make.signal()])).empty
    row = fate_of(days)
    assert (row["fate"], row["alert_id"], row["days"], row["quiet_days"]) == ("quiet_false", alert_id, 12, 28)
    days.decide(14, make.tables([make.signal(money_at_risk=90000.0)]))
    assert fate_of(days)["fate"] == "opened"  # it became graver


def test_what_a_person_closed_is_given_time(days, make):
    alert_id = days.decide(0, make.tables([make.signal()]))["alert_id"].iloc[0]
    days.decide(1, make.tables([make.signal()]), [label(alert_id, 1, make, action="resolve")])
    days.decide(2, make.tables([make.signal()]))
    assert fate_of(days)[["fate", "days", "quiet_days"]].tolist() == ["quiet_person", 1, 3]
    days.decide(3, make.tables([make.signal()]))
    days.decide(4, make.tables([make.signal()]))
    days.decide(5, make.tables([make.signal()]))
    assert fate_of(days)["fate"] == "reopened"


def test_what_shows_downstream_is_folded_under_the_alert_of_its_root(days, make):
    roots = pd.DataFrame({"merchant_id": ["m1"], "leg": ["service"], "root_leg": ["fulfilment"]}, dtype=object)
    tables = make.tables([make.signal(), make.signal(metric="service.human_share", leg="service")])
    days.decide(0, replace(tables, roots=roots))
    assert len(days.today) == 1
    row = fate_of(days, "service.human_share")
    assert (row["fate"], row["alert_id"], row["root_leg"]) == ("folded", days.today["alert_id"].iloc[0], "fulfilment")


def test_tables_that_are_no_longer_those_of_the_day_are_not_explained_away(days, make):
    days.decide(0, make.tables([make.calm()]))
    days.tables = make.tables([make.signal()])
    assert fate_of(days)["fate"] == "unexplained"


def test_the_way_to_green(days, make, alert_policy):
    signals = [make.signal(), make.calm(metric="fulfilment.pickup_48h"), make.signal(metric="service.human_share")]
    days.decide(0, make.tables(signals))
    evidence = evidence_of(days.tables, no_alerts(), "m1", alert_policy)
    rows = way_to_green(days.today.iloc[0], evidence, alert_policy).set_index("metric")
    assert rows[["level", "calm_below", "calm"]].to_numpy().tolist() == [[0.99, 0.4875, False], [0.01, 0.4875, True]]


LIGHTS = ("red", "amber", "green", "grey")
SIGNALS = st.tuples(
    st.sampled_from(MERCHANTS),
    st.sampled_from([
        ("fulfilment.late_dispatch", "fulfilment", "rate"), ("fulfilment.pickup_48h", "fulfilment", "rate"),
        ("sales.traffic_drop", "sales", "break"), ("replenishment.late_inbound", "replenishment", "level"),
        ("data.stale", "fulfilment", "level"),
    ]),
    st.sampled_from(LIGHTS), st.sampled_from([None, 0.3, 0.85]), st.sampled_from([None, 1e-7, 0.3]),
    st.sampled_from([None, 90000.0]),
)  # fmt: skip
LEGS = st.tuples(
    st.sampled_from(MERCHANTS), st.sampled_from(["fulfilment", "sales", "replenishment"]),
    st.sampled_from([None, 1e-7, 0.004, 0.3]), st.sampled_from([None, None, "stale:sales:2026-09-30"]),
)  # fmt: skip
STOCK = st.tuples(st.sampled_from(MERCHANTS), st.sampled_from([None, 0.3, 0.9]))
SAID = st.tuples(st.integers(0, 20), st.sampled_from(["false", "true", "fixed", "resolve", "ack"]))
DAY = st.tuples(st.lists(SIGNALS, max_size=6), st.lists(LEGS, max_size=5), st.lists(STOCK, max_size=2),
                st.lists(SAID, max_size=2), st.booleans())  # fmt: skip


def tables_of(make, day):
    signals, legs, stock, _, rooted = day
    rows = [
        make.signal(
            merchant, metric, light, leg=leg, kind=kind, breach_probability=breach, p_value=p, money_at_risk=money
        )
        for merchant, (metric, leg, kind), light, breach, p, money in signals
    ]
    unique = {(merchant, leg): (p, reason) for merchant, leg, p, reason in legs}
    table = [
        {"merchant_id": merchant, "leg": leg, "p_value": p, "reason": reason}
        for (merchant, leg), (p, reason) in unique.items()
    ]
    risk = [
        {
            "merchant_id": merchant,
            "p_value": min([p for (who, _), (p, _) in unique.items() if who == merchant and p], default=np.nan),
        }
        for merchant in MERCHANTS
    ]
    frame = pd.DataFrame(risk)
    frame["flagged"] = passes_control(frame["p_value"].to_numpy(float), 0.1)
    frame["p_value_leg"], frame["lasting_leg"], frame["money_at_risk"] = "sales", None, np.nan
    made = make.tables(rows, stock=[{"merchant_id": who, "level": level} for who, level in dict(stock).items()],
                       legs=table)  # fmt: skip
    roots = pd.DataFrame(
        {"merchant_id": [*MERCHANTS], "leg": "fulfilment", "root_leg": "sales"} if rooted else {}, dtype=object
    ).reindex(columns=["merchant_id", "leg", "root_leg"])
    return replace(made, risk=frame, roots=roots)


def check_that_the_explanation_agrees(alert_policy, make, story):
    days = Days(alert_policy, make)
    for number, day in enumerate(story):
        known = sorted(set(days.history["alert_id"]))
        said = [
            label(known[place % len(known)], number, make,
                  action=word if word in ("resolve", "ack") else "label",
                  verdict=None if word in ("resolve", "ack") else word)
            for place, word in day[3] if known
        ]  # fmt: skip
        days.decide(number, tables_of(make, day), said)
        told = pd.concat([days.explain(merchant) for merchant in MERCHANTS])
        opens = told[told["outcome"] == OPENS]
        assert opens["fate"].notna().all()
        assert "unexplained" not in set(opens["fate"])
        assert told.loc[told["outcome"] != OPENS, "fate"].isna().all()
        for event in ("opened", "reopened"):
            happened = set(days.today.loc[days.today["event"] == event, "alert_id"])
            assert set(opens.loc[opens["fate"] == event, "alert_id"]) == happened
        holding = set(days.today.loc[days.today["holds"], "alert_id"])
        assert holding <= set(opens.loc[opens["fate"].isin(["opened", "reopened", "holds", "closed"]), "alert_id"])


STORIES = st.lists(DAY, min_size=2, max_size=3)
FIXTURES = [HealthCheck.function_scoped_fixture]


@settings(max_examples=4, suppress_health_check=FIXTURES)
@given(STORIES)
def test_the_explanation_agrees_with_the_lifecycle(alert_policy, make, story):
    check_that_the_explanation_agrees(alert_policy, make, story)


@pytest.mark.faults
@settings(max_examples=20, suppress_health_check=FIXTURES)
@given(STORIES)
def test_the_explanation_agrees_in_many_stories(alert_policy, make, story):
    check_that_the_explanation_agrees(alert_policy, make, story)


def test_quiet_is_asked_of_the_lifecycles_own_function(days, make, alert_policy):
    """Both sides read `quieted`; a change of its answer changes both."""
    alert_id = days.decide(0, make.tables([make.signal()]))["alert_id"].iloc[0]
    days.decide(1, make.tables([make.signal()]), [label(alert_id, 1, make, action="resolve")])
    latest = latest_resolved(days.today, days.feedback)
    fresh = pd.DataFrame({"key": latest["key"], "rank": 1})
    assert quieted(fresh, latest, alert_policy, days.as_of)["reason"].tolist() == ["person"]
