"""What happens when nobody answers, as typed, frozen objects (part of `policy/routes.yaml`).

The idea: who is told next, and when, is decided by whoever edits policy; an answer ends all of it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

from pydantic import Field

from models.metrics.words import Frozen

Minutes = Annotated[float, Field(gt=0, le=7 * 24 * 60)]
RouteId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]


class EscalationLevel(Frozen):
    """After so many minutes without an answer, these routes are told."""

    after_minutes: Minutes
    routes: Annotated[tuple[RouteId, ...], Field(min_length=1)]


class Escalation(Frozen):
    """A ladder for some severities; after its last level it begins again `repeat` times."""

    severities: Annotated[tuple[str, ...], Field(min_length=1)]
    levels: Annotated[tuple[EscalationLevel, ...], Field(min_length=1)]
    repeat: Annotated[int, Field(ge=0, le=100)] = 0

    def level(self, number: int) -> EscalationLevel | None:
        """The level of a number (from 1), counted on through the repetitions; None after the last."""
        within = 1 <= number <= len(self.levels) * (1 + self.repeat)
        return self.levels[(number - 1) % len(self.levels)] if within else None


class Reminder(Frozen):
    """Open alerts that nobody has taken are told again to those who were told."""

    severities: Annotated[tuple[str, ...], Field(min_length=1)]
    every_hours: Annotated[float, Field(ge=0.25, le=7 * 24)]


class FollowUpPolicy(Frozen):
    """Ladders and reminders; the first that names a severity counts."""

    escalation: tuple[Escalation, ...] = ()
    reminders: tuple[Reminder, ...] = ()

    def only(self, routes: Collection[str]) -> FollowUpPolicy:
        """The same with the routes that are switched on; a level that would reach nobody is left out."""
        ladders = []
        for one in self.escalation:
            levels = [(level, tuple(name for name in level.routes if name in routes)) for level in one.levels]
            kept = tuple(level.model_copy(update={"routes": names}) for level, names in levels if names)
            if kept:
                ladders.append(one.model_copy(update={"levels": kept}))
        return self.model_copy(update={"escalation": tuple(ladders)})

    def ladder(self, severity: str) -> Escalation | None:
        """The ladder of a severity."""
        return next((one for one in self.escalation if severity in one.severities), None)

    def reminder(self, severity: str) -> Reminder | None:
        """The reminder of a severity."""
        return next((one for one in self.reminders if severity in one.severities), None)
