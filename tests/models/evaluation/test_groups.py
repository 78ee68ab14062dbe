import pandas as pd

from models.evaluation.groups import evaluate_groups
from models.evaluation.policy import EvaluationPolicy

POLICY = EvaluationPolicy(grace_days=3, chains={"sales": ("sales", "service")})


def tables(alerts, incidents):
    alerts = pd.DataFrame(
        [(day, f"{name}{day}", name, leg, "m", "anomaly", day, incident) for name, leg, day, incident in alerts],
        columns=["as_of", "alert_id", "merchant_id", "leg", "metric", "opened_by", "opened_on", "incident_id"],
    )
    incidents = pd.DataFrame(
        [(day, name, scope, group, "sales", "m", day) for name, scope, group, day in incidents],
        columns=["as_of", "incident_id", "scope", "group", "leg", "metric", "opened_on"],
    )
    return alerts, incidents


def episode(scope, value, members):
    return pd.DataFrame(
        [
            {
                "episode_id": f"{scope}-1",
                "family": "outage",
                "benign": False,
                "scope": scope,
                "scope_value": value,
                "merchant_id": name,
                "root_leg": "sales",
                "onset_on": "2026-10-05",
                "first_observable_on": "2026-10-05",
                "harm_on": "2026-10-05",
                "ended_on": "2026-10-06",
                "magnitude": 1.0,
                "ramp_days": 0,
            }
            for name in members
        ]
    )


def test_members_with_an_alert_on_the_incident_are_spared_others_are_not():
    alerts, incidents = tables(
        [("A", "sales", "2026-10-05", "i1"), ("B", "sales", "2026-10-06", None)],
        [("i1", "platform", "all", "2026-10-06")],
    )
    row = evaluate_groups(alerts, incidents, episode("platform", "all", "ABCD"), POLICY).iloc[0]
    assert (row.members, row.incidents, row.days_to_incident, row.members_alerted) == (4, 1, 1, 1)
    assert row.suppressed_share == 0.75


def test_echoes_of_a_platform_outage_count_as_incidents_of_it():
    alerts, incidents = tables([], [("i1", "platform", "all", "2026-10-05"), ("i2", "region", "north", "2026-10-05")])
    row = evaluate_groups(alerts, incidents, episode("platform", "all", "AB"), POLICY).iloc[0]
    assert row.incidents == 2


def test_a_region_claims_only_its_own_incident_in_its_own_time():
    alerts, incidents = tables([], [("i1", "region", "south", "2026-10-05"), ("i2", "region", "north", "2026-10-12")])
    row = evaluate_groups(alerts, incidents, episode("region", "north", "AB"), POLICY).iloc[0]
    assert row.incidents == 0
    assert pd.isna(row.days_to_incident)
    assert row.suppressed_share == 1.0


def test_episodes_outside_the_days_judged_are_left_out():
    alerts, incidents = tables([], [("i1", "platform", "all", "2026-10-05")])
    truth = episode("platform", "all", "AB")
    inside = evaluate_groups(alerts, incidents, truth, POLICY, pd.Timestamp("2026-10-01"), pd.Timestamp("2026-10-05"))
    outside = evaluate_groups(alerts, incidents, truth, POLICY, pd.Timestamp("2026-10-20"), pd.Timestamp("2026-10-21"))
    assert (len(inside), len(outside)) == (1, 0)
