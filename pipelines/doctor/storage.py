"""Disk and memory: room for the next run, folders that can be written, an engine that need not spill all the time."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.doctor.finding import Finding, Severity
from pipelines.doctor.patient import Patient

GB = 1e9
FOLDERS = ("", "landing", "lake", "published", ".dagster", ".locks", ".delivery", ".secrets")


def check(patient: Patient) -> Iterator[Finding]:
    """Yield what is short, or closed."""
    home = patient.workspace.home
    for folder in (home / name if name else home for name in FOLDERS):
        if folder.is_dir() and not patient.machine.writable(folder):
            yield Finding(
                "storage.not_writable",
                "error",
                "nothing can be written here",
                str(folder),
                "give the folder to the user who runs merchant-gps, and see that its disk is not read-only",
            )
    yield from _disk(patient)
    yield from _memory(patient)


def _disk(patient: Patient) -> Iterator[Finding]:
    free, limits = patient.machine.free_bytes(patient.workspace.home) / GB, patient.policy.disk
    if free < limits.warning_gb:
        severity: Severity = "error" if free < limits.error_gb else "warning"
        yield Finding(
            "storage.low_disk",
            severity,
            f"{free:.1f} GB are free; {limits.warning_gb:g} should be",
            str(patient.workspace.home),
            "make room, run: merchant-gps maintain, or lower publishing.keep_days",
        )


def _memory(patient: Patient) -> Iterator[Finding]:
    memory, least = patient.machine.engine_bytes() / GB, patient.policy.memory.warning_gb
    if memory < least:
        yield Finding(
            "storage.low_memory",
            "warning",
            f"the engine may take {memory:.2f} GB before it spills to disk; {least:g} should be",
            "this machine",
            "give the machine or container more memory, or lower block_merchants in config.yaml",
        )
