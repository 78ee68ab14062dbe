"""All checks one after the other; a check that breaks is a finding itself and holds up no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from pipelines.doctor import (
    clock,
    delivery,
    feeds,
    instance,
    lake,
    locks,
    policy_files,
    printing,
    published,
    routes,
    settings,
    storage,
    versions,
)
from pipelines.doctor.finding import ORDER, Finding, in_order
from pipelines.doctor.machine import Machine, this_machine
from pipelines.doctor.patient import Patient
from pipelines.workspace import Workspace

Check = Callable[[Patient], Iterator[Finding]]
CHECKS: dict[str, Check] = {
    "settings": settings.check,
    "policy": policy_files.check,
    "routes": routes.check,
    "instance": instance.check,
    "versions": versions.check,
    "storage": storage.check,
    "locks": locks.check,
    "feeds": feeds.check,
    "lake": lake.check,
    "clock": clock.check,
    "published": published.check,
    "delivery": delivery.check,
    "printing": printing.check,
}


def examine(workspace: Workspace, now: datetime | None = None, machine: Machine | None = None) -> list[Finding]:
    """Look at a workspace; return what is wrong, gravest first."""
    patient = Patient(workspace.home, now or datetime.now(UTC), machine or this_machine())
    if not workspace.home.is_dir():
        how = f"run: merchant-gps init {workspace.home}, or name the folder with --home"
        return [Finding("workspace.missing", "error", "there is no workspace here", str(workspace.home), how)]
    return in_order(finding for name, check in CHECKS.items() for finding in _made(name, check, patient))


def _made(name: str, check: Check, patient: Patient) -> list[Finding]:
    try:
        return list(check(patient))
    except Exception as error:  # whatever is broken there, the other checks are made
        first = (str(error).splitlines() or [""])[0][:200]
        return [
            Finding(
                "doctor.check_failed",
                "warning",
                f"check {name} could not be made: {type(error).__name__}: {first}",
                str(patient.workspace.home),
                "mend the other findings first and ask again; if it stays, report it",
            )
        ]


def exit_status(findings: list[Finding]) -> int:
    """1 where anything is an error, else 0."""
    return int(any(one.severity == "error" for one in findings))


def told(findings: list[Finding]) -> str:
    """Findings for people: what is wrong, where, and how to mend it."""
    if not findings:
        return "nothing is wrong"
    lines = []
    for one in findings:
        lines += [f"{one.severity}: {one.what}  [{one.id}]", f"  where: {one.where}", f"  mend:  {one.how}"]
    counts = ", ".join(
        f"{count} {severity}{'s' if count > 1 else ''}"
        for severity in ORDER
        if (count := sum(one.severity == severity for one in findings))
    )
    return "\n".join([*lines, counts])
