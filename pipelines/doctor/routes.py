"""Delivery routes: is the file good, and does each active route have an address that can be one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

from models.risk.route_policy import Heartbeat, MerchantRoute, Route, RoutePolicy
from pipelines.defs.alerting.policies import carrier, route_policy, source_of
from pipelines.doctor.finding import Finding
from pipelines.doctor.patient import Patient
from pipelines.yaml_file import PolicyFileError
from reports.delivery.address import NoAddressError
from reports.delivery.channel import check as check_address
from reports.delivery.outcome import Carrier, Form

HOURS = 24 * 60
Active = Route | MerchantRoute | Heartbeat


def check(patient: Patient) -> Iterator[Finding]:
    """Yield what is wrong with the routes; addresses are read and never shown."""
    path = patient.workspace.policy_path("routes.yaml")
    try:
        policy, sends = route_policy(patient.workspace), carrier(patient.workspace)
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
        yield from _address(patient, route, sends)
        yield from _quiet(patient, route, str(path))


def _refused(error: PolicyFileError) -> Finding:
    ladder = "follow_up.escalation" in error.reason
    where = f"{error.path}:{error.line}" if error.line else str(error.path)
    how = (
        "name a route of this file in the ladder" if ladder else "mend the line; docs/guide/on-call.md explains routes"
    )
    name = "routes.escalation" if ladder else "routes.invalid"
    return Finding(name, "error", f"routes.yaml is refused: {error.reason}", where, how)


def _active(policy: RoutePolicy) -> list[Active]:
    everything: list[Active] = [*policy.routes, *policy.merchant_routes, *policy.heartbeats]
    return [one for one in everything if one.active]


def _address(patient: Patient, route: Active, sends: Carrier) -> Iterator[Finding]:
    source = source_of(patient.workspace, route)
    try:
        source.read(patient.machine.environment)
    except NoAddressError as error:
        how = f"set it where merchant-gps runs, or set active: false for {route.id} in routes.yaml"
        yield Finding("routes.no_address", "error", f"route {route.id} is active, but {error}", source.name, how)
        return
    form: Form = "alertmanager" if route.form == "url" else route.form  # both are addresses of the web
    wrong = check_address(source, form, sends, patient.machine.environment)
    if wrong:
        how = "put a usable address there (docs/guide/on-call.md, how to connect each channel); it is never shown"
        yield Finding("routes.bad_address", "error", f"route {route.id} ({route.form}): {wrong}", source.name, how)
    if worry := source.worry():
        how = worry.partition("run: ")[2] or "let only the owner read it"
        yield Finding(
            "routes.address_open", "warning", f"route {route.id}: {worry.partition(';')[0]}", source.name, how
        )


def _quiet(patient: Patient, route: Active, where: str) -> Iterator[Finding]:
    hours = None if isinstance(route, Heartbeat) else route.quiet_hours
    if hours is not None and length_of(hours.start, hours.end) > patient.policy.routes.quiet_hours:
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
