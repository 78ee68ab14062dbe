"""What a message is made of: typed facts, kept with the message in the outbox.

The idea: facts are taken once, when the message is decided; whoever sends it, and however often, tells the same thing.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

Event = Literal["trigger", "update", "ack", "resolve", "escalate", "remind", "digest", "heartbeat"]


class FactsBase(BaseModel):
    """Frozen, and an unknown field is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Subject(FactsBase):
    """One trouble of one merchant, or of a group."""

    reference: str
    merchant_id: str | None = None
    merchant_name: str | None = None
    scope: str | None = None
    group: str | None = None
    members: int | None = None
    leg: str
    metric: str
    metric_names: dict[str, str] = {}
    unit: str = "score"
    decimals: int = 2
    observed: float | None = None
    expected: float | None = None
    limit: float | None = None
    opened_by: str | None = None
    level: float | None = None
    severity: str
    since: date | None = None
    opened_on: date | None = None
    money_at_risk: float | None = None
    first_actions: dict[str, str] = {}
    page: str | None = None
    newest_day: date | None = None


class MessageFacts(FactsBase):
    """All that a message says.

    Attributes
    ----------
    waited_minutes : int or None
        For how long nobody has taken it, where the message says that.
    holds : tuple of str
        Notifications that a digest stands for, because they waited for quiet hours to end.
    """

    kind: Literal["alert", "incident", "digest", "merchant", "heartbeat"]
    event: Event
    as_of: date
    platform: str
    currency: str
    locale: str | None = None
    severity: str
    subjects: tuple[Subject, ...]
    more: int = 0
    page: str | None = None
    actions: tuple[Action, ...] = ()
    acked_by: str | None = None
    snoozed_until: date | None = None
    waited_minutes: int | None = None
    holds: tuple[str, ...] = ()
    resolution: str | None = None


class Action(FactsBase):
    """One thing for a merchant to do today."""

    text: str
    reason: str = ""
    due_on: date | None = None
    worth: float | None = None


MessageFacts.model_rebuild()
