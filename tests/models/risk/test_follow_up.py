"""Ladders climb level by level, reminders come at their interval; time is an argument."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.risk.follow_up import Story, follow_ups
from models.risk.follow_up_policy import FollowUpPolicy

START = datetime(2026, 10, 30, 9, 0, tzinfo=UTC)
POLICY = FollowUpPolicy.model_validate(
    {
        "escalation": [
            {
                "severities": ["critical"],
                "levels": [
                    {"after_minutes": 15, "routes": ["chat", "phone"]},
                    {"after_minutes": 30, "routes": ["boss"]},
                ],
                "repeat": 1,
            },
            {"severities": ["warning"], "levels": [{"after_minutes": 120, "routes": ["chat"]}]},
        ],
        "reminders": [{"severities": ["critical", "warning"], "every_hours": 4}],
    }
)


def at(minutes):
    return START + timedelta(minutes=minutes)


def due(story, minutes, event="escalate"):
    return [(one.route, one.number) for one in follow_ups([story], POLICY, at(minutes)) if one.event == event]


def story(severity="critical", since=0, **values):
    return Story("k", severity, None if since is None else at(since), **values)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(0, []), (14.9, []), (15, [("chat", 1), ("phone", 1)]), (600, [("chat", 1), ("phone", 1)])],
)
def test_the_first_level(minutes, expected):
    assert due(story(), minutes) == expected


def test_a_level_waits_for_the_one_before_it_and_the_ladder_begins_again():
    levels, told = {}, []
    for minute in range(400):
        for route, number in due(story(levels=dict(levels)), minute):
            levels[number] = at(minute)
            told.append((minute, route))
    assert told == [
        (15, "chat"), (15, "phone"), (45, "boss"),
        (60, "chat"), (60, "phone"), (90, "boss"),
    ]  # fmt: skip


def test_a_sender_that_slept_rings_one_level_at_a_time():
    assert due(story(), 600) == [("chat", 1), ("phone", 1)]
    assert due(story(levels={1: at(600)}), 601) == []
    assert due(story(levels={1: at(600)}), 630) == [("boss", 2)]


@pytest.mark.parametrize("one", [story(since=None), story("notice"), story("unheard-of")])
def test_what_was_not_told_or_has_no_ladder_is_not_escalated(one):
    assert due(one, 10_000) == []
    assert due(one, 10_000, "remind") == []


def test_each_severity_has_its_own_ladder():
    assert due(story("warning"), 119) == []
    assert due(story("warning"), 120) == [("chat", 1)]
    assert due(story("warning", levels={1: at(120)}), 10_000) == []


def test_reminders_come_to_whoever_was_told_at_their_interval():
    one = story("warning", last_told={"chat": at(0), "mail": at(60)}, reminders={"chat": 2})
    assert due(one, 239, "remind") == []
    assert due(one, 240, "remind") == [("chat", 3)]
    assert due(one, 300, "remind") == [("mail", 1), ("chat", 3)]
    assert follow_ups([one], POLICY, at(240))[-1].waited == timedelta(hours=4)


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=60))
def test_no_moment_of_looking_skips_a_level_or_tells_one_twice(minutes):
    levels, order = {}, []
    for minute in sorted(minutes):
        for call in follow_ups([story(levels=dict(levels))], POLICY, at(minute)):
            if call.event == "escalate":
                levels[call.number] = at(minute)
                order.append((call.number, call.route))
    assert len(order) == len(set(order))
    assert sorted(levels) == list(range(1, len(levels) + 1))
    assert len(levels) <= 4
