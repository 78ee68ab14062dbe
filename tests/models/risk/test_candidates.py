"""Evidence of the three doors, row by row."""

import pytest

from models.risk.alert_state import no_alerts
from models.risk.candidates import breach_evidence, collect_evidence, limit_evidence, stale_legs
from models.risk.evidence import EVIDENCE_COLUMNS


def evidence(policy, make, **tables):
    return collect_evidence(make.tables(**tables), no_alerts(), policy)


@pytest.mark.parametrize(
    ("values", "opens", "calm", "known"),
    [
        ({"light": "red"}, True, False, True),
        ({"light": "green", "observed": 0.01, "probability_over_limit": 0.01}, False, True, True),
        ({"light": "amber", "observed": 0.05, "probability_over_limit": 0.9}, False, False, True),
        ({"light": "amber", "observed": 0.05, "probability_over_limit": 0.4}, False, True, True),
        ({"light": "amber", "observed": 0.035, "probability_over_limit": 0.6}, False, True, True),
        ({"light": "grey"}, False, False, False),
        (
            {"light": "amber", "better": "higher", "observed": 0.97, "limit_red": 0.95, "probability_over_limit": 0.6},
            False,
            True,
            True,
        ),
        (
            {"light": "amber", "better": "higher", "observed": 0.94, "limit_red": 0.95, "probability_over_limit": 0.6},
            False,
            False,
            True,
        ),
        ({"light": "red", "limit_red": None, "probability_over_limit": None}, True, False, True),
    ],
)
def test_the_limit_door(alert_policy, make, values, opens, calm, known):
    row = limit_evidence(make.tables([make.signal(**values)]).signals, alert_policy).iloc[0]
    assert (row["opens"], row["calm"], row["known"]) == (opens, calm, known)


def test_red_rates_open_and_states_and_breaks_are_lights_only(alert_policy, make):
    rows = [
        make.signal(metric="sales.traffic_drop", leg="sales", kind="break", light="red"),
        make.signal(metric="stock.stockout_now", leg="stock_prep", kind="level", light="red"),
        make.signal(metric="data.stale", kind="level", light="red"),
        make.signal(metric="fulfilment.late_dispatch", light="red"),
    ]
    found = limit_evidence(make.tables(rows).signals, alert_policy)
    assert found[["metric", "opens"]].to_numpy().tolist() == [["fulfilment.late_dispatch", True]]


def test_metrics_of_a_family_share_key_and_root_leg(alert_policy, make):
    rows = [
        make.signal(metric="replenishment.late_inbound", leg="replenishment"),
        make.signal(metric="stock.in_stock_rate", leg="stock_prep"),
        make.signal(metric="service.human_share", leg="service"),
    ]
    keys = limit_evidence(make.tables(rows).signals, alert_policy)["key"].tolist()
    assert keys == ["stock_prep/stock_out/m1"] * 2 + ["service/service.human_share/m1"]


def test_money_is_the_metrics_own_else_the_merchants(alert_policy, make):
    found = evidence(
        alert_policy,
        make,
        signals=[make.signal("m1", money_at_risk=5.0), make.signal("m2")],
        risk=[{"merchant_id": "m1", "money_at_risk": 70.0}, {"merchant_id": "m2", "money_at_risk": 80.0}],
    )
    assert found["money_at_risk"].tolist() == [5.0, 80.0]


def test_anomaly_takes_the_smallest_p_of_the_smallest_leg(alert_policy, make):
    signals = [
        make.signal(metric="sales.traffic_drop", leg="sales", kind="break", light="amber", p_value=1e-3),
        make.signal(metric="sales.forecast_break", leg="sales", kind="break", light="amber", p_value=1e-5),
        make.signal(metric="service.reply_3min", leg="service", light="green", p_value=1e-9),
    ]
    legs = [
        {"merchant_id": "m1", "leg": "sales", "p_value": 1e-4, "reason": ""},
        {"merchant_id": "m1", "leg": "service", "p_value": 1e-2, "reason": ""},
    ]
    risk = [{"merchant_id": "m1", "flagged": True, "p_value_leg": "sales"}]
    found = evidence(alert_policy, make, signals=signals, legs=legs, risk=risk)
    opening = found[found["opens"]].iloc[0]
    assert (opening["door"], opening["metric"], opening["key"]) == (
        "anomaly",
        "sales.forecast_break",
        "sales/volume/m1",
    )


