import math

import pandas as pd
import pytest

from models.evaluation.groups import evaluate_groups
from models.evaluation.judged import JudgedDays
from models.evaluation.policy import EvaluationPolicy

POLICY = EvaluationPolicy(grace_days=3, chains={"sales": ("sales", "service")})


DAYS = JudgedDays(pd.Series(4, pd.date_range("2026-10-01", periods=20)), burn_in_days=1)


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
    row = evaluate_groups(alerts, incidents, episode("platform", "all", "ABCD"), DAYS, POLICY).iloc[0]
    assert (row.members, row.incidents, row.days_to_incident, row.members_alerted) == (4, 1, 1, 1)
    assert row.suppressed_share == 0.75


def test_echoes_of_a_platform_outage_count_as_incidents_of_it():
    alerts, incidents = tables([], [("i1", "platform", "all", "2026-10-06"), ("i2", "region", "north", "2026-10-05")])
    row = evaluate_groups(alerts, incidents, episode("platform", "all", "AB"), DAYS, POLICY).iloc[0]
    assert (row.incidents, row.days_to_incident) == (2, 1)  # the region's came a day before, and told of a region


def test_a_region_claims_only_its_own_incident_in_its_own_time():
    alerts, incidents = tables([], [("i1", "region", "south", "2026-10-05"), ("i2", "region", "north", "2026-10-12")])
    row = evaluate_groups(alerts, incidents, episode("region", "north", "AB"), DAYS, POLICY).iloc[0]
    assert row.incidents == 0
    assert pd.isna(row.days_to_incident)
    assert row.suppressed_share == 1.0


def test_episodes_outside_the_days_judged_are_left_out():
    alerts, incidents = tables([], [("i1", "platform", "all", "2026-10-05")])
    truth = episode("platform", "all", "AB")
    later = JudgedDays(pd.Series(4, pd.date_range("2026-10-20", periods=2)))
    assert len(evaluate_groups(alerts, incidents, truth, DAYS, POLICY)) == 1
    assert len(evaluate_groups(alerts, incidents, truth, later, POLICY)) == 0


def test_a_member_with_a_trouble_of_its_own_is_not_held_against_the_incident():
    alerts, incidents = tables([("A", "sales", "2026-10-06", None)], [("i1", "platform", "all", "2026-10-05")])
    own = episode("platform", "all", "A").assign(episode_id="own", scope="merchant", ended_on=None)
    truth = pd.concat([episode("platform", "all", "ABCD"), own])
    assert evaluate_groups(alerts, incidents, truth, DAYS, POLICY).iloc[0].members_alerted == 0


def test_alerts_that_would_have_opened_in_any_week_stand_beside():
    """Two members are alerted in five days of the episode, and six in the fourteen others after the backlog."""
    inside = [("A", "sales", "2026-10-05", None), ("B", "sales", "2026-10-06", None)]
    outside = [(name, "sales", f"2026-10-{day}", None) for name, day in zip("ABCABC", range(11, 17), strict=True)]
    backlog = [("D", "sales", "2026-10-01", None)]
    alerts, incidents = tables([*inside, *outside, *backlog], [("i1", "platform", "all", "2026-10-05")])
    row = evaluate_groups(alerts, incidents, episode("platform", "all", "ABCD"), DAYS, POLICY).iloc[0]
    assert (row.members_alerted, row.suppressed_share) == (2, 0.5)
    assert row.usually_alerted == pytest.approx(4 * (1 - math.exp(-6 / (14 * 4) * 5)))
    assert row.suppressed_beyond_usual == pytest.approx(1 - (2 - row.usually_alerted) / 4)
