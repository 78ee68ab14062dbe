"""Ladders and reminders: which counts, and what is refused."""

import pytest
from pydantic import ValidationError

from models.risk.follow_up_policy import Escalation, FollowUpPolicy, Reminder

LEVEL = {"after_minutes": 15, "routes": ["chat"]}


def test_levels_count_on_through_the_repetitions():
    ladder = Escalation(severities=("critical",), levels=(LEVEL, {**LEVEL, "after_minutes": 30}), repeat=1)
    assert [ladder.level(number).after_minutes if ladder.level(number) else None for number in range(6)] == [
        None, 15, 30, 15, 30, None,
    ]  # fmt: skip


def test_the_first_that_names_a_severity_counts():
    policy = FollowUpPolicy(
        reminders=(Reminder(severities=("critical",), every_hours=1), Reminder(severities=("critical",), every_hours=9))
    )
    assert policy.reminder("critical").every_hours == 1
    assert policy.reminder("notice") is None
    assert policy.ladder("critical") is None


def test_levels_that_reach_nobody_are_left_out():
    levels = [LEVEL, {"after_minutes": 5, "routes": ["boss", "chat"]}]
    policy = FollowUpPolicy.model_validate({"escalation": [{"severities": ["critical"], "levels": levels}]})
    only = policy.only({"boss"}).ladder("critical")
    assert [level.routes for level in only.levels] == [("boss",)]
    assert policy.only(()).escalation == ()


@pytest.mark.parametrize(
    "bad",
    [
        {"escalation": [{"severities": ["critical"], "levels": []}]},
        {"escalation": [{"severities": [], "levels": [LEVEL]}]},
        {"escalation": [{"severities": ["critical"], "levels": [{**LEVEL, "after_minutes": 0}]}]},
        {"escalation": [{"severities": ["critical"], "levels": [{**LEVEL, "routes": []}]}]},
        {"reminders": [{"severities": ["critical"], "every_hours": 0}]},
        {"reminder": []},
    ],
)
def test_refused(bad):
    with pytest.raises(ValidationError):
        FollowUpPolicy.model_validate(bad)
