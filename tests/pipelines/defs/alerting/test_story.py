"""The chain of numbers behind an alert."""

from pipelines.defs.alerting.step import alerts
from pipelines.defs.alerting.story import story
from pipelines.feedback import alerts_now, give


def alert_id(platform):
    return alerts_now(platform.workspace).rows["alert_id"].iloc[0]


def test_from_counts_to_what_was_told(routed):
    give(routed.workspace, alert_id(routed), "ack", by="Li", comment="mine")
    told = story(routed.workspace, alert_id(routed))
    assert told["alert"][0]["status"] == "acked"
    assert told["signals"][0]["metric"] == "fulfilment.late_dispatch"
    assert {row["leg"] for row in told["evidence"]} == {"all"}
    assert told["stock"] == []
    assert [row["event"] for row in told["days"]] == ["opened"]
    assert told["feedback"][0]["comment"] == "mine"
    assert told["messages"][0]["idempotency_key"].startswith("merchant-gps:")


def test_stock_shows_the_products_behind_it(platform):
    platform.merchants("m1")
    product = {"merchant_id": "m1", "p_stock_out_before_receipt": 0.9, "forecast_28": 10.0, "money_at_risk": 5.0}
    platform.put("replenishment_plan", platform.day(0).as_of, {**product, "sku_id": "a"}, {**product, "sku_id": "b"})
    alerts(platform.day(0))
    assert [row["sku_id"] for row in story(platform.workspace, alert_id(platform))["stock"]] == ["a", "b"]


def test_messages_of_other_incidents_are_not_its_story(routed):
    row = routed.rows("notifications")[0]
    other = {**row, "notification_id": "other", "alert_id": None, "incident_id": "inc-1"}
    routed.put("notifications", routed.day(0).as_of, row, other)
    assert len(story(routed.workspace, alert_id(routed))["messages"]) == 1
