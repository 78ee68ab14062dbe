"""Policy files -> typed, frozen objects; a bad file is refused with file, line and reason.

A profile may `extend` another: its sections and metric rows replace the fields they name and inherit the rest, so that
a platform's profile holds only what that platform says. A mistake is reported in the file that holds it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from models.metrics.profile import Profile
from models.risk.settings import RiskSettings
from pipelines.policy_columns import unknown_names
from pipelines.workspace import Workspace
from pipelines.yaml_file import PolicyFileError, line_of, load_yaml, read_yaml
from pipelines.yaml_words import describe, first_of, found
from pipelines.yaml_yes_no import misread, said

Location = tuple[int | str, ...]
PROFILE_NAME = re.compile(r"[a-z0-9_]+")


@dataclass(frozen=True)
class ProfileFile:
    """A profile as written: where it lies, its values and its nodes (for line numbers)."""

    path: Path
    values: dict[str, Any]
    node: yaml.Node | None

    @property
    def rows(self) -> dict[str, int]:
        """Position of each metric row by id."""
        rows = self.values.get("metrics") or []
        return {str(row.get("id")): position for position, row in enumerate(rows) if isinstance(row, dict)}

    def line(self, location: Location) -> int | None:
        """Line of a place in this file."""
        return line_of(self.node, location)


def load_profile(workspace: Workspace, name: str | None = None) -> Profile:
    """Read the workspace's policy profile (or the named one).

    Raises
    ------
    PolicyFileError
        With the file, line and reason of the first mistake.
    """
    path = workspace.policy_path(f"profiles/{name or workspace.config.profile}.yaml")
    files = [_read(path)]
    while "extends" in files[-1].values:
        base = workspace.policy_path(f"profiles/{_extended(files[-1])}.yaml")
        if any(known.path == base for known in files):
            raise PolicyFileError(files[-1].path, files[-1].line(("extends",)), f"profiles extend in a circle: {base}")
        files.append(_read(base))
    merged = _merge(files)
    try:
        profile = Profile.model_validate(merged)
    except ValidationError as error:
        raise _located(error, merged, files) from None
    for location, value in misread(merged, profile):
        if location[0] == "metrics":  # as pydantic has it, with the kind after the position
            location = (*location[:2], "kind", *location[2:])
        file, place, field = _place(location, merged, files)
        raise PolicyFileError(file.path, file.line(place), f"{field}: {said(value)}")
    for position, metric in enumerate(profile.metrics):
        for field, problem in unknown_names(metric):
            file, place = _file_of_row(metric.id, ("metrics", position, metric.kind, field), files)
            raise PolicyFileError(file.path, file.line(place), f"{metric.id}.{field}: {problem}")
    return profile


def load_risk_settings(workspace: Workspace) -> RiskSettings:
    """Read `risk.yaml`: windows, strata, controls and money of the risk step."""
    return load_yaml(workspace.policy_path("risk.yaml"), RiskSettings)


def _read(path: Path) -> ProfileFile:
    values, node = read_yaml(path)
    if not isinstance(values, dict):
        raise PolicyFileError(path, 1, "a profile is a mapping with id, name and metrics")
    rows = values.get("metrics", [])
    if not isinstance(rows, list):
        raise PolicyFileError(
            path, line_of(node, ("metrics",)), "metrics must be a list of rows that start with '- id:'"
        )
    for position, row in enumerate(rows):
        if not isinstance(row, dict) or not isinstance(row.get("id"), str):
            line = line_of(node, ("metrics", position))
            raise PolicyFileError(path, line, "a metric row needs an id such as fulfilment.late_dispatch")
    drop = values.get("drop", [])
    if not isinstance(drop, list) or not all(isinstance(name, str) for name in drop):
        raise PolicyFileError(path, line_of(node, ("drop",)), "drop must be a list of ids of metrics: [data.stale]")
    return ProfileFile(path, values, node)


def _extended(file: ProfileFile) -> str:
    """Name of the profile that a file extends."""
    name = file.values["extends"]
    if not isinstance(name, str) or not PROFILE_NAME.fullmatch(name):
        reason = f"extends takes the name of one profile, such as neutral; found {found(name)}"
        raise PolicyFileError(file.path, file.line(("extends",)), reason)
    return name


def _merge(files: list[ProfileFile]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for file in reversed(files):
        for key, value in file.values.items():
            if key in ("extends", "drop", "metrics"):
                continue
            inherited = merged.get(key)
            both = isinstance(value, dict) and isinstance(inherited, dict)
            merged[key] = {**inherited, **value} if both else value  # type: ignore[dict-item]
        merged["metrics"] = _merge_rows(merged.get("metrics", []), file)
    return merged


def _merge_rows(inherited: list[dict[str, Any]], file: ProfileFile) -> list[dict[str, Any]]:
    rows = {row["id"]: row for row in inherited}
    for metric_id in file.values.get("drop", []):
        if metric_id not in rows:
            raise PolicyFileError(file.path, file.line(("drop",)), f"drop names {metric_id}, which is not inherited")
        del rows[metric_id]
    seen: set[str] = set()
    for position, row in enumerate(file.values.get("metrics") or []):
        if row["id"] in seen:
            raise PolicyFileError(file.path, file.line(("metrics", position)), f"metric {row['id']} stands twice")
        seen.add(row["id"])
        before = rows.get(row["id"], {})
        same_kind = row.get("kind", before.get("kind")) == before.get("kind")
        rows[row["id"]] = {**before, **row} if same_kind else row
    return list(rows.values())


def _located(error: ValidationError, merged: dict[str, Any], files: list[ProfileFile]) -> PolicyFileError:
    first = first_of(error)
    location: Location = first["loc"]
    if first["type"] == "union_tag_invalid":
        location = (*location, "kind", "kind")  # the kind of a metric, which decides what its other fields may be
    file, place, field = _place(location, merged, files)
    return PolicyFileError(file.path, file.line(place), describe(error, Profile, field))


def _place(location: Location, merged: dict[str, Any], files: list[ProfileFile]) -> tuple[ProfileFile, Location, str]:
    """File that holds what stands at a location of the merged profile, the place in that file, and the field's name."""
    if len(location) > 1 and location[0] == "metrics" and isinstance(location[1], int):
        metric_id = merged["metrics"][location[1]]["id"]
        return (*_file_of_row(metric_id, location, files), ".".join([metric_id, *map(str, location[3:])]))
    return files[0], location, ".".join(map(str, location))


def _file_of_row(metric_id: str, location: Location, files: list[ProfileFile]) -> tuple[ProfileFile, Location]:
    """File (the extending one first) whose row names the field, and the place in it."""
    having = [file for file in files if metric_id in file.rows]
    fields = location[3:]  # ("metrics", position, kind, field, ...)
    for file in having:
        row = file.values["metrics"][file.rows[metric_id]]
        if fields and fields[0] in row:
            return file, ("metrics", file.rows[metric_id], *fields)
    return having[0], ("metrics", having[0].rows[metric_id], *fields)
