import pandas as pd
import pytest

from models.evaluation.judged import INCIDENT, JudgedDays, judge_alerts
from models.evaluation.policy import EvaluationPolicy

POLICY = EvaluationPolicy(grace_days=2, burn_in_days=1, background_families=("chronic",), echo_scopes=("platform",))
DAYS = pd.Series([3, 3, 4, 4], pd.date_range("2026-10-05", periods=4))
ALERTS = ["as_of", "alert_id", "merchant_id", "leg", "metric", "opened_by", "opened_on", "incident_id"]
INCIDENTS = ["as_of", "incident_id", "scope", "group", "leg", "metric", "opened_on"]


def episode(name, family, merchant, onset, scope="merchant", ramp=0):
    return {
        "episode_id": name, "family": family, "benign": family == "twin", "scope": scope, "scope_value": "all",
        "merchant_id": merchant, "root_leg": "sales", "onset_on": onset, "first_observable_on": onset, "harm_on": None,
        "ended_on": None, "ramp_days": ramp,
    }  # fmt: skip


def judged(alerts, episodes, incidents=(), of_incident=None):
    rows = [(day, name, merchant, "sales", "m", door, day, of_incident) for name, merchant, day, door in alerts]
    days = JudgedDays(DAYS, POLICY.burn_in_days)
    return judge_alerts(
        pd.DataFrame(rows, columns=ALERTS), pd.DataFrame(incidents, columns=INCIDENTS), pd.DataFrame(episodes), days,
        POLICY,
    )  # fmt: skip


def test_exposure_with_and_without_the_first_day():
    days = JudgedDays(DAYS, 1)
    assert (days.merchant_days, days.settled_merchant_days) == (14, 11)
    assert days.settled_on == pd.Timestamp("2026-10-06")


def test_nothing_navigated_is_refused():
    with pytest.raises(ValueError, match="nothing was navigated"):
        JudgedDays(pd.Series([], dtype=int))


def test_openings_are_right_by_any_episode_but_a_benign_one():
    found = judged(
        [("1", "A", "2026-10-06", "limit"), ("2", "B", "2026-10-05", "limit"), ("3", "C", "2026-10-06", "limit")],
        [episode("e1", "drop", "A", "2026-10-05"), episode("e2", "chronic", "B", "2026-01-01"),
         episode("e3", "twin", "C", "2026-10-05")],
    ).openings.set_index("alert_id").sort_index()  # fmt: skip
    assert found["right"].tolist() == [True, True, False]
    assert found["backlog"].tolist() == [False, True, False]
    assert found.loc["3", "families"] == frozenset({"twin"})


def test_units_say_what_they_are():
    units = judged(
        [("1", "A", "2026-10-06", "limit")],
        [episode("e1", "drop", "A", "2026-10-05", ramp=4), episode("e2", "chronic", "B", "2026-01-01"),
         *(episode("g", "outage", name, "2026-10-06", scope="platform") for name in "ABC")],
    ).units.set_index("episode_id")  # fmt: skip
    assert units.loc["e1", ["slow", "background", "began_inside"]].tolist() == [True, False, True]
    assert units.loc["e2", ["slow", "background", "began_inside"]].tolist() == [False, True, False]
    assert (units.loc["g", "unit"], units.loc["g", "members"]) == ("", 3)


def test_found_by_some_of_the_hits_only():
    everything = judged(
        [("1", "A", "2026-10-07", "limit"), ("2", "A", "2026-10-06", "anomaly")],
        [episode("e1", "drop", "A", "2026-10-05")],
    )
    by_limit = everything.found(everything.hits[everything.hits["opened_by"] == "limit"]).iloc[0]
    assert everything.found().iloc[0].opened_on == pd.Timestamp("2026-10-06")
    assert by_limit.opened_on == pd.Timestamp("2026-10-07")


@pytest.mark.parametrize(("members", "found"), [("A", False), ("AB", True)])
def test_group_is_found_by_half_of_its_members_or_by_an_incident(members, found):
    group = [episode("g", "outage", name, "2026-10-06", scope="platform") for name in "ABC"]
    alerts = [(name, name, "2026-10-06", "limit") for name in members]
    assert judged(alerts, group).found().iloc[0].found == found
    incident = ("2026-10-07", "i", "platform", "all", "sales", "m", "2026-10-07")
    told = judged(alerts, group, [incident])
    assert told.found().iloc[0].found
    assert INCIDENT in set(told.hits["opened_by"])


def test_an_outage_of_the_platform_is_not_found_by_being_told_of_one_region():
    group = [episode("g", "outage", name, "2026-10-06", scope="platform") for name in "ABC"]
    told = judged(
        [("A", "A", "2026-10-06", "limit")], group, [("2026-10-07", "i", "region", "n", "sales", "m", "2026-10-07")]
    )
    assert not told.found().iloc[0].found


def test_an_alert_is_not_right_because_the_whole_platform_was_in_trouble_unless_the_incident_took_it_in():
    group = [episode("g", "outage", name, "2026-10-06", scope="platform") for name in "ABC"]
    alerts = [("1", "A", "2026-10-06", "limit")]
    assert judged(alerts, group).openings["right"].tolist() == [False]
    assert judged(alerts, group, of_incident="i").openings["right"].tolist() == [True]
    own = [*group, episode("e1", "drop", "A", "2026-10-05")]
    assert judged(alerts, own).openings["right"].tolist() == [True]


def test_the_incident_of_a_feed_is_on_the_leg_of_the_feed():
    group = [episode("g", "feed_outage", name, "2026-10-06", scope="feed") for name in "ABC"]
    incident = ("2026-10-06", "i", "feed", "all", "data", "data.stale", "2026-10-06")
    found = judged([], group, [incident]).found().iloc[0]
    assert (found.found, found.root_right) == (True, True)


def test_the_root_is_judged_by_what_the_alert_named_not_by_where_it_showed():
    days = JudgedDays(DAYS, POLICY.burn_in_days)
    policy = POLICY.model_copy(update={"chains": {"sales": ("sales", "fulfilment")}})
    truth = pd.DataFrame([episode("e1", "drop", "A", "2026-10-05"), episode("e2", "drop", "B", "2026-10-05")])
    rows = [("2026-10-06", name, name, "fulfilment", "m", "limit", "2026-10-06", None, root)
            for name, root in (("A", "sales"), ("B", "fulfilment"))]  # fmt: skip
    alerts = pd.DataFrame(rows, columns=[*ALERTS, "root_leg"])
    found = judge_alerts(alerts, pd.DataFrame(columns=INCIDENTS), truth, days, policy).found().set_index("unit")
    assert found["root_right"].to_dict() == {"A": True, "B": False}
