"""Which follow-ups a trouble calls for at a moment: the next level of its ladder, or a reminder.

The idea: a trouble's story is what was told of it and when. Each level waits for the one before it, not for the
beginning, so a sender that slept does not ring everybody at once when it wakes. Time comes in as an argument.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from models.risk.follow_up_policy import FollowUpPolicy


@dataclass(frozen=True)
class Story:
    """What was told of one trouble since it opened, or since its severity last changed.

    Attributes
    ----------
    severity : str
        As it is now.
    since : datetime or None
        When it was first told; None while it waits, for instance for quiet hours to end.
    levels : mapping of int to datetime
        When each level of the ladder was told.
    last_told : mapping of str to datetime
        By route: when it was last told of this trouble.
    reminders : mapping of str to int
        By route: how many reminders it has had.
    """

    dedup_key: str
    severity: str
    since: datetime | None
    levels: Mapping[int, datetime] = field(default_factory=dict)
    last_told: Mapping[str, datetime] = field(default_factory=dict)
    reminders: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class FollowUp:
    """One message that is due; `number` is its level, or which reminder it is."""

    dedup_key: str
    route: str
    event: Literal["escalate", "remind"]
    number: int
    waited: timedelta


def follow_ups(stories: Sequence[Story], policy: FollowUpPolicy, now: datetime) -> list[FollowUp]:
    """What is due of stories that nobody has answered, in a stable order."""
    calls = [call for story in stories for call in (*_escalation(story, policy, now), *_reminders(story, policy, now))]
    return sorted(calls, key=lambda call: (call.dedup_key, call.event, call.number, call.route))


def _escalation(story: Story, policy: FollowUpPolicy, now: datetime) -> list[FollowUp]:
    ladder = policy.ladder(story.severity)
    if ladder is None or story.since is None:
        return []
    number = max(story.levels, default=0) + 1
    level = ladder.level(number)
    before = max([story.since, *story.levels.values()])
    if level is None or now - before < timedelta(minutes=level.after_minutes):
        return []
    waited = now - story.since
    return [FollowUp(story.dedup_key, route, "escalate", number, waited) for route in level.routes]


def _reminders(story: Story, policy: FollowUpPolicy, now: datetime) -> list[FollowUp]:
    reminder = policy.reminder(story.severity)
    if reminder is None or story.since is None:
        return []
    pause = timedelta(hours=reminder.every_hours)
    return [
        FollowUp(story.dedup_key, route, "remind", story.reminders.get(route, 0) + 1, now - story.since)
        for route, told in story.last_told.items()
        if now - told >= pause
    ]
