import math

import pandas as pd
import pytest

from models.evaluation.families import evaluate_families
from models.evaluation.policy import EvaluationPolicy

POLICY = EvaluationPolicy(
    grace_days=5,
    group_found_share=0.5,
    background_families=("chronic_late_dispatch",),
    chains={"stock_prep": ("stock_prep", "sales"), "fulfilment": ("fulfilment", "after_sale"), "sales": ("sales",)},
)
DAYS = pd.date_range("2026-10-01", "2026-10-20").date


def alert(alert_id, merchant, leg, opened_on, incident=None, as_of=None):
    return {
        "as_of": as_of or opened_on, "alert_id": alert_id, "merchant_id": merchant, "leg": leg, "metric": f"{leg}.x",
        "opened_by": "limit", "opened_on": opened_on, "incident_id": incident,
    }  # fmt: skip


def episode(episode_id, family, merchant, root_leg, onset, ended, harm=None, scope="merchant", value="", benign=False):
    return {
        "episode_id": episode_id, "family": family, "benign": benign, "scope": scope, "scope_value": value or merchant,
        "merchant_id": merchant, "root_leg": root_leg, "onset_on": onset, "first_observable_on": onset,
        "harm_on": harm, "ended_on": ended, "magnitude": 1.0, "ramp_days": 0,
    }  # fmt: skip


INCIDENT_COLUMNS = ["as_of", "incident_id", "scope", "group", "leg", "metric", "opened_on"]
NO_INCIDENTS = pd.DataFrame(columns=INCIDENT_COLUMNS)
EPISODES = pd.DataFrame(
    [
        episode("s1", "stock_out", "A", "stock_prep", "2026-10-03", "2026-10-08", harm="2026-10-09"),
        episode("s2", "stock_out", "B", "stock_prep", "2026-10-03", None, harm="2026-10-12"),
        episode("w1", "backlog", "C", "fulfilment", "2026-10-05", "2026-10-07", harm="2026-10-06"),
        episode("p1", "promotion", "D", "sales", "2026-10-10", "2026-10-12", benign=True),
    ]
)


def scores(alerts, episodes=EPISODES, incidents=NO_INCIDENTS, policy=POLICY, merchant_days=1000):
    table = evaluate_families(
        pd.DataFrame(alerts), incidents, episodes, merchant_days, policy,
        first_on=pd.Timestamp("2026-10-01"), last_on=pd.Timestamp("2026-10-20"),
    )  # fmt: skip
    return table.set_index("family")


def test_worked_example():
    table = scores(
        [
            alert("1", "A", "stock_prep", "2026-10-05"),  # right, 4 days before harm
            alert("2", "B", "sales", "2026-10-10"),  # right on the chain, 2 days before harm, not the root leg
            alert("3", "C", "fulfilment", "2026-10-13"),  # one day after the grace: false
            alert("4", "D", "fulfilment", "2026-10-10"),  # false, and not on the promotion's chain
        ]
    )
    stock_out = table.loc["stock_out"]
    assert (stock_out.episodes, stock_out.found, stock_out.recall) == (2, 2, 1.0)
    assert stock_out.median_lead_days == 3.0
    assert stock_out.root_leg_right == 0.5
    assert stock_out.per_1000_merchant_days == 2.0
    assert table.loc["backlog", "recall"] == 0.0
    assert table.loc["backlog", "precision"] == 0.0  # both alerts on its root leg are false
    overall = table.loc["all"]
    assert (overall.episodes, overall.found, overall.alerts, overall.true_alerts) == (3, 2, 4, 2)
    assert overall.recall == pytest.approx(2 / 3)
    assert overall.precision == 0.5
    assert overall.per_1000_merchant_days == 4.0
    assert table.loc["promotion", "found"] == 0


def test_last_day_of_grace_still_counts():
    table = scores([alert("1", "C", "fulfilment", "2026-10-12")])
    assert table.loc["backlog", "found"] == 1
    assert table.loc["backlog", "median_lead_days"] == -6


