"""The story of an alert: why, its life, and what would turn it green."""

import pytest

from pipelines.contracts.ingest import ingest
from pipelines.defs.alerting.policies import alert_policy
from pipelines.defs.alerting.step import alerts
from pipelines.explain.alert import alert_story, green_text
from pipelines.feedback import give


@pytest.fixture
def alert_id(routed):
    return routed.rows("alerts")[0]["alert_id"]


def test_why_it_opened_and_what_turns_it_green(routed, alert_id):
    told = alert_story(routed.workspace, alert_id)
    assert [row["outcome"] for row in told["why"]] == ["opens", "nothing_to_compare"]
    assert told["why"][0]["text"].endswith(f"opened alert {alert_id}")
    assert told["control"][0]["p_value"] is None
    assert told["turns_green"][0]["text"] == (
        "0.06 must come back inside 0.04, or its probability, now 0.99, must be under 0.4875 for 3 days in a row, "
        "0 so far"
    )
    assert told["messages"][0]["status"] == "pending"


def test_its_life_after_it_resolved(routed, alert_id):
    give(routed.workspace, alert_id, "resolve", by="Li", comment="mended")
    ingest(routed.workspace)
    for number in (1, 2, 3):
        routed.signals(routed.day(number).as_of, calm=["m1", "m2"])
        alerts(routed.day(number))
    told = alert_story(routed.workspace, alert_id)
    assert told["alert"][0]["status"] == "resolved"
    assert [row["event"] for row in told["days"]] == ["resolved", "opened"]
    assert told["feedback"][0]["comment"] == "mended"
    assert told["why"][0]["outcome"] == "below"  # of its last day
    assert told["turns_green"] == []


def test_a_merchant_without_risk_rows_still_has_a_story(platform):
    platform.merchants("m1")
    plan = {"merchant_id": "m1", "sku_id": "a", "p_stock_out_before_receipt": 0.9, "forecast_28": 10.0}
    platform.put("replenishment_plan", platform.day(0).as_of, plan)
    alerts(platform.day(0))
    told = alert_story(platform.workspace, platform.rows("alerts")[0]["alert_id"])
    assert told["stock"]
    assert (told["why"], told["turns_green"]) == ([], [])


ROW = {"door": "limit", "known": True, "calm": False, "observed": 0.06, "level": 0.99, "calm_below": 0.4875,
       "limit_red": 0.04, "good_until_green": 160.0}  # fmt: skip


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"known": False}, "not measurable today: the day counts neither way"),
        ({"calm": True}, "calm already, and must stay so for 3 days in a row, 1 so far"),
        ({}, "0.06 must come back inside 0.04, or its probability, now 0.99, must be under 0.4875 for 3 days in a row, "
             "1 so far; 160 good events would turn the light green"),
        ({"limit_red": None, "good_until_green": None},
         "the light must no longer be red for 3 days in a row, 1 so far"),
        ({"door": "projection", "level": 0.85, "calm_below": 0.4},
         "its probability, now 0.85, must be under 0.4 for 3 days in a row, 1 so far"),
        ({"door": "anomaly", "level": 4.0, "calm_below": 2.0},
         "the leg's p, now 0.0001, must be above 0.01 for 3 days in a row, 1 so far"),
    ],
)  # fmt: skip
def test_what_a_metric_must_do(workspace, row, text):
    assert green_text({**ROW, **row}, {"calm_days": 1}, alert_policy(workspace)) == text
