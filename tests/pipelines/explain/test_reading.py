"""A merchant's day explained from the tables of a real lake."""

from datetime import date, timedelta

import pyarrow as pa
import pytest

from pipelines.contracts.ingest import ingest
from pipelines.defs.alerting.step import alerts
from pipelines.explain.page import page
from pipelines.explain.reading import UnknownMerchantError, explain, greens, navigated_day
from pipelines.feedback import give

START = date(2026, 10, 1)


def reasons(told, metric="fulfilment.late_dispatch", door="limit"):
    return [row for row in told.chapters["reasons"] if (row["metric"], row["door"]) == (metric, door)]


def test_why_and_why_not(routed):
    red, calm = (explain(routed.workspace, name) for name in ("m1", "m2"))
    alert = routed.rows("alerts")[0]["alert_id"]
    text = f"probability 0.99 >= 0.975 of being over the limit 0.04: opened alert {alert}"
    assert reasons(red)[0]["text"] == text
    assert (reasons(red)[0]["outcome"], reasons(red)[0]["fate"]) == ("opens", "opened")
    assert reasons(calm)[0]["text"] == "probability 0.01 < 0.975 of being over the limit 0.04"
    assert calm.chapters["alerts"] == []
    assert red.chapters["messages"][0]["event"] == "trigger"


def test_a_later_day_says_why_it_keeps_quiet(routed):
    alert = routed.rows("alerts")[0]["alert_id"]
    give(routed.workspace, alert, "label", verdict="false")
    ingest(routed.workspace)
    for number in (1, 2):
        routed.signals(routed.day(number).as_of, red=["m1"])
        alerts(routed.day(number))
    told = explain(routed.workspace, "m1")
    assert told.as_of == START + timedelta(days=2)
    assert f"said to be false 1 day ago (alert {alert}), so quiet for 28 days" in reasons(told)[0]["text"]
    assert reasons(explain(routed.workspace, "m1", START))[0]["fate"] == "opened"


def test_the_control_of_the_day(platform):
    platform.merchants("m1", "m2", "m3")
    platform.signals(START, calm=["m1", "m2", "m3"])
    risk = {"flagged": False, "p_value_leg": "sales", "money_at_risk": 1.0}
    rows = [{"merchant_id": "m1", "p_value": 0.05}, {"merchant_id": "m2", "p_value": 0.9}, {"merchant_id": "m3"}]
    platform.put("merchant_risk", START, *({**risk, **row} for row in rows))
    legs = [{"leg": "sales", "p_value": 0.025}, {"leg": "service", "p_value": 0.4}, {"leg": "experience"}]
    platform.put("leg_status", START, *({"merchant_id": "m1", "light": "green", "reason": "x", **leg} for leg in legs))
    platform.put("leg_control", START, {"leg": "sales", "weight": 0.5, "level": 0.1, "q": 0.05},
                 {"leg": "service", "weight": 1.5, "level": 0.1, "q": 0.15})  # fmt: skip
    alerts(platform.day(0))
    told = explain(platform.workspace, "m1")
    control = told.chapters["control"][0]
    assert (control["legs"], control["merchants"], control["passed"], control["weight"]) == (2, 2, 0, 0.5)
    assert control["needed"] == pytest.approx(0.5 * 0.1 / 2)
    sales = reasons(told, "sales.anomaly", "anomaly")[0]
    assert sales["text"].startswith("p 0.05 (= 0.025 x 2 legs) > 0.025 needed to pass the control among 2 merchants")
    assert reasons(told, "service.anomaly", "anomaly")[0]["threshold"] == pytest.approx(1.5 * 0.1 / 2)
    assert "control: p 0.05 (smallest leg sales, 2 legs, weight 0.5) > 0.025 needed" in "\n".join(page(told))


def test_incidents_that_take_the_merchant_in(platform):
    platform.merchants("m1")
    platform.signals(START, red=["m1"])
    incident = {"leg": "fulfilment", "metric": "x", "opened_on": START, "status": "open", "p_value": 1e-9}
    rows = [("I1", "category", "shoes"), ("I2", "category", "hats"), ("I3", "platform", "all")]
    platform.put("incidents", START, *(
        {**incident, "incident_id": name, "scope": scope, "group": group} for name, scope, group in rows
    ))  # fmt: skip
    alerts(platform.day(0))
    told = explain(platform.workspace, "m1")
    assert [row["incident_id"] for row in told.chapters["incidents"]] == ["I1", "I3"]
    assert "(inside incident I1, told with it)" in reasons(told)[0]["text"]


def test_the_way_to_green(routed):
    told = explain(routed.workspace, "m1")
    rows = greens(told, told.chapters["alerts"][0])
    assert [(row["metric"], row["calm"], row["limit_red"]) for row in rows] == [
        ("fulfilment.late_dispatch", False, 0.04)
    ]


def test_an_unknown_merchant_or_day_says_what_there_is(routed):
    with pytest.raises(UnknownMerchantError, match="2026-10-01 knows no merchant 'M' among 2; did you mean m1, m2"):
        explain(routed.workspace, "M")
    with pytest.raises(ValueError, match="2026-10-05 was not navigated in this workspace; .*2026-10-01 to 2026-10-01"):
        explain(routed.workspace, "m1", date(2026, 10, 5))
    with pytest.raises(ValueError, match="no day of backtest 'other' has been navigated yet"):
        explain(routed.workspace, "m1", backtest="other")


def test_a_backtest_goes_on_from_its_own_stride(platform):
    lake = platform.workspace.lake.scoped("weekly")
    schema = lake.read("alert_volume").schema
    for day in (START, START + timedelta(days=7)):
        row = {**dict.fromkeys(schema.names), "as_of": day, "leg": "all", "opened_by": "all"}
        lake.replace_day("alert_volume", day, pa.Table.from_pylist([row], schema=schema))
    newest = navigated_day(platform.workspace, None, "weekly")
    assert (newest.as_of, newest.step_days, newest.kind) == (START + timedelta(days=7), 7, "backtest")
    assert navigated_day(platform.workspace, START, "weekly").step_days == 1
