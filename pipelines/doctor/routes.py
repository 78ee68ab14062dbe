"""Delivery routes: is the file good, and does each active route have an address that can be one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from urllib.parse import urlsplit

from models.risk.route_policy import Addressed, QuietHours, RoutePolicy
from pipelines.defs.alerting.policies import route_policy, source_of
from pipelines.doctor.finding import Finding
from pipelines.doctor.patient import Patient
from pipelines.yaml_file import PolicyFileError
from reports.delivery.address import NoAddressError
from reports.delivery.quiet_logs import only_the_status

BY_APPRISE = frozenset({"mail", "chat", "webhook"})
BY_ADDRESS = frozenset({"alertmanager", "url"})
HOURS = 24 * 60


def check(patient: Patient) -> Iterator[Finding]:
    """Yield what is wrong with the routes; addresses are read and never shown."""
    path = patient.workspace.policy_path("routes.yaml")
    try:
        policy = route_policy(patient.workspace)
    except PolicyFileError as error:
        if error.path.name == path.name:  # else another file is wrong, and the check of policy says so
            yield _refused(error)
        return
    except OSError as error:
        yield Finding(
            "policy.unreadable",
            "error",
            f"routes.yaml cannot be read ({error.strerror})",
            str(path),
            "let the user who runs merchant-gps read it",
        )
        return
    for route in _active(policy):
        yield from _address(patient, route)
        yield from _quiet(patient, route, str(path))


def _refused(error: PolicyFileError) -> Finding:
    ladder = "follow_up.escalation" in error.reason
    where = f"{error.path}:{error.line}" if error.line else str(error.path)
    how = (
        "name a route of this file in the ladder" if ladder else "mend the line; docs/guide/on-call.md explains routes"
    )
    name = "routes.escalation" if ladder else "routes.invalid"
    return Finding(name, "error", f"routes.yaml is refused: {error.reason}", where, how)


def _active(policy: RoutePolicy) -> list[Addressed]:
    return [one for one in (*policy.routes, *policy.merchant_routes, *policy.heartbeats) if one.active]


def _address(patient: Patient, route: Addressed) -> Iterator[Finding]:
    source = source_of(patient.workspace, route)
    try:
        address = source.read(patient.machine.environment)
    except NoAddressError as error:
        yield Finding(
            "routes.no_address",
            "error",
            f"route {route.id} is active, but {error}",
            source.name,
            f"set it where merchant-gps runs, or set active: false for {route.id} in routes.yaml",
        )
        return
    form = getattr(route, "form", "")
    if (form in BY_APPRISE and not is_apprise_url(address)) or (form in BY_ADDRESS and not is_web_address(address)):
        wanted = "an Apprise URL such as mailtos://... or slack://..." if form in BY_APPRISE else "an https address"
        yield Finding(
            "routes.bad_address",
            "error",
            f"route {route.id} ({form}): {source.name} holds no {wanted[3:]}",
            source.name,
            f"put {wanted} there; the value is not shown, as it is a secret",
        )
    if worry := source.worry():
        yield Finding(
            "routes.address_open",
            "warning",
            f"route {route.id}: {worry.partition(';')[0]}",
            source.name,
            worry.partition("run: ")[2] or "let only the owner read it",
        )


def is_apprise_url(address: str) -> bool:
    """Whether Apprise can make a channel of an address; nothing is sent."""
    import apprise

    with only_the_status():  # Apprise logs the address that it refuses
        return apprise.Apprise.instantiate(address, suppress_exceptions=True) is not None


def is_web_address(address: str) -> bool:
    """Whether an address is one of the web."""
    parts = urlsplit(address)
    return parts.scheme in ("https", "http") and bool(parts.hostname)


def _quiet(patient: Patient, route: Addressed, where: str) -> Iterator[Finding]:
    hours = getattr(route, "quiet_hours", None)
    if isinstance(hours, QuietHours) and length_of(hours.start, hours.end) > patient.policy.routes.quiet_hours:
        said = f"route {route.id} is quiet from {hours.start:%H:%M} to {hours.end:%H:%M}, most of the day"
        yield Finding(
            "routes.quiet_hours",
            "warning",
            said,
            where,
            "nobody is told in quiet hours; perhaps `from` and `to` are the wrong way round",
        )


def length_of(start: time, end: time) -> float:
    """Hours from one time of the day to the next occurrence of another."""
    minutes = (end.hour * 60 + end.minute - start.hour * 60 - start.minute) % HOURS
    return minutes / 60
