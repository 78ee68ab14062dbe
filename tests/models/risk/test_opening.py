"""Opened, opened again, or left closed."""

from datetime import timedelta

import pandas as pd
import pytest

from models.risk.opening import latest_resolved, quieted


def resolved(world, make):
    """An alert that opened and recovered within four days."""
    first = world.tomorrow(make.signal())
    for _ in range(3):
        world.tomorrow(make.calm())
    return first["alert_id"].iloc[0]


@pytest.mark.parametrize(("quiet_days", "same"), [(0, True), (6, True), (7, False)])
def test_the_same_alert_within_seven_days(world, make, quiet_days, same):
    alert_id = resolved(world, make)
    for _ in range(quiet_days):
        world.tomorrow(make.calm())
    back = world.tomorrow(make.signal()).iloc[0]
    assert (back["alert_id"] == alert_id) is same
    assert pd.notna(back["reopened_on"]) is same


def test_it_comes_back_through_another_door_under_the_door_of_today(world, make):
    alert_id = resolved(world, make)
    near = make.signal(light="amber", observed=0.035, breach_probability=0.95, days_to_breach=2)
    back = world.tomorrow(near).iloc[0]
    assert (back["alert_id"], back["opened_by"], back["days_to_harm"]) == (alert_id, "projection", 2.0)


def test_a_verdict_after_the_end_silences_the_next_time(world, make):
    alert_id = resolved(world, make)
    world.say(alert_id, "label", verdict="false")
    assert world.tomorrow(make.signal()).empty


def test_other_keys_of_the_merchant_are_not_silenced(world, make):
    alert_id = resolved(world, make)
    world.say(alert_id, "label", verdict="false")
    other = make.signal(metric="service.human_share", leg="service")
    assert world.tomorrow(make.signal(), other)["leg"].tolist() == ["service"]


def test_a_family_is_named_after_its_first_metric(world, make):
    rows = [
        make.signal(metric="replenishment.below_reorder_point", leg="replenishment"),
        make.signal(metric="stock.promo_gap", leg="stock_prep"),
    ]
    assert world.tomorrow(*rows)["metric"].tolist() == ["stock.promo_gap"]


def test_silence_says_why_and_for_how_long(world, make, alert_policy):
    """What recovered is not silent; a verdict silences for four weeks, unless it becomes graver."""
    alert_id = resolved(world, make)
    now = [{"alert_id": alert_id, "verdict": "false", "given_at": pd.Timestamp(world.today), "known_on": world.today}]
    past = world.previous(world.today + timedelta(days=1))
    fresh = pd.DataFrame({"key": past["key"], "rank": 0})
    later = world.today + timedelta(days=4)

    def silent(said, rank=0):
        latest = latest_resolved(past, make.feedback(said))
        found = quieted(fresh.assign(rank=rank), latest, alert_policy, later)
        return found[["alert_id", "reason", "days", "quiet_days"]].to_numpy().tolist()

    assert silent([]) == []
    assert silent(now) == [[alert_id, "false", 4, 28]]
    assert silent(now, rank=1) == []