def test_a_leg_that_has_lasted_opens_by_its_own_level_and_lowers_nobody_elses(alert_policy, make):
    legs = [
        {"merchant_id": "m1", "leg": "sales", "p_value": 1e-6, "reason": ""},
        {"merchant_id": "m2", "leg": "sales", "p_value": 0.004, "reason": ""},
        {"merchant_id": "m2", "leg": "service", "p_value": 0.002, "reason": ""},  # worse today, and new
    ]
    risk = [
        {"merchant_id": "m1", "flagged": True, "p_value_leg": "sales"},
        {"merchant_id": "m2", "flagged": True, "p_value_leg": "service", "lasting_leg": "sales"},
    ]
    found = evidence(alert_policy, make, legs=legs, risk=risk).set_index("merchant_id")
    assert found["leg"].to_dict() == {"m1": "sales", "m2": "sales"}
    assert found["threshold"].to_dict() == pytest.approx({"m1": 6.0, "m2": 2.39794})


def test_a_stale_leg_is_neither_good_nor_bad(alert_policy, make):
    legs = [
        {"merchant_id": "m1", "leg": "fulfilment", "p_value": None, "reason": "stale:fulfilment:2026-09-01"},
        {"merchant_id": "m2", "leg": "fulfilment", "p_value": 0.5, "reason": "all_good"},
    ]
    tables = make.tables([make.signal("m1"), make.signal("m2")], legs=legs)
    assert stale_legs(tables.legs)["merchant_id"].tolist() == ["m1"]
    found = collect_evidence(tables, no_alerts(), alert_policy).set_index("merchant_id")
    assert found["opens"].to_dict() == {"m1": False, "m2": True}
    assert not found.loc["m1", "known"]


def test_a_day_that_says_nothing(alert_policy, make):
    found = evidence(alert_policy, make)
    assert found.empty
    assert set(EVIDENCE_COLUMNS) <= set(found.columns)


def test_a_p_value_of_zero_stays_finite(alert_policy, make):
    legs = [{"merchant_id": "m1", "leg": "sales", "p_value": 0.0, "reason": ""}]
    risk = [{"merchant_id": "m1", "flagged": True, "p_value_leg": "sales"}]
    assert evidence(alert_policy, make, legs=legs, risk=risk)["level"].tolist() == [300.0]


@pytest.mark.parametrize(
    ("values", "opens"),
    [
        ({"p_value": 0.001, "probability_over_limit": 0.4}, True),  # it rose
        ({"p_value": 0.3, "probability_over_limit": 0.85}, True),  # it is over by now
        ({"p_value": 0.02, "probability_over_limit": 0.7}, False),  # it lies just under its limit, as ever
        ({"p_value": None, "probability_over_limit": None}, False),  # a handful of orders
    ],
)
def test_a_projected_breach_needs_evidence_that_the_rate_moved(alert_policy, make, values, opens):
    row = make.signal(light="amber", breach_probability=0.9, days_to_breach=4.0, **values)
    found = breach_evidence(make.tables([row]).signals, alert_policy).iloc[0]
    assert (found["opens"], found["calm"], found["known"]) == (opens, False, True)


def test_without_asking_for_evidence_the_probability_of_a_breach_is_enough(alert_policy, make):
    projection = alert_policy.doors.projection.model_copy(update={"evidence": None})
    policy = alert_policy.model_copy(update={"doors": alert_policy.doors.model_copy(update={"projection": projection})})
    row = make.signal(light="amber", breach_probability=0.9, p_value=0.4, probability_over_limit=0.6)
    assert breach_evidence(make.tables([row]).signals, policy)["opens"].tolist() == [True]


def test_stock_that_runs_out_has_a_threshold_of_its_own(alert_policy, make):
    stock = [
        {"merchant_id": name, "level": level, "days_to_harm": 3.0, "money_at_risk": 1.0}
        for name, level in (("m1", 0.84), ("m2", 0.86))
    ]

    def opening(threshold: float | None) -> list[str]:
        door = alert_policy.doors.projection
        stock_out = door.stock_out.model_copy(update={"threshold": threshold})
        own = door.model_copy(update={"threshold": 0.8, "stock_out": stock_out})
        policy = alert_policy.model_copy(update={"doors": alert_policy.doors.model_copy(update={"projection": own})})
        found = evidence(policy, make, stock=stock)
        return found.loc[found["opens"], "merchant_id"].tolist()

    assert opening(None) == ["m1", "m2"]
    assert opening(0.85) == ["m2"]
