from datetime import date, timedelta

from models.risk.incidents import Finding, carry_forward, incident_id, merge
from models.risk.settings import IncidentSettings

SETTINGS = IncidentSettings(resolve_days=3)
DAY = date(2026, 10, 28)


def finding(scope="platform", group="all", leg="sales", metric="sales.forecast_break", p=1e-9):
    return Finding(scope, group, leg, metric, 2.0, p, 400)


def test_metrics_of_one_group_are_one_incident_led_by_the_smallest_p():
    merged = merge([finding(), finding(metric="sales.traffic_drop", p=1e-12)], SETTINGS.scopes)
    assert len(merged) == 1
    assert merged[0][0].metric == "sales.traffic_drop"
    assert len(merged[0][1]) == 2


def test_a_narrower_group_yields_to_a_wider_one_on_the_same_leg_only():
    category = finding("category", "shoes")
    other_leg = finding("category", "shoes", "fulfilment", "fulfilment.late_dispatch")
    assert [one[0].scope for one in merge([category, finding()], SETTINGS.scopes)] == ["platform"]
    assert len(merge([other_leg, finding()], SETTINGS.scopes)) == 2
    assert len(merge([category, finding("category", "toys")], SETTINGS.scopes)) == 2


def test_feeds_stand_for_themselves():
    merged = merge([finding(), finding("feed", "sales", "data", "data.stale", 0.0)], SETTINGS.scopes)
    assert sorted(one[0].scope for one in merged) == ["feed", "platform"]


def test_an_incident_keeps_its_name_and_first_day():
    first = carry_forward([finding()], [], DAY, 1, SETTINGS)
    next_day = carry_forward([finding(p=1e-5)], first, DAY + timedelta(days=1), 1, SETTINGS)
    assert next_day[0].incident_id == first[0].incident_id == incident_id("platform", "all", DAY)
    assert next_day[0].opened_on == DAY
    assert next_day[0].p_value == 1e-5


def test_an_incident_is_resolved_after_quiet_days_and_then_gone():
    state = carry_forward([finding()], [], DAY, 1, SETTINGS)
    for number in (1, 2):
        state = carry_forward([], state, DAY + timedelta(days=number), 1, SETTINGS)
        assert (state[0].status, state[0].quiet_days) == ("open", number)
    state = carry_forward([], state, DAY + timedelta(days=3), 1, SETTINGS)
    assert state[0].status == "resolved"
    assert carry_forward([], state, DAY + timedelta(days=4), 1, SETTINGS) == []
    reopened = carry_forward([finding()], state, DAY + timedelta(days=4), 1, SETTINGS)
    assert reopened[0].opened_on == DAY + timedelta(days=4)


def test_days_that_were_not_run_count_as_quiet():
    state = carry_forward([finding()], [], DAY, 1, SETTINGS)
    assert carry_forward([], state, DAY + timedelta(days=5), 5, SETTINGS)[0].status == "resolved"


def test_a_flare_up_clears_the_quiet_days():
    state = carry_forward([finding()], [], DAY, 1, SETTINGS)
    state = carry_forward([], state, DAY + timedelta(days=1), 1, SETTINGS)
    assert carry_forward([finding()], state, DAY + timedelta(days=2), 1, SETTINGS)[0].quiet_days == 0


def test_ids_cannot_be_confused_by_separators():
    assert incident_id("a", "b|c", DAY) != incident_id("a|b", "c", DAY)
