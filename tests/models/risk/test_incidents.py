from dataclasses import replace
from datetime import date, timedelta

from models.risk.incidents import Finding, carry_forward, incident_id, merge
from models.risk.settings import IncidentSettings

SETTINGS = IncidentSettings(resolve_days=3)
DAY = date(2026, 10, 28)


def finding(scope="platform", group="all", leg="sales", metric="sales.forecast_break", p=1e-9, effect=2.0):
    return Finding(scope, group, leg, metric, effect, p, 400)


def test_metrics_of_one_group_are_one_incident_led_by_the_smallest_p():
    merged = merge([finding(), finding(metric="sales.traffic_drop", p=1e-12)], SETTINGS.scopes)
    assert len(merged) == 1
    assert merged[0][0].metric == "sales.traffic_drop"
    assert len(merged[0][1]) == 2


def names(findings, standing=(), chain=None):
    return sorted((one.scope, one.group) for one, _ in merge(findings, SETTINGS.scopes, standing, chain))


def test_of_groups_that_move_on_a_leg_the_one_that_moved_most_has_the_incident():
    category = finding("category", "shoes", effect=0.9)
    other_leg = finding("category", "shoes", "fulfilment", "fulfilment.late_dispatch")
    assert names([category, finding()]) == [("platform", "all")]
    assert names([finding("category", "shoes"), finding()]) == [
        ("platform", "all")
    ]  # the wider one where both moved alike
    assert names([other_leg, finding()]) == [("category", "shoes"), ("platform", "all")]
    # a region's backlog moves the platform a little, and categories that have many merchants there
    backlog = finding("region", "east", effect=5.0)
    assert names([finding(effect=0.8), finding("category", "food", effect=2.6), backlog]) == [("region", "east")]


def test_groups_of_one_scope_share_no_members_and_have_an_incident_each_unless_one_hardly_moved():
    assert len(names([finding("region", "east", effect=2.0), finding("region", "west", effect=1.2)])) == 2
    assert names([finding("region", "east", effect=2.0), finding("region", "west", effect=0.9)]) == [("region", "east")]


def test_echoes_of_an_incident_that_stands_open_none_on_its_legs_and_downstream():
    outage = carry_forward([finding(effect=3.0)], [], DAY, 1, SETTINGS)
    chain = {"sales": ["fulfilment"], "fulfilment": ["service"]}
    echo = finding("category", "shoes", "service", "service.reply", effect=1.5)
    upstream = finding("category", "shoes", "stock_prep", "stock.cover", effect=1.5)
    graver = finding("region", "east", "service", "service.reply", effect=5.0)
    assert names([echo], outage, chain) == []
    assert names([echo], outage) == [("category", "shoes")]
    assert names([upstream], outage, chain) == [("category", "shoes")]
    assert names([graver], outage, chain) == [("region", "east")]
    fading = carry_forward([echo, finding(effect=0.8)], outage, DAY + timedelta(days=1), 1, SETTINGS, chain)
    assert [(one.scope, one.status) for one in fading] == [("platform", "open")]


def test_a_category_that_comes_out_of_an_outage_later_has_no_incident_of_its_own():
    outage = carry_forward([finding(effect=1.4)], [], DAY, 1, SETTINGS)
    later = carry_forward([finding(effect=0.8)], outage, DAY + timedelta(days=1), 1, SETTINGS)
    assert names([finding("category", "shoes", effect=1.6)], later) == []
    assert names([finding("category", "shoes", effect=2.5)], later) == [("category", "shoes")]


def test_the_whole_is_no_echo_of_a_part_that_moved_less():
    part = carry_forward([finding("category", "shoes", effect=1.4)], [], DAY, 1, SETTINGS)
    assert names([finding(effect=1.6)], part) == [("platform", "all")]
    assert names([finding(effect=1.2)], part) == []


def days_of(*effects):
    """The incident on each of some days in a row."""
    before, found = [], []
    for offset, effect in enumerate(effects):
        before = carry_forward([finding(effect=effect)], before, DAY + timedelta(days=offset), 1, SETTINGS)
        found += before
    return found


def test_an_incident_that_became_much_worse_than_was_told_says_so_once():
    on = [DAY + timedelta(days=offset) for offset in range(6)]
    found = days_of(1.2, 2.9, 3.2, 3.5, 7.9, 8.1)
    assert [one.worsened_on for one in found] == [None, None, on[2], on[2], on[2], on[5]]
    assert [one.effect_told for one in found] == [1.2, 1.2, 3.2, 3.2, 3.2, 8.1]
    assert len({one.incident_id for one in found}) == 1
    assert [one.worsened_on for one in days_of(3.0, 1.0, 2.9)] == [None] * 3  # as bad as it was, no worse


def test_of_an_incident_from_before_it_was_noted_what_was_told_yesterday_counts():
    old = replace(days_of(2.0)[0], effect_told=None)
    later = carry_forward([finding(effect=5.0)], [old], DAY + timedelta(days=1), 1, SETTINGS)
    assert (later[0].effect_told, later[0].worsened_on) == (5.0, DAY + timedelta(days=1))


def test_an_incident_keeps_what_shows_on_its_own_leg():
    backlog = carry_forward([finding("region", "east", effect=3.0)], [], DAY, 1, SETTINGS)
    assert names([finding("region", "east", effect=1.0), finding(effect=2.0)], backlog) == [("region", "east")]


def test_feeds_stand_for_themselves():
    merged = merge([finding(), finding("feed", "sales", "data", "data.stale", 0.0)], SETTINGS.scopes)
    assert sorted(one[0].scope for one in merged) == ["feed", "platform"]


def test_a_crowd_stands_beside_groups_and_is_no_story_of_its_own_where_the_whole_platform_moves():
    crowd = finding("crowd", effect=4.0)
    assert names([crowd]) == [("crowd", "all")]
    assert names([crowd, finding("region", "east", effect=1.0)]) == [("crowd", "all"), ("region", "east")]
    assert names([crowd, finding(effect=1.0)]) == [("platform", "all")]
    assert names([crowd], carry_forward([finding()], [], DAY, 1, SETTINGS)) == []
    assert names([crowd, finding(leg="service", metric="service.reply")]) == [("crowd", "all"), ("platform", "all")]


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
