"""One Dagster instance per workspace, so that the shell and the UI see each other's runs.

Dagster reads `dagster.yaml` from `DAGSTER_HOME` and follows relative paths from the working folder. So the workspace's
file is copied into its `.dagster` folder with every path made absolute, and `DAGSTER_HOME` points there.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml

from pipelines.workspace import HOME_VARIABLE, REPOSITORY, Workspace
from pipelines.yaml_file import PolicyFileError, read_yaml

SETTINGS = "dagster.yaml"
PATH_KEYS = frozenset({"base_dir"})


def settings_file(workspace: Workspace) -> Path:
    """`dagster.yaml` of a workspace: its own, or the repository's for the default one.

    Raises
    ------
    FileNotFoundError
        When the workspace has none; `merchant-gps init` writes one.
    """
    own = workspace.home / SETTINGS
    if own.exists():
        return own
    if workspace.home == REPOSITORY / "data" and (REPOSITORY / SETTINGS).exists():
        return REPOSITORY / SETTINGS
    raise FileNotFoundError(f"{own} does not exist; make the workspace with: merchant-gps init {workspace.home}")


def prepare_environment(workspace: Workspace) -> dict[str, str]:
    """Set (and return) the variables that Dagster and its subprocesses need for this workspace."""
    source = settings_file(workspace)
    home = workspace.home / ".dagster"
    home.mkdir(parents=True, exist_ok=True)
    values, _ = read_yaml(source)
    if not isinstance(values, dict):
        raise PolicyFileError(source, 1, "must hold Dagster's settings, such as `storage:`")
    text = yaml.safe_dump(_absolute(values, source.parent), sort_keys=False)
    target = home / SETTINGS
    if not target.exists() or target.read_text(encoding="utf-8") != text:
        draft = home / f".{SETTINGS}.{os.getpid()}"
        draft.write_text(text, encoding="utf-8")
        draft.replace(target)
    variables = {HOME_VARIABLE: str(workspace.home), "DAGSTER_HOME": str(home)}
    os.environ.update(variables)
    return variables


def _absolute(value: Any, folder: Path, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _absolute(inner, folder, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_absolute(inner, folder) for inner in value]
    return str((folder / value).resolve()) if key in PATH_KEYS and isinstance(value, str) else value
