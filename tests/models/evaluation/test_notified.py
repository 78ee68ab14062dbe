from datetime import time
from pathlib import Path

import pandas as pd
import yaml

from models.evaluation.notified import notified
from models.risk.alert_policy import AlertPolicy
from models.risk.alert_state import STATE_COLUMNS
from models.risk.route_policy import InhibitionRule, RoutePolicy

POLICY_FILE = Path(__file__).parents[3] / "data" / "policy" / "alerting.yaml"
ROUTES = RoutePolicy(cap_per_merchant_and_day=2)
DAYS = pd.Series(1000, pd.date_range("2026-10-05", periods=2))
NO_INCIDENTS = pd.DataFrame(columns=["as_of", "incident_id", "scope", "leg", "status"])


def policy(at_least):
    loaded = yaml.safe_load(POLICY_FILE.read_text(encoding="utf-8"))
    loaded["budget"] |= {"at_least": at_least, "alerts_per_1000_merchants": 0}
    if isinstance(loaded["late_day"]["by"], int):
        loaded["late_day"]["by"] = time(10)
    return AlertPolicy.model_validate(loaded)


def alerts(*rows):
    defaults = dict.fromkeys(STATE_COLUMNS) | {
        "severity": "warning",
        "status": "open",
        "money_at_risk": 1.0,
        "leg": "sales",
    }
    return pd.DataFrame([
        defaults | {"as_of": day, "alert_id": name, "merchant_id": merchant, "event": event, "incident_id": incident}
        for name, merchant, day, event, incident in rows
    ])  # fmt: skip


def told(table, at_least=10):
    rows = notified(table, NO_INCIDENTS, DAYS, policy(at_least), ROUTES, {})
    return list(zip(rows["alert_id"], rows["told_on"].dt.day, strict=True))


def test_an_opening_is_told_once_and_a_quiet_day_of_it_is_not():
    table = alerts(("1", "A", "2026-10-05", "opened", None), ("1", "A", "2026-10-06", "", None))
    assert told(table) == [("1", 5)]


def test_member_of_an_incident_is_not_told_until_it_is_released():
    table = alerts(("1", "A", "2026-10-05", "opened", "i"), ("1", "A", "2026-10-06", "released", None))
    assert told(table) == [("1", 6)]


def test_cap_of_a_merchant_and_budget_of_a_day_hold():
    table = alerts(
        *((name, "A", "2026-10-05", "opened", None) for name in "123"), ("4", "B", "2026-10-05", "opened", None)
    )
    assert [name for name, _ in told(table)] == ["1", "2", "4"]
    assert [name for name, _ in told(table, at_least=1)] == ["1"]


def test_a_day_on_which_nothing_happened_tells_nobody():
    assert told(alerts(("1", "A", "2026-10-06", "opened", None))) == [("1", 6)]


def test_a_graver_alert_of_the_merchant_speaks_for_a_milder_one():
    rule = InhibitionRule(over="critical", holds=("warning",), legs="same")
    table = alerts(("1", "A", "2026-10-05", "opened", None), ("2", "A", "2026-10-05", "opened", None))
    table.loc[0, "severity"] = "critical"
    routes = ROUTES.model_copy(update={"inhibition": (rule,)})
    rows = notified(table, NO_INCIDENTS, DAYS, policy(10), routes, {})
    assert rows["alert_id"].tolist() == ["1"]


def test_a_held_alert_is_told_on_the_day_on_which_the_graver_one_is_over():
    rule = InhibitionRule(over="critical", holds=("warning",), legs="same")
    table = alerts(
        ("1", "A", "2026-10-05", "opened", None), ("2", "A", "2026-10-05", "opened", None),
        ("1", "A", "2026-10-06", "resolved", None), ("2", "A", "2026-10-06", "", None),
    )  # fmt: skip
    table.loc[[0, 2], "severity"] = "critical"
    table.loc[2, "status"] = "resolved"
    routes = ROUTES.model_copy(update={"inhibition": (rule,)})
    rows = notified(table, NO_INCIDENTS, DAYS, policy(10), routes, {})
    assert list(zip(rows["alert_id"], rows["told_on"].dt.day, strict=True)) == [("1", 5), ("2", 6)]


def test_of_several_days_the_gravest_are_told_singly():
    table = alerts(("1", "A", "2026-10-05", "opened", None), ("2", "B", "2026-10-06", "opened", None))
    graver = table.assign(money_at_risk=[1.0, 2.0])
    assert [name for name, _ in told(graver, at_least=1)] == ["1", "2"]
    milder = table.assign(money_at_risk=[2.0, 1.0])
    assert [name for name, _ in told(milder, at_least=1)] == ["1"]
