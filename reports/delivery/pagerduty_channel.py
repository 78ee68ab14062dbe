"""PagerDuty's Events API v2 through PagerDuty's own client.

The idea: one trouble is one incident there. Trigger, update, reminder and escalation trigger it, an ack acknowledges it
and a resolve resolves it, all under one dedup key. The client's own retries are off, because the outbox tries again.
Address: the routing key alone, or `https://ROUTING_KEY@events.eu.pagerduty.com` for another region.
Source: PagerDuty, Events API v2, Send an Alert Event (sizes, severities, answers).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from httpx2 import ConnectError, Response, TimeoutException, TransportError
from pagerduty import EventsApiV2Client

from reports.delivery.answers import CERTIFICATE, UNREACHED, Heard
from reports.delivery.outcome import Carrier, Outcome, Parcel
from reports.messages.clean import plain
from reports.messages.lines import line_of, messages_catalogue

DEFAULT_URL = "https://events.pagerduty.com"
ROUTING_KEY = re.compile(r"[A-Za-z0-9]{32}")
LONGEST_SUMMARY, LONGEST_DEDUP_KEY = 1024, 255
ACTIONS = {"ack": "acknowledge", "resolve": "resolve"}


@dataclass(frozen=True)
class PagerDutyAddress:
    """A routing key and the region that it belongs to."""

    routing_key: str
    base_url: str = DEFAULT_URL


def pagerduty_address(text: str) -> PagerDutyAddress | None:
    """Understand what a variable holds; None when it is neither a routing key nor an https address with one."""
    if ROUTING_KEY.fullmatch(text):
        return PagerDutyAddress(text)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    key = unquote(parts.username or "")
    if parts.scheme != "https" or not parts.hostname or not ROUTING_KEY.fullmatch(key):
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return PagerDutyAddress(key, f"https://{host}:{port}" if port else f"https://{host}")


class _Answered(Exception):  # noqa: N818 - not an error: the way out of the client's loop of retries
    """The receiver refused, or asked to wait."""


class _OnceClient(EventsApiV2Client):
    """The client without its own patience: one attempt, and the answer is ours to judge."""

    max_network_attempts = 0

    def __init__(self, address: PagerDutyAddress, heard: Heard, timeout_seconds: float) -> None:
        super().__init__(address.routing_key, base_url=address.base_url)
        self.timeout: Any = timeout_seconds
        self._heard = heard
        self.retry.clear()

    def postprocess(self, response: Response) -> None:
        """Take the answer down before the client thinks of trying again."""
        self._heard.answer(response.status_code, response.headers.get("Retry-After"))
        if response.status_code >= 300:
            raise _Answered


def send_to_pagerduty(text: str, parcel: Parcel, carrier: Carrier, heard: Heard, now: datetime) -> Outcome:
    """Send one event."""
    address = pagerduty_address(text)
    if address is None:
        reason = "must hold a PagerDuty routing key (32 letters and digits), or https://KEY@HOST for another region"
        return Outcome(False, f"{parcel.source.name} {reason}", counts=False)
    if reason_url := carrier.egress.refuses_url(address.base_url):
        heard.guard = reason_url
        return Outcome(False)
    event = event_of(parcel, carrier, now)
    try:
        with _OnceClient(address, heard, carrier.timeout_seconds) as client:
            client.send_event(event.pop("event_action"), **event)
    except _Answered:
        return Outcome(False)
    except Exception as error:
        heard.trouble = heard.trouble or _trouble(error, carrier.timeout_seconds)
        return Outcome(False)
    return Outcome(True)


def _trouble(error: Exception, timeout_seconds: float) -> str:
    cause = error.__cause__ or error
    if isinstance(cause, TimeoutException):
        return f"the receiver was silent for {timeout_seconds:g} s"
    if isinstance(cause, ConnectError) and "certificate" in str(cause).lower():
        return CERTIFICATE
    return UNREACHED if isinstance(cause, TransportError) else "the receiver answered nonsense"


def event_of(parcel: Parcel, carrier: Carrier, now: datetime) -> dict[str, Any]:
    """The event as the Events API wants it, without its routing key."""
    facts, keys = parcel.facts, parcel.keys
    event: dict[str, Any] = {
        "event_action": ACTIONS.get(facts.event, "trigger"),
        "dedup_key": keys.dedup[:LONGEST_DEDUP_KEY],
    }
    if event["event_action"] != "trigger":
        return event
    title = parcel.message.title
    summary = title if len(title) <= LONGEST_SUMMARY else title[: LONGEST_SUMMARY - 1] + "…"
    event["payload"] = {
        "summary": summary,
        "source": plain(facts.platform) or "merchant-gps",
        "severity": carrier.vendors.pagerduty_severities.get(facts.severity, "error"),
        "timestamp": now.isoformat(timespec="milliseconds"),
        **_where(parcel),
        "custom_details": _details(parcel),
    }
    event["client"] = "Merchant GPS"
    pages = [page for page in (facts.page, *(subject.page for subject in facts.subjects)) if page]
    if pages:
        event["client_url"] = pages[0]
        event["links"] = [{"href": pages[0], "text": plain(title, 200)}]
    return event


def _where(parcel: Parcel) -> dict[str, str]:
    if not parcel.facts.subjects:
        return {}
    subject = parcel.facts.subjects[0]
    return {
        "component": plain(subject.merchant_id or subject.group) or "platform",
        "group": subject.leg,
        "class": plain(subject.metric),
    }


def _details(parcel: Parcel) -> dict[str, Any]:
    """What on-call reads first, in words; figures as words too, because they are shown as they are."""
    details: dict[str, Any] = {"idempotency_key": parcel.keys.idempotency, "event": parcel.facts.event}
    for subject in parcel.facts.subjects[:1]:
        line = line_of(subject, parcel.facts, "en", plain)
        details |= {"who": line.who, "what": line.what, **dict(line.figures), "reference": line.reference}
        details[messages_catalogue("en").text("label.first")] = line.first
    return {name: value for name, value in details.items() if value}
