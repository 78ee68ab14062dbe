"""The alerts step over tables in a real lake."""

from datetime import date, timedelta

import pytest

from pipelines.defs.alerting.previous import MissingDayError
from pipelines.defs.alerting.step import alerts

START = date(2026, 10, 1)


def test_alerts_of_two_days(platform):
    platform.merchants("m1", "m2")
    platform.signals(START, red=["m1"], calm=["m2"])
    assert alerts(platform.day(0)) == {"alerts": 1, "audit_sample": 0, "alert_volume": 2}
    row = platform.rows("alerts")[0]
    assert (row["merchant_id"], row["opened_by"], row["status"]) == ("m1", "limit", "open")
    assert (row["opened_on"], row["severity"], row["money_at_risk"]) == (START, "warning", 8000.0)
    platform.signals(START + timedelta(days=1), red=["m1", "m2"])
    alerts(platform.day(1))
    second = platform.rows("alerts", as_of=START + timedelta(days=1))
    assert {one["merchant_id"]: one["event"] for one in second} == {"m1": "", "m2": "opened"}
    total = platform.rows("alert_volume", leg="all", as_of=START + timedelta(days=1))[0]
    assert (total["opened"], total["live"], total["merchants"]) == (1, 2, 2)


def test_a_day_run_again_gives_the_same_rows(platform):
    platform.merchants("m1")
    for number in range(2):
        platform.signals(START + timedelta(days=number), red=["m1"])
        alerts(platform.day(number))
    before = platform.rows("alerts")
    alerts(platform.day(0))
    alerts(platform.day(1))
    assert sorted(map(str, platform.rows("alerts"))) == sorted(map(str, before))


def test_a_day_without_alerts_still_counts_as_navigated(platform):
    platform.merchants("m1")
    for number in range(3):
        platform.signals(START + timedelta(days=number), calm=["m1"])
        alerts(platform.day(number))
    assert sorted(row["as_of"] for row in platform.rows("alert_volume", leg="all")) == [
        START + timedelta(days=number) for number in range(3)
    ]


def test_a_gap_is_refused_with_the_way_to_mend_it(platform):
    platform.merchants("m1")
    platform.signals(START, red=["m1"])
    alerts(platform.day(0))
    platform.signals(START + timedelta(days=3), red=["m1"])
    with pytest.raises(MissingDayError, match="--day 2026-10-02; merchant-gps run --day 2026-10-03"):
        alerts(platform.day(3))
    assert platform.rows("alerts", as_of=START + timedelta(days=3)) == []


def test_a_day_before_the_first_one_starts_empty(platform):
    platform.merchants("m1")
    platform.signals(START + timedelta(days=1), red=["m1"])
    alerts(platform.day(1))
    platform.signals(START, red=["m1"])
    assert alerts(platform.day(0))["alerts"] == 1


def test_stock_opens_only_where_a_share_of_the_forecast_runs_out(platform):
    platform.merchants("much", "little", "unknown")

    def product(merchant, sku, probability, forecast):
        return {
            "merchant_id": merchant,
            "sku_id": sku,
            "p_stock_out_before_receipt": probability,
            "forecast_28": forecast,
            "stock_out_on": START + timedelta(days=2),
            "money_at_risk": 100.0,
        }

    platform.put(
        "replenishment_plan",
        START,
        product("much", "a", 0.95, 30.0),
        product("much", "b", 0.1, 70.0),
        product("little", "a", 0.99, 5.0),
        product("little", "b", 0.1, 95.0),
        product("unknown", "a", None, 5.0),
    )
    alerts(platform.day(0))
    row = platform.rows("alerts")[0]
    assert (row["merchant_id"], row["opened_by"], row["leg"]) == ("much", "projection", "stock_prep")
    assert (row["level"], row["days_to_harm"], row["money_at_risk"]) == (0.95, 2.0, 100.0)
    assert len(platform.rows("alerts")) == 1


def test_an_incident_takes_in_alerts_of_every_leg_that_it_moves(platform):
    platform.merchants("m1")
    platform.signals(START, red=["m1"])
    incident = {
        "incident_id": "I1",
        "scope": "category",
        "group": "shoes",
        "leg": "sales",
        "metric": "sales.x",
        "opened_on": START,
        "status": "open",
        "p_value": 1e-9,
    }
    platform.put("incidents", START, {**incident, "legs": '["sales", "fulfilment"]'})
    alerts(platform.day(0))
    assert platform.rows("alerts")[0]["incident_id"] == "I1"
    platform.put("incidents", START, incident)
    alerts(platform.day(0))
    assert platform.rows("alerts")[0]["incident_id"] is None
    platform.put("incidents", START, {**incident, "legs": '["fulfilment"]', "status": "resolved"})
    alerts(platform.day(0))
    assert platform.rows("alerts")[0]["incident_id"] is None
