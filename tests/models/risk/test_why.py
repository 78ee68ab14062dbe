"""The comparisons of a day for one merchant, door by door, with the reason where nothing opens."""

import pytest

from models.risk.alert_state import no_alerts
from models.risk.merchant_control import MerchantControl
from models.risk.why import comparisons

QUIET = MerchantControl(0.9, 0.001, 500, 0, 0.1, 2, {}, "sales")


def told(policy, make, signals=(), control=QUIET, merchant="m1", **tables):
    rows = comparisons(make.tables(signals, **tables), no_alerts(), merchant, control, policy)
    return rows.set_index(["metric", "door"])


@pytest.mark.parametrize(
    ("values", "limit", "projection"),
    [
        ({"light": "red"}, "opens", "nothing_to_compare"),
        ({"light": "red", "breach_probability": 1.0}, "opens", "red_already"),
        ({"light": "amber", "probability_over_limit": 0.61, "breach_probability": 0.55}, "below", "below"),
        ({"light": "amber", "probability_over_limit": 0.61, "breach_probability": 0.92}, "below", "not_risen"),
        ({"light": "amber", "probability_over_limit": 0.85, "breach_probability": 0.92}, "below", "opens"),
        ({"light": "grey", "breach_probability": 0.9}, "grey", "grey"),
        ({"light": "red", "metric": "data.stale", "kind": "level"}, "excluded", "excluded"),
    ],
)
def test_limit_and_projection(alert_policy, make, values, limit, projection):
    rows = told(alert_policy, make, [make.signal(**values)])
    metric = values.get("metric", "fulfilment.late_dispatch")
    assert rows.loc[(metric, "limit"), "outcome"] == limit
    assert rows.loc[(metric, "projection"), "outcome"] == projection


def test_the_level_is_held_against_the_threshold(alert_policy, make):
    signal = make.signal(light="amber", probability_over_limit=0.61, breach_probability=0.55)
    rows = told(alert_policy, make, [signal])[["level", "threshold", "leg", "window"]]
    assert rows.loc[("fulfilment.late_dispatch", "limit")].tolist() == [0.61, 0.975, "fulfilment", "10d"]
    assert rows.loc[("fulfilment.late_dispatch", "projection")].tolist() == [0.55, 0.9, "fulfilment", "10d"]


def test_every_window_is_told_and_other_merchants_are_not(alert_policy, make):
    signals = [make.signal(window="10d"), make.calm(window="30d"), make.signal("m2")]
    rows = told(alert_policy, make, signals).loc["fulfilment.late_dispatch"]
    limit = rows[rows.index == "limit"]
    assert dict(zip(limit["window"], limit["outcome"], strict=True)) == {"10d": "opens", "30d": "below"}


@pytest.mark.parametrize(("level", "outcome"), [(0.9, "opens"), (0.3, "below"), (None, "nothing_to_compare")])
def test_stock_that_runs_out(alert_policy, make, level, outcome):
    stock = [] if level is None else [{"merchant_id": "m1", "level": level, "days_to_harm": 2.0}]
    row = told(alert_policy, make, stock=stock).loc[("stock.days_of_cover", "projection")]
    assert (row["outcome"], row["leg"], row["threshold"]) == (outcome, "stock_prep", 0.9)


def test_a_stale_feed_mutes_its_leg(alert_policy, make):
    stale = [{"merchant_id": "m1", "leg": "fulfilment", "p_value": None, "reason": "stale:fulfilment:2026-09-30"}]
    rows = told(alert_policy, make, [make.signal(), make.signal(metric="service.human_share", leg="service")],
                legs=stale)  # fmt: skip
    assert rows.loc[("fulfilment.late_dispatch", "limit"), "outcome"] == "stale"
    assert rows.loc[("service.human_share", "limit"), "outcome"] == "opens"


def legs(**p_values):
    return [
        {"merchant_id": "m1", "leg": leg, "p_value": value, "reason": "all_good"} for leg, value in p_values.items()
    ]


def test_an_anomaly_that_does_not_pass(alert_policy, make):
    """Two legs, the smaller p 0.002: 2 x 0.002 is held against what was needed."""
    control = MerchantControl(0.004, 0.0008, 500, 3, 0.1, 2, {"sales": 1.0, "service": 0.5}, "sales")
    rows = told(alert_policy, make, legs=legs(sales=0.002, service=0.7, experience=None), control=control,
                risk=[{"merchant_id": "m1", "flagged": False}])  # fmt: skip
    sales = rows.loc[("sales.anomaly", "anomaly")]
    assert (sales["outcome"], sales["level"], sales["threshold"]) == ("below", 0.004, 0.0008)
    service = rows.loc[("service.anomaly", "anomaly")]
    assert (service["outcome"], service["level"], service["threshold"]) == ("below", 1.0, 0.0004)
    assert rows.loc[("experience.anomaly", "anomaly"), "outcome"] == "nothing_to_compare"


def test_an_anomaly_that_passes_is_named_after_its_smallest_leg(alert_policy, make):
    control = MerchantControl(2e-6, 0.001, 500, 3, 0.1, 2, {}, "sales")
    signal = make.signal(metric="sales.traffic_drop", leg="sales", light="amber", p_value=1e-6)
    rows = told(alert_policy, make, [signal], legs=legs(sales=1e-6, service=0.01), control=control,
                risk=[{"merchant_id": "m1", "flagged": True, "p_value_leg": "sales"}])  # fmt: skip
    row = rows.loc[("sales.traffic_drop", "anomaly")]
    assert (row["outcome"], row["leg"], row["key"]) == ("opens", "sales", "sales/volume/m1")
    assert rows.loc[("service.anomaly", "anomaly"), "outcome"] == "other_leg"


def test_evidence_says_which_key_and_severity_it_has(alert_policy, make):
    row = told(alert_policy, make, [make.signal(money_at_risk=90000.0)]).loc[("fulfilment.late_dispatch", "limit")]
    assert (row["key"], row["rank"], row["root_leg"]) == ("fulfilment/dispatch/m1", 2.0, "fulfilment")
