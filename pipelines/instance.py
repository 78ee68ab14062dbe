"""One Dagster instance per workspace, so that the shell and the UI see each other's runs."""

from __future__ import annotations

import os
from pathlib import Path

from pipelines.workspace import HOME_VARIABLE, REPOSITORY, Workspace

STORAGE_VARIABLE = "MERCHANT_GPS_DAGSTER_STORAGE"
SETTINGS = "dagster.yaml"


def dagster_home(workspace: Workspace) -> Path:
    """Folder with the `dagster.yaml` of a workspace: its own, else the repository's root for the default one.

    Raises
    ------
    FileNotFoundError
        When the workspace has none; `merchant-gps init` writes one.
    """
    for folder in (workspace.home, REPOSITORY):
        if (folder / SETTINGS).exists() and (folder == workspace.home or workspace.home == REPOSITORY / "data"):
            return folder
    raise FileNotFoundError(
        f"{workspace.home / SETTINGS} does not exist; make the workspace with: merchant-gps init {workspace.home}"
    )


def prepare_environment(workspace: Workspace) -> dict[str, str]:
    """Set (and return) the variables that Dagster and its subprocesses need for this workspace."""
    storage = workspace.home / ".dagster"
    storage.mkdir(parents=True, exist_ok=True)
    variables = {
        HOME_VARIABLE: str(workspace.home),
        STORAGE_VARIABLE: str(storage),
        "DAGSTER_HOME": str(dagster_home(workspace)),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
    }
    os.environ.update(variables)
    return variables