def test_an_alert_before_the_onset_is_false():
    table = scores([alert("1", "A", "stock_prep", "2026-10-02")])
    assert table.loc["all", "true_alerts"] == 0
    assert table.loc["stock_out", "found"] == 0


def test_state_rows_of_one_alert_are_one_opening():
    rows = [alert("1", "A", "stock_prep", "2026-10-05", as_of=day) for day in DAYS[4:10]]
    assert scores(rows).loc["all", "alerts"] == 1


def test_benign_episode_that_opened_an_alert_is_counted_and_false():
    table = scores([alert("1", "D", "sales", "2026-10-10")])
    assert table.loc["promotion", "found"] == 1
    assert bool(table.loc["promotion", "benign"])
    assert math.isnan(table.loc["promotion", "recall"])
    assert table.loc["all", "precision"] == 0.0


def test_benign_episode_is_not_blamed_for_trouble_that_something_else_explains():
    episodes = pd.concat([EPISODES, pd.DataFrame([episode("t1", "traffic", "D", "sales", "2026-10-09", "2026-10-14")])])
    table = scores([alert("1", "D", "sales", "2026-10-10")], episodes)
    assert table.loc["promotion", "found"] == 0
    assert table.loc["traffic", "found"] == 1


def test_background_family_makes_alerts_right_but_stays_out_of_the_headline():
    episodes = pd.DataFrame(
        [episode("c1", "chronic_late_dispatch", "E", "fulfilment", "2026-01-01", None), *EPISODES.to_dict("records")]
    )
    table = scores([alert("1", "E", "fulfilment", "2026-10-10")], episodes)
    assert table.loc["all", "precision"] == 1.0
    assert table.loc["all", "episodes"] == 3
    assert table.loc["chronic_late_dispatch", "recall"] == 1.0


def group_episode(members):
    return pd.DataFrame(
        [episode("o1", "outage", name, "sales", "2026-10-05", "2026-10-06", "2026-10-05", "platform", "all")
         for name in members]
    )  # fmt: skip


def test_group_episode_counts_once_and_is_found_by_its_incident():
    incidents = pd.DataFrame(
        [("2026-10-05", "i1", "platform", "all", "sales", "sales.forecast_break", "2026-10-05")],
        columns=INCIDENT_COLUMNS,
    )
    table = scores([alert("1", "A", "sales", "2026-10-05", incident="i1")], group_episode("ABCD"), incidents)
    assert (table.loc["outage", "episodes"], table.loc["outage", "found"]) == (1, 1)
    assert table.loc["outage", "median_lead_days"] == 0
    assert table.loc["outage", "root_leg_right"] == 1.0


@pytest.mark.parametrize(("alerted", "found"), [("A", 0), ("AB", 1)])
def test_group_episode_without_an_incident_needs_half_its_members(alerted, found):
    alerts = [alert(name, name, "sales", "2026-10-05") for name in alerted]
    assert scores(alerts, group_episode("ABCD")).loc["outage", "found"] == found


def test_burn_in_openings_find_but_count_for_nothing():
    policy = POLICY.model_copy(update={"burn_in_days": 5})
    table = scores([alert("1", "A", "stock_prep", "2026-10-05")], policy=policy)
    assert table.loc["stock_out", "found"] == 1
    assert table.loc["all", "alerts"] == 0


def test_episodes_outside_the_days_judged_are_left_out():
    episodes = pd.concat(
        [EPISODES, pd.DataFrame([episode("old", "stock_out", "Z", "stock_prep", "2026-08-01", "2026-08-10")])]
    )
    assert scores([alert("1", "A", "stock_prep", "2026-10-05")], episodes).loc["stock_out", "episodes"] == 2


def test_no_alerts_at_all():
    empty = pd.DataFrame(columns=list(alert("1", "A", "sales", "2026-10-05")))
    table = scores(empty)
    assert table.loc["all", "recall"] == 0.0
    assert math.isnan(table.loc["all", "precision"])


def test_merchant_days_must_be_given():
    with pytest.raises(ValueError, match="merchant_days is 0"):
        scores([alert("1", "A", "sales", "2026-10-05")], merchant_days=0)
