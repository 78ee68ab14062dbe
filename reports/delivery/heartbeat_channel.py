"""A sign of life: a URL that is asked, a watchdog that keeps firing, or a short message.

The idea: the watcher outside rings when the sign stays away, so the sign says nothing but that we are here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

import requests

from reports.delivery.address import NoAddressError, Source
from reports.delivery.alertmanager_channel import AlertmanagerApi
from reports.delivery.answers import Heard, Requests
from reports.delivery.channel import judged, send
from reports.delivery.egress import guarded
from reports.delivery.outcome import Carrier, Keys, Outcome, Parcel
from reports.delivery.quiet_logs import only_the_status
from reports.messages.facts import MessageFacts
from reports.messages.message import render

HeartbeatForm = Literal["url", "alertmanager", "mail", "chat", "webhook"]


def beat(
    source: Source,
    form: HeartbeatForm,
    facts: MessageFacts,
    locale: str,
    carrier: Carrier,
    now: datetime,
    every: timedelta,
) -> Outcome:
    """Give one sign of life; `facts` are of kind `heartbeat`."""
    key = f"merchant-gps:heartbeat:{now.isoformat(timespec='seconds')}"
    if form in ("mail", "chat", "webhook"):
        parcel = Parcel(source, form, render(facts, locale), facts, Keys("merchant-gps:heartbeat", key))
        return send(parcel, carrier, now)
    try:
        url = source.read()
    except NoAddressError as error:
        return Outcome(False, str(error), counts=False)
    heard = Heard(now)
    with only_the_status(), guarded(carrier.egress) as watch:
        try:
            if form == "url":
                Requests(heard, carrier.egress, carrier.timeout_seconds).get(url).raise_for_status()
            else:
                AlertmanagerApi(url, carrier, heard).post_alerts([_watchdog(facts, now, every)])
            outcome = Outcome(True)
        except requests.RequestException:
            outcome = Outcome(False)
    return judged(outcome, heard, watch, source, carrier)


def _watchdog(facts: MessageFacts, now: datetime, every: timedelta) -> dict[str, Any]:
    """An alert that always fires; it ends by itself when three signs have stayed away."""
    return {
        "labels": {"alertname": "Watchdog", "source": "merchant-gps", "severity": "none"},
        "annotations": {"summary": render(facts, "en").title},
        "endsAt": (now + 3 * every).isoformat(timespec="milliseconds"),
    }
