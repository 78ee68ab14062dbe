import math

import pandas as pd
import pytest

from models.evaluation.intervals import Resampling
from models.evaluation.judged import JudgedDays, judge_alerts
from models.evaluation.policy import EvaluationPolicy
from models.evaluation.quality import quality_table

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


NOBODY = pd.DataFrame({"alert_id": pd.Series(dtype=object), "told_on": pd.Series(dtype="datetime64[s]")})
HOW = Resampling(draws=100)


def table_of(alerts, episodes=EPISODES, incidents=NO_INCIDENTS, policy=POLICY, merchants=50, told=NOBODY):
    days = JudgedDays(pd.Series(merchants, pd.DatetimeIndex(DAYS)), policy.burn_in_days)
    return quality_table(judge_alerts(pd.DataFrame(alerts), incidents, episodes, days, policy), told, HOW)


def scores(*args, **more):
    """Rows of whole families, by name."""
    table = table_of(*args, **more)
    whole = (table["leg"] == "all") & (table["opened_by"] == "all") & (table["metric"] == "all")
    return table[whole].set_index("family")


def test_recall_is_counted_once_more_over_what_had_time_to_be_found():
    """Judged to 20 October: seen for 14 days from the 7th on at the latest, or over with its five days of grace."""
    long_ago = episode("a", "drop", "A", "sales", "2026-10-07", None)
    just_short = episode("b", "drop", "B", "sales", "2026-10-08", None)
    over = episode("c", "drop", "C", "sales", "2026-10-12", "2026-10-14")
    shows_late = episode("d", "drop", "D", "sales", "2026-10-02", None) | {"first_observable_on": "2026-10-18"}
    found = scores([alert("1", "A", "sales", "2026-10-09"), alert("2", "B", "sales", "2026-10-10")],
                   pd.DataFrame([long_ago, just_short, over, shows_late])).loc["drop"]  # fmt: skip
    assert (found.episodes, found.found, found.recall) == (4, 2, 0.5)
    assert (found.matured, found.recall_matured) == (2, 0.5)  # the first is found; the third is over, and was not


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
    assert stock_out.per_1000_merchant_days == 2.0  # fifty merchants on twenty days
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
    assert table.loc[["promotion", "benign"], "benign_alerted"].tolist() == [1.0, 1.0]
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


def test_backlog_of_the_first_days_finds_but_counts_for_nothing_except_where_it_is_named():
    policy = POLICY.model_copy(update={"burn_in_days": 5})
    alerts = [alert("1", "A", "stock_prep", "2026-10-05"), alert("2", "Z", "sales", "2026-10-06")]
    row = scores(alerts, policy=policy).loc["all"]
    assert scores(alerts, policy=policy).loc["stock_out", "found"] == 1
    assert (row.alerts, row.backlog, row.true_alerts, row.precision) == (1, 1, 0, 0.0)
    assert row.per_1000_merchant_days == pytest.approx(1 / 750 * 1000)  # fifteen days are left
    assert row.with_backlog_per_1000 == pytest.approx(2 / 1000 * 1000)


def test_episodes_outside_the_days_judged_are_left_out():
    episodes = pd.concat(
        [EPISODES, pd.DataFrame([episode("old", "stock_out", "Z", "stock_prep", "2026-08-01", "2026-08-10")])]
    )
    assert scores([alert("1", "A", "stock_prep", "2026-10-05")], episodes).loc["stock_out", "episodes"] == 2


def test_an_episode_that_shows_only_after_the_last_day_is_left_out():
    late = episode("late", "stock_out", "Z", "stock_prep", "2026-10-18", None) | {"first_observable_on": "2026-10-21"}
    assert scores([alert("1", "A", "sales", "2026-10-05")], pd.DataFrame([late])).loc["all", "episodes"] == 0


def test_lead_is_taken_of_episodes_that_began_on_the_days_judged():
    """One that is older was found late only because nobody looked before."""
    old = episode("old", "stock_out", "Z", "stock_prep", "2026-09-01", None, harm="2026-09-05")
    table = scores([alert("1", "Z", "stock_prep", "2026-10-01")], pd.DataFrame([old]))
    assert table.loc["stock_out", "found"] == 1
    assert math.isnan(table.loc["stock_out", "median_lead_days"])
    assert table.loc["stock_out", "lead_episodes"] == 0


def test_alert_before_the_harm_counts_missed_episodes_too():
    table = scores([alert("1", "A", "stock_prep", "2026-10-05"), alert("2", "C", "fulfilment", "2026-10-07")])
    assert table.loc["all", "before_harm"] == pytest.approx(1 / 3)  # A in time, B missed, C a day after the harm


