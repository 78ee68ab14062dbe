"""Worked lives of alerts over days, and what must hold whatever happens."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.risk.lifecycle import advance


def only(alerts):
    assert len(alerts) == 1, alerts
    return alerts.iloc[0]


def test_opens_once_and_stays_one_alert(world, make):
    first = only(world.tomorrow(make.signal()))
    assert (first["status"], first["event"]) == ("open", "opened")
    assert (first["opened_by"], first["leg"]) == ("limit", "fulfilment")
    assert first["key"] == "fulfilment/dispatch/m1"
    assert (first["observed"], first["expected"]) == (0.06, 0.02)
    assert first["first_observable_on"] == pd.Timestamp(make.start)
    second = only(world.tomorrow(make.signal(observed=0.07)))
    assert (second["alert_id"], second["event"], second["observed"]) == (first["alert_id"], "", 0.07)


def test_two_metrics_of_one_family_are_one_alert(world, make):
    alerts = world.tomorrow(make.signal(), make.signal(metric="fulfilment.pickup_48h"), make.signal(window="30d"))
    assert len(alerts) == 1
    assert len(world.tomorrow(make.signal(metric="fulfilment.pickup_48h"))) == 1


def test_first_observable_day_comes_from_the_signal_and_never_lies_ahead(world, make):
    early, late = make.start - timedelta(days=4), make.start + timedelta(days=3)
    alerts = world.tomorrow(make.signal("m1", since=early), make.signal("m2", since=late)).set_index("merchant_id")
    assert alerts.loc["m1", "first_observable_on"] == pd.Timestamp(early)
    assert alerts.loc["m2", "first_observable_on"] == pd.Timestamp(make.start)


def test_twelve_days_of_one_alert(world, make):
    """Opens, is acked, sleeps, wakes, recovers after three calm days, comes back as the same alert, recovers again."""
    red, calm = make.signal(), make.calm()
    alert_id = only(world.tomorrow(red))["alert_id"]
    world.say(alert_id, "ack", by="Li")
    acked = only(world.tomorrow(red))
    assert (acked["status"], acked["acked_by"], acked["event"]) == ("acked", "Li", "acked")
    world.say(alert_id, "snooze", until=make.start + timedelta(days=3))
    assert [only(world.tomorrow(red))["status"] for _ in range(2)] == ["snoozed", "snoozed"]
    woken = only(world.tomorrow(red))
    assert (woken["status"], woken["event"], pd.isna(woken["snoozed_until"])) == ("acked", "woken", True)
    states = [only(world.tomorrow(calm)) for _ in range(3)]
    assert [state["status"] for state in states] == ["acked", "acked", "resolved"]
    assert (states[-1]["event"], states[-1]["resolution"]) == ("resolved", "recovered")
    assert states[-1]["resolved_on"] == pd.Timestamp(world.today)
    assert world.tomorrow(calm).empty
    back = only(world.tomorrow(red))
    assert (back["alert_id"], back["event"], back["status"]) == (alert_id, "reopened", "open")
    assert back["opened_on"] == pd.Timestamp(make.start)
    assert (back["acked_by"], pd.isna(back["resolved_on"])) == (None, True)
    for _ in range(3):
        last = only(world.tomorrow(calm))
    assert last["status"] == "resolved"


def test_comes_back_after_the_window_as_a_new_alert(world, make):
    first = only(world.tomorrow(make.signal()))
    for _ in range(3):
        world.tomorrow(make.calm())
    for _ in range(7):
        assert world.tomorrow(make.calm()).empty
    again = only(world.tomorrow(make.signal()))
    assert again["alert_id"] != first["alert_id"]
    assert again["event"] == "opened"


def test_flapping_neither_resolves_nor_opens_anew(world, make):
    ids = set()
    for day in range(12):
        alerts = world.tomorrow(make.signal() if day % 3 == 0 else make.calm())
        ids |= set(alerts["alert_id"])
        assert only(alerts)["status"] == "open"
    assert len(ids) == 1


def test_an_amber_day_outside_the_limit_is_not_calm(world, make):
    world.tomorrow(make.signal())
    for _ in range(5):
        state = only(world.tomorrow(make.signal(light="amber", observed=0.05, probability_over_limit=0.9)))
        assert (state["status"], state["calm_days"]) == ("open", 0)


def test_unknown_days_stand_still_and_expire_at_last(world, make):
    world.tomorrow(make.signal())
    world.tomorrow(make.calm())
    grey = make.signal(light="grey", observed=None, probability_over_limit=None)
    for _ in range(13):
        state = only(world.tomorrow(grey))
    assert (state["status"], state["calm_days"], state["observed"]) == ("open", 1, 0.01)
    last = only(world.tomorrow())
    assert (last["status"], last["resolution"]) == ("resolved", "expired")


def test_a_stale_feed_opens_nothing_and_freezes_what_is_open(world, make):
    stale = [{"merchant_id": "m1", "leg": "fulfilment", "p_value": None, "reason": "stale:fulfilment:2026-09-30"}]
    assert world.tomorrow(make.signal(), legs=stale).empty
    world.tomorrow(make.signal())
    assert only(world.tomorrow(make.calm(), legs=stale))["calm_days"] == 0


def test_person_resolves_and_it_keeps_quiet_for_three_days(world, make):
    first = only(world.tomorrow(make.signal()))
    world.say(first["alert_id"], "resolve")
    done = only(world.tomorrow(make.signal()))
    assert (done["status"], done["resolution"], done["event"]) == ("resolved", "person", "resolved")
    assert all(world.tomorrow(make.signal()).empty for _ in range(3))
    back = only(world.tomorrow(make.signal()))
    assert (back["alert_id"], back["event"]) == (first["alert_id"], "reopened")


def test_a_false_alarm_is_silent_unless_it_becomes_graver(world, make):
    poor, rich = [{"merchant_id": "m1", "money_at_risk": 10.0}], [{"merchant_id": "m1", "money_at_risk": 60_000.0}]
    first = only(world.tomorrow(make.signal(), risk=poor))
    assert first["severity"] == "notice"
    world.say(first["alert_id"], "label", verdict="false")
    closed = only(world.tomorrow(make.signal(), risk=poor))
    assert (closed["status"], closed["verdict"]) == ("resolved", "false")
    assert all(world.tomorrow(make.signal(), risk=poor).empty for _ in range(10))
    graver = only(world.tomorrow(make.signal(), risk=rich))
    assert (graver["severity"], graver["event"]) == ("critical", "opened")


def test_nothing_is_folded_under_what_somebody_has_closed_or_silenced(world, make):
    short = [{"merchant_id": "m1", "level": 0.95, "days_to_harm": 2.0, "money_at_risk": 900.0}]
    today = {"stock": short, "roots": [("m1", "fulfilment", "stock_prep")]}
    first = only(world.tomorrow(**today))
    assert only(world.tomorrow(make.signal(), **today))["symptoms"] == '["fulfilment"]'  # one trouble, one alert
    world.say(first["alert_id"], "label", verdict="false")
    closed = world.tomorrow(make.signal(), **today).set_index("leg")
    assert closed["event"].to_dict() == {"stock_prep": "resolved", "fulfilment": "opened"}
    assert only(world.tomorrow(make.signal(), **today))["leg"] == "fulfilment"  # the shelf stays silent


def test_of_windows_that_are_equally_sure_the_first_is_shown_whoever_else_has_alerts(world, make):
    def day(merchants):
        windows = (("10d", 0.06), ("30d", 0.05))
        return [
            make.signal(f"m{i:03}", window=name, observed=value, probability_over_limit=0.98 + (i * 7 % 11) / 1000)
            for i in range(merchants)
            for name, value in windows
        ]

    world.tomorrow(*day(120))
    shown = world.tomorrow(*day(120)).set_index("merchant_id")["observed"]  # values are taken anew from all evidence
    assert set(shown) == {0.06}


def test_a_true_verdict_leaves_it_open(world, make):
    first = only(world.tomorrow(make.signal()))
    world.say(first["alert_id"], "label", verdict="true")
    state = only(world.tomorrow(make.signal()))
    assert (state["status"], state["verdict"]) == ("open", "true")


def test_severity_goes_up_at_once_and_down_after_three_days(world, make):
    def money(value):
        return [{"merchant_id": "m1", "money_at_risk": value}]

    seen = [only(world.tomorrow(make.signal(), risk=money(value))) for value in (100, 6_000, 100, 100, 100)]
    assert [state["severity"] for state in seen] == ["notice", "warning", "warning", "warning", "notice"]
    assert [state["event"] for state in seen] == ["opened", "raised", "", "", "lowered"]
    assert seen[3]["updated_on"] == pd.Timestamp(make.start + timedelta(days=1))


def test_an_anomaly_names_its_metric_and_ends_when_its_evidence_is_gone(world, make):
    def row(p_value):
        return make.signal(
            metric="sales.forecast_break",
            leg="sales",
            kind="break",
            light="amber",
            p_value=p_value,
            probability_over_limit=None,
        )

    def leg(p_value):
        return [
            {"merchant_id": "m1", "leg": "sales", "p_value": p_value, "reason": "metric:sales.forecast_break"},
            {"merchant_id": "m1", "leg": "service", "p_value": 0.3, "reason": "all_good"},
        ]

    flagged = [{"merchant_id": "m1", "flagged": True, "p_value_leg": "sales", "money_at_risk": 100.0}]
    quiet = [{"merchant_id": "m1", "flagged": False, "money_at_risk": 100.0}]
    opened = only(world.tomorrow(row(1e-6), legs=leg(1e-6), risk=flagged))
    assert (opened["opened_by"], opened["metric"], opened["leg"]) == ("anomaly", "sales.forecast_break", "sales")
    assert (opened["severity"], opened["level"]) == ("warning", 6.0)
    # Half of -log10(1e-6) is 3: a leg p of 1e-4 still lingers, 1e-2 is calm.
    assert only(world.tomorrow(row(1e-4), legs=leg(1e-4), risk=quiet))["calm_days"] == 0
    states = [only(world.tomorrow(row(1e-2), legs=leg(1e-2), risk=quiet)) for _ in range(3)]
    assert [state["calm_days"] for state in states] == [1, 2, 3]
    assert states[-1]["status"] == "resolved"


def test_stock_that_will_run_out_opens_by_projection(world, make):
    def stock(level):
        return [{"merchant_id": "m1", "level": level, "days_to_harm": 2.0, "money_at_risk": 900.0}]

    opened = only(world.tomorrow(stock=stock(0.9)))
    assert (opened["opened_by"], opened["leg"], opened["metric"]) == ("projection", "stock_prep", "stock.days_of_cover")
    assert (opened["severity"], opened["money_at_risk"]) == ("warning", 900.0)
    assert only(world.tomorrow(stock=stock(0.5)))["calm_days"] == 0  # half of the threshold is .45
    assert only(world.tomorrow(stock=stock(0.4)))["calm_days"] == 1


def test_a_probable_breach_opens_by_projection_and_red_passes_to_the_limit(world, make):
    near = make.signal(
        light="amber",
        observed=0.035,
        probability_over_limit=0.4,
        breach_probability=0.9,
        days_to_breach=5,
        p_value=0.001,
    )
    opened = only(world.tomorrow(near))
    assert (opened["opened_by"], opened["days_to_harm"]) == ("projection", 5.0)
    breached = only(world.tomorrow(make.signal()))
    assert (breached["alert_id"], breached["opened_by"]) == (opened["alert_id"], "projection")


def test_an_incident_takes_its_members_in_and_lets_them_go(world, make):
    merchants = [
        {"merchant_id": "m1", "category": "shoes", "region": "north"},
        {"merchant_id": "m2", "category": "toys", "region": "north"},
    ]

    def incident(**values):
        return [
            {
                "incident_id": "I1",
                "scope": "category",
                "group": "shoes",
                "leg": "fulfilment",
                "p_value": 1e-9,
                "opened_on": make.start,
                **values,
            }
        ]

    both = (make.signal("m1"), make.signal("m2"))
    alerts = world.tomorrow(*both, incidents=incident(), merchants=merchants).set_index("merchant_id")
    assert alerts["incident_id"].to_dict() == {"m1": "I1", "m2": None}
    alerts = world.tomorrow(*both, merchants=merchants).set_index("merchant_id")
    assert alerts["event"].to_dict() == {"m1": "released", "m2": ""}
    whole = incident(scope="platform", group="")
    assert set(world.tomorrow(*both, incidents=whole, merchants=merchants)["incident_id"]) == {"I1"}


OPTIONS = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
ACTIONS = st.sampled_from(["", "ack", "snooze", "resolve", "false", "true"])
LIGHTS = st.sampled_from(["red", "amber", "green", "grey", "none"])
DAYS = st.lists(st.tuples(LIGHTS, LIGHTS, st.booleans(), ACTIONS, st.floats(0, 1e5)), min_size=2, max_size=9)


def live_through(world, make, days):
    for first, second, stale, action, money in days:
        lights = [("m1", first), ("m2", second), ("m1", second)]
        metrics = ["fulfilment.late_dispatch", "fulfilment.late_dispatch", "fulfilment.pickup_48h"]
        rows = [
            make.signal(
                merchant,
                metric,
                light,
                observed=0.06 if light == "red" else 0.01,
                probability_over_limit=0.99 if light == "red" else 0.01,
            )
            for (merchant, light), metric in zip(lights, metrics, strict=True)
            if light != "none"
        ]
        legs = [{"merchant_id": "m1", "leg": "fulfilment", "p_value": None, "reason": "stale:fulfilment:x"}] * stale
        alerts = world.tomorrow(*rows, legs=legs, risk=[{"merchant_id": "m1", "money_at_risk": money}])
        if action and len(alerts):
            verdict = action if action in ("true", "false") else None
            world.say(
                alerts["alert_id"].iloc[0],
                "label" if verdict else action,
                verdict=verdict,
                until=world.today + timedelta(days=3) if action == "snooze" else None,
            )
    return world


def check_that_no_alert_is_lost(alert_policy, make, days):
    world = live_through(make.world(alert_policy), make, days)
    standing: set[str] = set()
    for as_of, alerts in enumerate(world.history):
        live = alerts[alerts["status"] != "resolved"]
        assert live["key"].is_unique
        assert alerts["alert_id"].is_unique
        assert standing <= set(alerts["alert_id"]), "an alert disappeared without being resolved"
        standing = set(live["alert_id"])
        today = pd.Timestamp(make.start + timedelta(days=as_of))
        assert (alerts.loc[alerts["status"] == "resolved", "resolved_on"] == today).all()
        assert live["resolved_on"].isna().all()
        assert (alerts["opened_on"] <= today).all()
        assert (live.loc[live["status"] == "snoozed", "snoozed_until"] >= today).all()


def check_that_a_replay_gives_the_same_rows(alert_policy, make, days):
    one, two = (live_through(make.world(alert_policy), make, days) for _ in range(2))
    for first, second in zip(one.history, two.history, strict=True):
        pd.testing.assert_frame_equal(first, second)


@settings(max_examples=4, **OPTIONS)
@given(days=DAYS)
def test_whatever_happens_a_key_has_one_live_alert_and_no_alert_is_lost(alert_policy, make, days):
    check_that_no_alert_is_lost(alert_policy, make, days)


def test_a_replay_gives_the_same_rows(alert_policy, make):
    """One story with everything in it; many more are among the fault tests."""
    days = [
        ("red", "red", False, "ack", 10.0), ("red", "amber", True, "false", 5.0), ("grey", "none", False, "", 0.0),
        ("green", "red", False, "snooze", 7.0), ("red", "red", False, "resolve", 1e5),
    ]  # fmt: skip
    check_that_a_replay_gives_the_same_rows(alert_policy, make, days)


@pytest.mark.faults
@settings(max_examples=60, **OPTIONS)
@given(days=DAYS)
def test_whatever_happens_in_many_stories(alert_policy, make, days):
    check_that_no_alert_is_lost(alert_policy, make, days)


@pytest.mark.faults
@settings(max_examples=20, **OPTIONS)
@given(days=DAYS)
def test_a_replay_of_many_stories_gives_the_same_rows(alert_policy, make, days):
    check_that_a_replay_gives_the_same_rows(alert_policy, make, days)


def test_ten_thousand_merchants_in_seconds(world, make):
    import time

    rows = pd.DataFrame([make.signal()] * 10_000)
    rows["merchant_id"] = [f"m{number}" for number in range(10_000)]
    started = time.perf_counter()
    for _ in range(2):
        alerts = world.tomorrow(*rows.to_dict("records"))
    assert len(alerts) == 10_000
    assert time.perf_counter() - started < 20


def test_the_first_day_of_a_platform_is_empty_without_candidates(world):
    assert world.tomorrow().empty
    assert world.today == date(2026, 10, 1)


def test_a_pattern_that_is_odd_as_a_whole_does_not_lower_the_threshold_of_others(world, make):
    legs = [
        {"merchant_id": "leg", "leg": "sales", "p_value": 1e-6, "reason": ""},
        {"merchant_id": "odd", "leg": "sales", "p_value": 1e-2, "reason": ""},
    ]
    risk = [
        {"merchant_id": "leg", "flagged": True, "p_value_leg": "sales"},
        {"merchant_id": "odd", "flagged": True, "p_value_leg": "oddness"},
    ]
    alerts = world.tomorrow(legs=legs, risk=risk).set_index("merchant_id")
    assert alerts["threshold"].round(6).to_dict() == {"leg": 6.0, "odd": 2.0}
    assert alerts.loc["odd", "metric"] == "sales.anomaly"


def test_a_backtest_with_a_stride_counts_the_days_between(world, make, alert_policy):
    opened = world.tomorrow(make.signal())
    week_later = make.start + timedelta(days=7)
    later = advance(opened, make.tables([make.calm()]), make.context(), alert_policy, week_later, 7)
    assert only(later)["status"] == "resolved"


def flagged(make, p_value=1e-6, leg_p=True):
    """Tracking numbers that turn false, beside parcels that leave late."""
    tracking = make.signal(metric="fulfilment.valid_tracking", light="green", p_value=p_value)
    legs = [{"merchant_id": "m1", "leg": "fulfilment", "p_value": p_value, "reason": None}]
    risk = [{"merchant_id": "m1", "flagged": leg_p, "p_value_leg": "fulfilment", "money_at_risk": 1.0}]
    return {"signals": tracking, "legs": legs, "risk": risk}


@pytest.mark.parametrize(("days", "alerts"), [(3, 1), (8, 2)])
def test_a_surprise_beside_a_limit_that_was_long_broken_has_an_alert_of_its_own(world, make, days, alerts):
    red = make.signal()
    for _ in range(days):
        assert len(world.tomorrow(red)) == 1
    day = flagged(make)
    tracking = day.pop("signals")
    found = world.tomorrow(red, tracking, **day)
    assert len(found) == alerts
    if alerts == 2:
        new = found[found["event"] == "opened"].iloc[0]
        assert (new["key"], new["opened_by"]) == ("fulfilment/fulfilment.valid_tracking/m1", "anomaly")


def test_such_an_alert_lives_on_by_itself_and_is_resolved_by_its_own_calm(world, make):
    red = make.signal()
    for _ in range(8):
        world.tomorrow(red)
    day = flagged(make)
    tracking = day.pop("signals")
    key = "fulfilment/fulfilment.valid_tracking/m1"
    first = world.tomorrow(red, tracking, **day).set_index("key").loc[key]
    for _ in range(4):  # the limit is mended; the surprise goes on under its own name
        found = world.tomorrow(make.calm(), tracking, **day).set_index("key")
    assert list(found.index) == [key]
    assert found.loc[key, "alert_id"] == first["alert_id"]
    quiet = flagged(make, p_value=0.5, leg_p=False)
    calm = quiet.pop("signals")
    states = [world.tomorrow(make.calm(), calm, **quiet).set_index("key").loc[key] for _ in range(3)]
    assert [one["status"] for one in states] == ["open", "open", "resolved"]
    assert states[-1]["resolution"] == "recovered"


def test_the_limits_own_metric_is_no_second_trouble(world, make):
    red = make.signal(p_value=1e-6)
    day = flagged(make)
    day.pop("signals")
    for _ in range(10):
        assert len(world.tomorrow(red, **day)) == 1
