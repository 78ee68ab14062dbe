"""Alertmanager's API v2: alerts that fire, silences when somebody takes one on, and ends.

The idea: an alert there is its labels, and it ends by itself unless it is told again. So labels name only what never
changes, a change of severity ends the alert under the old one, and `endsAt` says for how long we can be believed.
Address: `https://USER:PASSWORD@HOST/PREFIX` (user and prefix where there are any).
Source: prometheus/alertmanager, api/v2/openapi.yaml (postableAlert, postableSilence).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import requests as real_requests

from reports.delivery.answers import Heard, Requests
from reports.delivery.outcome import Carrier, Outcome, Parcel
from reports.messages.clean import plain

CREATOR = "merchant-gps"


def send_to_alertmanager(url: str, parcel: Parcel, carrier: Carrier, heard: Heard, now: datetime) -> Outcome:
    """Tell one message; an ack becomes a silence, a resolve ends the alert and its silences."""
    if not url.startswith(("http://", "https://")):
        return Outcome(False, f"{parcel.source.name} must hold the https address of an Alertmanager", counts=False)
    api = AlertmanagerApi(url, carrier, heard)
    try:
        api.post_alerts(alerts_of(parcel, carrier, now))
        if parcel.facts.event == "ack":
            api.silence(parcel, carrier, now)
        elif parcel.facts.event in ("trigger", "resolve"):
            api.end_silences(parcel.keys.dedup)
    except real_requests.RequestException:
        return Outcome(False)
    return Outcome(True)


class AlertmanagerApi:
    """The few calls that we make."""

    def __init__(self, url: str, carrier: Carrier, heard: Heard) -> None:
        self.base = url.rstrip("/").removesuffix("/api/v2") + "/api/v2"
        self.requests = Requests(heard, carrier.egress, carrier.timeout_seconds)

    def post_alerts(self, alerts: Sequence[dict[str, Any]]) -> None:
        """Fire or end alerts; the same ones again change nothing."""
        self.requests.post(f"{self.base}/alerts", json=list(alerts)).raise_for_status()

    def silence(self, parcel: Parcel, carrier: Carrier, now: datetime) -> None:
        """Be silent about an alert that somebody has; telling it twice makes no second silence."""
        comment = parcel.keys.idempotency
        if any(one.get("comment") == comment for one in self.silences_of(parcel.keys.dedup)):
            return
        wanted = parcel.facts.snoozed_until
        until = now + timedelta(seconds=carrier.silence_seconds)
        if wanted is not None:
            until = max(until, datetime(wanted.year, wanted.month, wanted.day, tzinfo=now.tzinfo) + timedelta(days=1))
        body = {
            "matchers": [{"name": "dedup_key", "value": parcel.keys.dedup, "isRegex": False, "isEqual": True}],
            "startsAt": _time(now),
            "endsAt": _time(until),
            "createdBy": f"{CREATOR}: {plain(parcel.facts.acked_by) or '?'}",
            "comment": comment,
        }
        self.requests.post(f"{self.base}/silences", json=body).raise_for_status()

    def silences_of(self, dedup: str) -> list[dict[str, Any]]:
        """Our own silences of an alert that are not over."""
        value = dedup.replace("\\", "\\\\").replace('"', '\\"')
        answer = self.requests.get(f"{self.base}/silences", params={"filter": f'dedup_key="{value}"'})
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()
        return [
            one for one in found
            if one["status"]["state"] != "expired" and str(one.get("createdBy", "")).startswith(CREATOR)
        ]  # fmt: skip

    def end_silences(self, dedup: str) -> None:
        """End our silences of an alert: it is over, or it came back and must be heard."""
        for one in self.silences_of(dedup):
            self.requests.delete(f"{self.base}/silence/{one['id']}").raise_for_status()


def alerts_of(parcel: Parcel, carrier: Carrier, now: datetime) -> list[dict[str, Any]]:
    """The alert under its severity, firing or ended, and ended under every other severity that it may have had."""
    facts = parcel.facts
    ends = now if facts.event == "resolve" else now + timedelta(seconds=carrier.keep_firing_seconds)
    alert = {
        "labels": labels_of(parcel, facts.severity),
        "annotations": _annotations(parcel),
        "endsAt": _time(ends),
    }
    page = facts.page or next((subject.page for subject in facts.subjects if subject.page), None)
    if page:
        alert["generatorURL"] = page
    # Without a start, a resent alert keeps the one it has.
    others = [level for level in carrier.levels if level != facts.severity]
    ended = [{**alert, "labels": labels_of(parcel, level), "endsAt": _time(now)} for level in others]
    return [alert, *(ended if facts.event in ("update", "resolve", "escalate") else [])]


def labels_of(parcel: Parcel, severity: str) -> dict[str, str]:
    """What an alert is: what never changes while it is open, and its severity, by which Alertmanagers route."""
    facts, labels = parcel.facts, {"alertname": "MerchantGPS", "dedup_key": parcel.keys.dedup, "severity": severity}
    for subject in facts.subjects[:1]:
        labels |= {
            "leg": subject.leg,
            "metric": plain(subject.metric) if subject.scope not in ("run", "late_day") else subject.scope,
            "merchant_id": plain(subject.merchant_id, 128),
            "scope": subject.scope or "merchant",
        }
    labels["platform"] = plain(facts.platform)
    return {name: value for name, value in labels.items() if value}


def _annotations(parcel: Parcel) -> dict[str, str]:
    facts = parcel.facts
    texts = {
        "summary": parcel.message.chat_title or parcel.message.title,
        "description": parcel.message.chat,
        "event": facts.event,
        "acked_by": plain(facts.acked_by),
        "idempotency_key": parcel.keys.idempotency,
        "reference": plain(facts.subjects[0].reference) if facts.subjects else "",
    }
    return {name: text for name, text in texts.items() if text}


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