def test_slow_families_are_those_that_ramp():
    slow = episode("t1", "traffic", "E", "sales", "2026-10-04", None, harm="2026-10-14") | {"ramp_days": 7}
    episodes = pd.DataFrame([*EPISODES.to_dict("records"), slow])
    table = scores([alert("1", "E", "sales", "2026-10-08"), alert("2", "A", "stock_prep", "2026-10-08")], episodes)
    assert (table.loc["slow", "episodes"], table.loc["slow", "median_lead_days"]) == (1, 6.0)


def test_each_door_by_itself():
    alerts = [
        alert("1", "A", "stock_prep", "2026-10-05") | {"opened_by": "projection"},
        alert("2", "A", "sales", "2026-10-08"),
        alert("3", "D", "fulfilment", "2026-10-10"),
    ]
    table = table_of(alerts)
    door = table[(table["family"] == "all") & (table["leg"] == "all")].set_index("opened_by")
    assert door.loc["projection", ["alerts", "precision", "found", "median_lead_days"]].tolist() == [1, 1.0, 1, 4.0]
    assert door.loc["limit", ["alerts", "precision", "found", "median_lead_days"]].tolist() == [2, 0.5, 1, 1.0]
    assert door.loc["all", ["alerts", "found", "median_lead_days"]].tolist() == [3, 1, 4.0]
    of_family = table[table["family"] == "stock_out"].set_index("opened_by")
    assert of_family.loc["projection", "recall"] == 0.5


def test_rows_of_a_leg_and_of_its_metrics():
    table = table_of([alert("1", "A", "stock_prep", "2026-10-05"), alert("2", "Z", "stock_prep", "2026-10-06")])
    leg = table[(table["leg"] == "stock_prep") & (table["metric"] == "all")].iloc[0]
    assert (leg.alerts, leg.precision, leg.episodes, leg.found) == (2, 0.5, 2, 1)
    metric = table[table["metric"] == "stock_prep.x"].iloc[0]
    assert (metric.opened_by, metric.alerts, metric.recall) == ("limit", 2, 0.5)


def test_false_and_told_openings_per_thousand_days():
    alerts = [alert("1", "A", "stock_prep", "2026-10-05"), alert("2", "Z", "sales", "2026-10-06")]
    told = pd.DataFrame({"alert_id": ["1"], "told_on": [pd.Timestamp("2026-10-05")]})
    row = scores(alerts, told=told).loc["all"]
    assert (row.per_1000_merchant_days, row.false_per_1000, row.notified_per_1000) == (2.0, 1.0, 1.0)


def test_a_reopened_alert_finds_a_trouble_that_began_since():
    """The lifecycle reopens within a week instead of opening anew; that is no reason to call the episode missed."""
    first = alert("1", "A", "stock_prep", "2026-10-01")
    again = alert("1", "A", "stock_prep", "2026-10-01", as_of="2026-10-06") | {"reopened_on": "2026-10-06"}
    row = scores([first, again]).loc["stock_out"]
    assert (row.found, row.median_lead_days, row.alerts) == (1, 3.0, 0)  # as an opening it came before the trouble


def test_intervals_hold_the_figures():
    row = scores([alert("1", "A", "stock_prep", "2026-10-05"), alert("2", "Z", "sales", "2026-10-06")]).loc["all"]
    for name in ("precision", "recall", "per_1000_merchant_days", "false_per_1000"):
        assert row[f"{name}_low"] <= row[name] <= row[f"{name}_high"], name
    assert row.recall_high < 1  # three episodes are not enough to be sure


def test_backlog_alert_that_is_right_does_not_blame_a_benign_episode():
    trouble = episode("t1", "traffic", "D", "sales", "2026-09-29", "2026-10-14")
    twin = episode("p2", "promotion", "D", "sales", "2026-09-30", "2026-10-12", benign=True)
    policy = POLICY.model_copy(update={"burn_in_days": 2})
    table = scores([alert("1", "D", "sales", "2026-10-01")], pd.DataFrame([trouble, twin]), policy=policy)
    assert table.loc["promotion", "found"] == 0


def test_no_alerts_at_all():
    empty = pd.DataFrame(columns=list(alert("1", "A", "sales", "2026-10-05")))
    table = scores(empty)
    assert table.loc["all", "recall"] == 0.0
    assert math.isnan(table.loc["all", "precision"])


def test_days_must_be_given():
    with pytest.raises(ValueError, match="nothing was navigated"):
        scores([alert("1", "A", "sales", "2026-10-05")], merchants=0)


def test_what_chance_would_have_opened_on_benign_twins_stands_beside():
    """Ten false alerts of sales in a thousand merchant-days, and a twin of eight days: one in thirteen by chance."""
    alerts = [alert(str(number), f"X{number}", "sales", "2026-10-05") for number in range(10)]
    table = scores([*alerts, alert("twin", "D", "sales", "2026-10-11")])
    assert table.loc["promotion", "benign_alerted"] == 1.0
    assert table.loc["promotion", "benign_by_chance"] == pytest.approx(1 - math.exp(-10 / 1000 * 8))
    assert math.isnan(table.loc["all", "benign_by_chance"])
