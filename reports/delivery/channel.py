"""One message to one address, whatever the channel.

The idea: an address is a secret that is read when a message is sent, and neither it nor anything a library says about
it comes back: an outcome holds words of our own. Every connection that is made meanwhile passes the guard.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from reports.delivery.address import NoAddressError, Source
from reports.delivery.alertmanager_channel import send_to_alertmanager
from reports.delivery.answers import Heard
from reports.delivery.apprise_channel import plugin_of, send_with_apprise, why_not
from reports.delivery.egress import NOT_LISTED, Watch, guarded
from reports.delivery.outcome import Carrier, Form, Keys, Outcome, Parcel
from reports.delivery.pagerduty_channel import pagerduty_address, send_to_pagerduty
from reports.delivery.quiet_logs import only_the_status

__all__ = ["Carrier", "Keys", "Outcome", "Parcel", "Source", "check", "send"]

Environment = Mapping[str, str]


def send(parcel: Parcel, carrier: Carrier, now: datetime, environment: Environment | None = None) -> Outcome:
    """Send a message to the address that its source holds.

    Parameters
    ----------
    parcel : Parcel
        `mail` sends HTML with a text part, `chat` a short text that fits, `webhook` the text with the facts as JSON
        beside it, `pagerduty` an event and `alertmanager` an alert. Its keys are told to the receiver in headers and
        payload where the channel has them, else in the text.
    now : datetime
        With its zone.
    """
    try:
        url = parcel.source.read(environment)
    except NoAddressError as error:
        return Outcome(False, str(error), counts=False)
    heard = Heard(now)
    with only_the_status() as logged, guarded(carrier.egress) as watch:
        try:
            outcome = _send(url, parcel, carrier, heard, now)
        except Exception as error:  # whatever a channel raises may quote the address; only its kind is told
            outcome = Outcome(False, f"the channel of {parcel.source.name} failed ({type(error).__name__})")
    heard.status = heard.status if heard.status is not None else logged.status
    return judged(outcome, heard, watch, parcel.source, carrier)


def _send(url: str, parcel: Parcel, carrier: Carrier, heard: Heard, now: datetime) -> Outcome:
    if parcel.form == "pagerduty":
        return send_to_pagerduty(url, parcel, carrier, heard, now)
    if parcel.form == "alertmanager":
        return send_to_alertmanager(url, parcel, carrier, heard, now)
    return send_with_apprise(url, parcel, carrier, heard)


def judged(outcome: Outcome, heard: Heard, watch: Watch, source: Source, carrier: Carrier) -> Outcome:
    """What came of it: a receiver that refuses inside of a good answer has not taken the message."""
    if outcome.error is not None:
        return outcome
    guard = heard.guard or watch.refusal
    if not outcome.sent and guard:
        # What the address says is a matter of setting it up; what a name server says may be otherwise next time.
        reason = f"the address in {source.name} was not connected to: {guard}"
        return Outcome(False, reason, counts=guard != NOT_LISTED and heard.guard is None)
    refused = heard.refused
    if outcome.sent and (refused is None or heard.status is None):
        return Outcome(True)
    if refused is None and heard.status is not None:
        refused = f"the receiver answered {heard.status}, but did not take the message"
    silent = f"the receiver could not be reached, refused, or was silent for {carrier.timeout_seconds:g} s"
    return Outcome(
        False,
        refused or silent,
        retry_after_seconds=heard.retry_after_seconds,
        unreachable=heard.status is None,
    )


def check(source: Source, form: Form, carrier: Carrier, environment: Environment | None = None) -> str | None:
    """What is wrong with a route's address, or None; sends nothing and looks nothing up."""
    try:
        url = source.read(environment)
    except NoAddressError as error:
        return str(error)
    if form == "pagerduty":
        return None if pagerduty_address(url) else f"{source.name} does not hold a PagerDuty routing key"
    if form == "alertmanager":
        reason = carrier.egress.refuses_url(url)
        return f"the address in {source.name} cannot be used: {reason}" if reason else None
    with only_the_status():
        try:
            plugin = plugin_of(url, 1.0)
            reason = "does not hold an Apprise URL" if plugin is None else why_not(plugin, url, carrier)
        except Exception:  # the message may quote the address
            reason = "does not hold an Apprise URL"
    return f"{source.name} {reason}" if reason else None
