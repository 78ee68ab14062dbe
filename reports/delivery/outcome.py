"""What a delivery is given, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reports.delivery.address import Source
from reports.delivery.egress import Egress
from reports.delivery.vendors import Vendors
from reports.messages.facts import MessageFacts
from reports.messages.message import Message

Form = Literal["mail", "chat", "webhook", "pagerduty", "alertmanager"]


@dataclass(frozen=True)
class Keys:
    """`dedup` names the trouble (the same from trigger to resolve), `idempotency` names this message."""

    dedup: str
    idempotency: str


@dataclass(frozen=True)
class Parcel:
    """One message for one route."""

    source: Source
    form: Form
    message: Message
    facts: MessageFacts
    keys: Keys

    @property
    def idempotency(self) -> str:
        """The key by which a receiver recognizes the same message."""
        return self.keys.idempotency


@dataclass(frozen=True)
class Carrier:
    """How messages are sent here.

    Attributes
    ----------
    levels : sequence of str
        Severities of policy, mild to grave.
    keep_firing_seconds : float
        For how long an Alertmanager believes in an alert that is not told again.
    silence_seconds : float
        For how long an Alertmanager is silent about an alert that somebody has taken on.
    """

    egress: Egress
    vendors: Vendors
    timeout_seconds: float
    levels: Sequence[str]
    keep_firing_seconds: float = 4 * 3600
    silence_seconds: float = 24 * 3600


@dataclass(frozen=True)
class Outcome:
    """What came of a delivery; `error` never holds an address or an answer's text.

    `counts` is False where nothing was tried because the route is not set up: that is no failed attempt.
    `retry_after_seconds` is what the receiver asked for; `unreachable` says that it did not answer at all.
    """

    sent: bool
    error: str | None = None
    counts: bool = True
    retry_after_seconds: float | None = None
    unreachable: bool = False
