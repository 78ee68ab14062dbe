"""Dagster's file: is it there, and does it keep its storage inside this workspace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.doctor.finding import Finding
from pipelines.doctor.patient import Patient
from pipelines.instance import PATH_KEYS, SETTINGS, settings_file
from pipelines.yaml_file import PolicyFileError, read_yaml


def check(patient: Patient) -> Iterator[Finding]:
    """Yield what is wrong with Dagster's settings."""
    home = patient.workspace.home
    try:
        path = settings_file(patient.workspace)
    except FileNotFoundError:
        yield Finding(
            "dagster.missing",
            "error",
            "dagster.yaml is missing: no run can start",
            str(home / SETTINGS),
            "make a new workspace with merchant-gps init elsewhere and copy its dagster.yaml here",
        )
        return
    try:
        values, _ = read_yaml(path)
    except (PolicyFileError, OSError) as error:
        reason = error.reason if isinstance(error, PolicyFileError) else str(error.strerror)
        yield Finding(
            "dagster.invalid",
            "error",
            f"dagster.yaml cannot be used: {reason}",
            str(path),
            "mend it, or copy that of a new workspace (merchant-gps init)",
        )
        return
    if not isinstance(values, dict):
        yield Finding(
            "dagster.invalid",
            "error",
            "dagster.yaml holds no settings, such as `storage:`",
            str(path),
            "copy that of a new workspace (merchant-gps init)",
        )
        return
    yield from _storage(path, values, home)


def _storage(path: Path, values: dict[str, Any], home: Path) -> Iterator[Finding]:
    outside = sorted({folder for folder in folders_of(values, path.parent) if not folder.is_relative_to(home)})
    for folder in outside:
        owner = next((str(one) for one in folder.parents if (one / "config.yaml").exists()), "")
        of = f", of the workspace {owner}" if owner else ""
        yield Finding(
            "dagster.elsewhere",
            "error",
            f"Dagster's storage lies in {folder}{of}: runs would mix",
            str(path),
            "write base_dir: .dagster (relative to the file), twice",
        )


def folders_of(value: Any, folder: Path, key: str = "") -> Iterator[Path]:
    """Folders that settings of Dagster name, made absolute as they will be."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from folders_of(inner, folder, str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from folders_of(inner, folder)
    elif key in PATH_KEYS and isinstance(value, str):
        yield (folder / value).resolve()
