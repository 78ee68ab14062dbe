"""What readers see: pointers that lead nowhere, files left half-written, a key of page names that others can read."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pipelines.defs.publishing.files import DRAFT
from pipelines.defs.publishing.naming import KEY_FILE
from pipelines.doctor.finding import Finding
from pipelines.doctor.patient import Patient

AGAIN = "run: merchant-gps run, which publishes anew"
UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".filepart")


def check(patient: Patient) -> Iterator[Finding]:
    """Yield what is wrong with published files, and with the key of page names."""
    yield from _pages(patient.workspace.pages)
    yield from _warehouse(patient.workspace.published / "warehouse")
    yield from _drafts(patient)
    yield from _unfinished(patient)
    yield from _key(patient.workspace.secrets / KEY_FILE)


def _pages(pages: Path) -> Iterator[Finding]:
    pointer = pages / "latest.json"
    if not pointer.exists():
        return
    try:
        shown = date.fromisoformat(json.loads(pointer.read_text(encoding="utf-8"))["day"])
        broken = "" if (pages / shown.isoformat()).is_dir() else f"it names {shown}, and there is no such folder"
    except (OSError, ValueError, KeyError, TypeError):
        broken = "it names no day"
    if broken:
        yield Finding("published.pointer", "error", f"latest.json leads nowhere: {broken}", str(pointer), AGAIN)


def _warehouse(folder: Path) -> Iterator[Finding]:
    pointer, link = folder / "latest", folder / "latest.duckdb"
    if pointer.exists() and not (folder / pointer.read_text(encoding="utf-8", errors="replace").strip()).is_file():
        yield Finding("published.pointer", "error", "latest names a warehouse that is not there", str(pointer), AGAIN)
    if link.is_symlink() and not link.exists():
        yield Finding("published.pointer", "error", "latest.duckdb leads to a file that is not there", str(link), AGAIN)


def _drafts(patient: Patient) -> Iterator[Finding]:
    left: list[str] = []
    for _, _, names in os.walk(patient.workspace.published):
        drafts = ((name, DRAFT.match(name)) for name in names if name.startswith("."))
        left += [name for name, draft in drafts if draft and not patient.machine.process_lives(int(draft["process"]))]
    if left:
        yield Finding(
            "published.drafts",
            "warning",
            f"{len(left)} files left half-written, such as {left[0]}",
            str(patient.workspace.published),
            "the next run removes them; nobody reads them",
        )


def _unfinished(patient: Patient) -> Iterator[Finding]:
    oldest = patient.now.timestamp() - patient.policy.files.unfinished_hours * 3600
    found = [
        path
        for path in patient.workspace.landing.glob("*/*")
        if path.name.lower().endswith(UNFINISHED) and path.is_file() and path.stat().st_mtime < oldest
    ]
    if found:
        yield Finding(
            "landing.unfinished",
            "warning",
            f"{len(found)} deliveries were never ended, such as {found[0].name}",
            str(found[0].parent),
            "deliver them again, whole, and take the temporary file away",
        )


def _key(path: Path) -> Iterator[Finding]:
    if os.name == "posix" and path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Finding(
            "published.key_open",
            "error",
            "others can read the key of page names and work out addresses",
            str(path),
            f"run: chmod 600 '{path}'",
        )
