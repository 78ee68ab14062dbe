"""Installed packages against what this project asks for, and Dagster's two packages against each other."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.requirements import InvalidRequirement, Requirement

from pipelines.doctor.finding import Finding
from pipelines.doctor.patient import Patient


def check(patient: Patient) -> Iterator[Finding]:
    """Yield packages that are missing or too old."""
    for text in patient.machine.requirements():
        yield from _required(patient, text)
    core, server = (patient.machine.version(name) for name in ("dagster", "dagster-webserver"))
    if core and server and core != server:
        yield Finding(
            "versions.dagster",
            "error",
            f"dagster is {core} and dagster-webserver {server}",
            "this machine",
            f"run: pip install dagster-webserver=={core}",
        )


def _required(patient: Patient, text: str) -> Iterator[Finding]:
    try:
        wanted = Requirement(text)
    except InvalidRequirement:
        return
    if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
        return  # of an extra that nobody asked for, or of another system
    found = patient.machine.version(wanted.name)
    if found is None:
        yield Finding(
            "versions.missing",
            "error",
            f"package {wanted.name} is not installed",
            "this machine",
            f"run: pip install '{wanted.name}{wanted.specifier}'",
        )
    elif not wanted.specifier.contains(found, prereleases=True):
        yield Finding(
            "versions.too_old",
            "error",
            f"{wanted.name} is {found}; {wanted.specifier} is needed",
            "this machine",
            f"run: pip install '{wanted.name}{wanted.specifier}'",
        )
