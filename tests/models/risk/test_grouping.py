"""Which alerts an incident takes in."""

import pandas as pd
import pytest

from models.risk.grouping import incident_of_alerts

DAY = pd.Timestamp(2026, 10, 10)
MERCHANTS = pd.DataFrame(
    {"merchant_id": ["m1"], "category": ["shoes"], "region": ["north"], "carrier": ["fast"], "warehouse": [None]}
)


def incident(name="I1", scope="category", group="shoes", leg="sales", p_value=1e-6, opened_on=DAY):
    return {"incident_id": name, "scope": scope, "group": group, "leg": leg, "p_value": p_value, "opened_on": opened_on}


def group_of(policy, *incidents, leg="sales", opened_on=DAY, merchant="m1"):
    alerts = pd.DataFrame({"alert_id": ["A"], "merchant_id": [merchant], "leg": [leg], "opened_on": [opened_on]})
    columns = list(incident())
    known = pd.DataFrame(list(incidents), columns=columns).astype({"opened_on": "datetime64[s]"})
    return incident_of_alerts(alerts, known, MERCHANTS, policy.incidents).iloc[0]


@pytest.mark.parametrize(
    ("values", "belongs"),
    [
        ({}, True),
        ({"group": "toys"}, False),
        ({"scope": "region", "group": "north"}, True),
        ({"scope": "platform", "group": ""}, True),
        ({"scope": "carrier", "group": "fast"}, True),
        ({"scope": "warehouse", "group": "east"}, False),
        ({"leg": "service"}, False),
        ({"scope": "feed", "group": "sales"}, False),
        ({"opened_on": DAY - pd.Timedelta(days=5)}, True),
        ({"opened_on": DAY + pd.Timedelta(days=3)}, True),
        ({"opened_on": DAY + pd.Timedelta(days=4)}, False),
    ],
)
def test_same_leg_same_group_about_the_same_time(alert_policy, values, belongs):
    assert group_of(alert_policy, incident(**values)) == ("I1" if belongs else None)


def test_the_surest_incident_wins(alert_policy):
    weak, strong = incident("weak", "platform", "", p_value=1e-3), incident("strong", p_value=1e-9)
    assert group_of(alert_policy, weak, strong) == "strong"


def test_no_incident_and_unknown_merchants(alert_policy):
    assert group_of(alert_policy) is None
    assert group_of(alert_policy, incident(), merchant="stranger") is None
    assert group_of(alert_policy, incident(scope="platform", group=""), merchant="stranger") == "I1"


def test_a_crowd_takes_in_who_was_far_out_on_its_leg(alert_policy):
    alerts = pd.DataFrame(
        {"alert_id": ["A", "B", "C"], "merchant_id": ["m1", "m2", "m1"], "leg": ["sales", "sales", "service"]}
    ).assign(opened_on=DAY)
    known = pd.DataFrame([incident(scope="crowd", group="all")]).astype({"opened_on": "datetime64[s]"})
    crowd = pd.DataFrame({"merchant_id": ["m1", "m1"], "leg": ["sales", "sales"]})
    found = incident_of_alerts(alerts, known, MERCHANTS, alert_policy.incidents, crowd)
    assert found.to_list() == ["I1", None, None]
    assert incident_of_alerts(alerts, known, MERCHANTS, alert_policy.incidents).isna().all()
