"""Mail, chats and webhooks through Apprise.

The idea: Apprise knows how dozens of vendors want to be spoken to. We give it a text that fits and is harmless,
switch off whatever would make something of it or leave something on disk, and hear for ourselves what was answered.
"""

from __future__ import annotations

from typing import Any

from apprise import Apprise, AppriseAsset, NotifyFormat, NotifyType, PersistentStoreMode

from reports.delivery.answers import Heard, Requests, heard_by
from reports.delivery.egress import NOT_LISTED, is_loopback_name
from reports.delivery.outcome import Carrier, Outcome, Parcel
from reports.messages.facts import MessageFacts
from reports.messages.fit import fit

IDEMPOTENCY_HEADER = "Idempotency-Key"
DEDUP_HEADER = "X-Dedup-Key"
# Channels whose address names a host of yours; in those of vendors the same place holds a token.
WITH_HOST = frozenset({"json", "jsons", "xml", "xmls", "form", "forms", "mailto", "mailtos"})
NOT_SECURE = (
    "must hold an address over TLS (jsons://, mailtos://, ...); "
    "without TLS only this machine is reached, where delivery.loopback of config.yaml allows it"
)


def plugin_of(url: str, timeout_seconds: float) -> Any:
    """The Apprise channel of a URL, or None; it keeps nothing, expands nothing in texts and follows no redirect."""
    asset = AppriseAsset(storage_mode=PersistentStoreMode.MEMORY, allow_templates=False)
    asset.app_id, asset.app_desc, asset.app_url = "Merchant GPS", "Merchant GPS", ""
    asset.http_redirects, asset.interpret_escapes = False, False
    plugin = Apprise.instantiate(url, asset=asset)
    if plugin is not None:
        plugin.redirects = False
        plugin.verify_certificate = True
        plugin.socket_connect_timeout = plugin.socket_read_timeout = timeout_seconds
    return plugin


def send_with_apprise(url: str, parcel: Parcel, carrier: Carrier, heard: Heard) -> Outcome:
    """Send one message; `heard` is filled with what the receiver answered."""
    name = parcel.source.name
    plugin = plugin_of(url, carrier.timeout_seconds)
    if plugin is None:
        return Outcome(False, f"{name} does not hold an Apprise URL", counts=False)
    if reason := why_not(plugin, url, carrier):
        return Outcome(False, f"{name} {reason}", counts=False)
    limit = carrier.vendors.chat(url.partition(":")[0])
    _address(plugin, parcel)
    title, body, body_format = _body(parcel, limit.most, limit.unit)
    stand_in = Requests(heard, carrier.egress, carrier.timeout_seconds, limit.error_field)
    with heard_by(plugin, stand_in):
        done = plugin.notify(body=body, title=title, notify_type=_type(parcel.facts), body_format=body_format)
    return Outcome(bool(done))


def why_not(plugin: Any, url: str, carrier: Carrier) -> str | None:
    """What is wrong with an address before anything is sent: no TLS, or a host of its own that is not listed."""
    schema = url.partition(":")[0].lower()
    host = str(getattr(plugin, "smtp_host", None) or getattr(plugin, "host", None) or "")
    local = carrier.egress.loopback and is_loopback_name(host)
    mode = getattr(plugin, "secure_mode", None)
    if (mode == "insecure" if mode is not None else schema in _plain_schemas(plugin)) and not local:
        return NOT_SECURE
    if schema in WITH_HOST and not carrier.egress.knows(host):
        return f"cannot be used: {NOT_LISTED}"
    return None


def _plain_schemas(plugin: Any) -> tuple[str, ...]:
    schemas = getattr(plugin, "protocol", None) or ()
    return (schemas,) if isinstance(schemas, str) else tuple(schemas)


def _address(plugin: Any, parcel: Parcel) -> None:
    headers, keys, facts = getattr(plugin, "headers", None), parcel.keys, parcel.facts
    if isinstance(headers, dict):
        headers.update({IDEMPOTENCY_HEADER: _ascii(keys.idempotency), DEDUP_HEADER: _ascii(keys.dedup)})
    extras = getattr(plugin, "payload_extras", None)
    if parcel.form == "webhook" and isinstance(extras, dict):
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


def _body(parcel: Parcel, most: int, unit: Any) -> tuple[str, str, NotifyFormat]:
    message = parcel.message
    if parcel.form == "mail":
        return message.title, message.html, NotifyFormat.HTML
    if parcel.form == "chat":
        # Title and text in one, so that what is cut is cut once, whatever the channel makes of a title.
        return "", fit(f"{message.chat_title}\n{message.chat}", most, unit, message.ending), NotifyFormat.TEXT
    return message.title, message.text, NotifyFormat.TEXT


def _type(facts: MessageFacts) -> NotifyType:
    if facts.event == "resolve":
        return NotifyType.SUCCESS
    if facts.event in ("ack", "digest", "heartbeat"):
        return NotifyType.INFO
    return NotifyType.FAILURE if facts.severity == "critical" else NotifyType.WARNING
