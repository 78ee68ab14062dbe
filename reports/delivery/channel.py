"""One message to one address, through Apprise.

The idea: an address is a secret that lives in an environment variable only. It is read when a message is sent, and
neither it nor anything a library says about it comes back: an outcome holds words of our own.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from apprise import Apprise, AppriseAsset, NotifyFormat, NotifyType, PersistentStoreMode

from reports.delivery.quiet_logs import only_the_status
from reports.messages.facts import MessageFacts
from reports.messages.message import Message

Form = Literal["mail", "chat", "webhook"]
IDEMPOTENCY_HEADER = "Idempotency-Key"
DEDUP_HEADER = "X-Dedup-Key"


@dataclass(frozen=True)
class Keys:
    """`dedup` names the trouble (the same from trigger to resolve), `idempotency` names this message."""

    dedup: str
    idempotency: str


@dataclass(frozen=True)
class Outcome:
    """What came of a delivery; `error` never holds an address or an answer's text.

    `counts` is False where nothing was tried because the route is not set up: that is no failed attempt.
    """

    sent: bool
    error: str | None = None
    counts: bool = True


def send(
    variable: str,
    form: Form,
    message: Message,
    facts: MessageFacts,
    keys: Keys,
    timeout_seconds: float,
    environment: Mapping[str, str] | None = None,
) -> Outcome:
    """Send a message to the address that an environment variable holds.

    Parameters
    ----------
    variable : str
        Name of the variable with an Apprise URL.
    form : str
        `mail` sends HTML with a text part, `chat` a short text, `webhook` the text with the facts as JSON beside it.
    keys : Keys
        Told to the receiver in headers and payload where the channel has them, else in the text.
    """
    url = (os.environ if environment is None else environment).get(variable, "").strip()
    if not url:
        reason = f"environment variable {variable} is not set; it must hold the route's Apprise URL"
        return Outcome(False, reason, counts=False)
    with only_the_status() as heard:
        try:
            plugin = _plugin(url, timeout_seconds)
            if plugin is None:
                return Outcome(False, f"environment variable {variable} does not hold an Apprise URL", False)
            _address(plugin, form, facts, keys)
            body, body_format = _body(message, form)
            done = plugin.notify(body=body, title=message.title, notify_type=_type(facts), body_format=body_format)
        except Exception as error:  # whatever a channel raises may quote the address; only its kind is told
            return Outcome(False, f"the channel of {variable} failed ({type(error).__name__})")
    if done:
        return Outcome(True)
    if heard.status is not None:
        return Outcome(False, f"the receiver answered {heard.status}")
    return Outcome(False, f"the receiver could not be reached, refused, or was silent for {timeout_seconds:g} s")


def check(variable: str, environment: Mapping[str, str] | None = None) -> str | None:
    """What is wrong with a route's address, or None; sends nothing."""
    url = (os.environ if environment is None else environment).get(variable, "").strip()
    if not url:
        return f"environment variable {variable} is not set"
    with only_the_status():
        try:
            known = _plugin(url, 1.0) is not None
        except Exception:  # the message may quote the address
            known = False
    return None if known else f"environment variable {variable} does not hold an Apprise URL"


def _plugin(url: str, timeout_seconds: float) -> Any:
    """The Apprise channel of a URL; nothing is kept on disk, nothing in texts is expanded, no redirect is followed."""
    asset = AppriseAsset(storage_mode=PersistentStoreMode.MEMORY, allow_templates=False)
    asset.app_id, asset.app_desc, asset.app_url = "Merchant GPS", "Merchant GPS", ""
    asset.http_redirects, asset.interpret_escapes = False, False
    plugin = Apprise.instantiate(url, asset=asset)
    if plugin is not None:
        plugin.redirects = False
        plugin.socket_connect_timeout = plugin.socket_read_timeout = timeout_seconds
    return plugin


def _address(plugin: Any, form: Form, facts: MessageFacts, keys: Keys) -> None:
    headers = getattr(plugin, "headers", None)
    if isinstance(headers, dict):
        headers.update({IDEMPOTENCY_HEADER: _ascii(keys.idempotency), DEDUP_HEADER: _ascii(keys.dedup)})
    extras = getattr(plugin, "payload_extras", None)
    if form == "webhook" and isinstance(extras, dict):
        extras.update(
            {
                "event": facts.event,
                "severity": facts.severity,
                "dedup_key": keys.dedup,
                "idempotency_key": keys.idempotency,
                "facts": facts.model_dump(mode="json"),
            }
        )


def _ascii(key: str) -> str:
    """A header value: other letters are percent-encoded, so that no header breaks."""
    return "".join(sign if 32 < ord(sign) < 127 else "".join(f"%{byte:02X}" for byte in sign.encode()) for sign in key)


def _body(message: Message, form: Form) -> tuple[str, NotifyFormat]:
    if form == "mail":
        return message.html, NotifyFormat.HTML
    return (message.chat if form == "chat" else message.text), NotifyFormat.TEXT


def _type(facts: MessageFacts) -> NotifyType:
    if facts.event == "resolve":
        return NotifyType.SUCCESS
    if facts.event in ("ack", "digest"):
        return NotifyType.INFO
    return NotifyType.FAILURE if facts.severity == "critical" else NotifyType.WARNING
