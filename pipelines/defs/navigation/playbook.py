"""Reads the playbook: settings and one file of situations per leg, the workspace's own copy before the shipped one."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from models.navigation.playbook import Playbook, Situation, SituationFile
from models.navigation.settings import PlaybookSettings
from pipelines.workspace import Workspace, shipped
from pipelines.yaml_file import PolicyFileError, line_of, load_yaml, read_yaml

FOLDER = "playbook"
SETTINGS = "settings.yaml"


def load_playbook(workspace: Workspace) -> Playbook:
    """Read `policy/playbook/*.yaml`; a workspace may replace a shipped file and add files of its own.

    Raises
    ------
    PolicyFileError
        With file, line and reason.
    """
    settings = load_yaml(workspace.policy_path(f"{FOLDER}/{SETTINGS}"), PlaybookSettings)
    situations: list[Situation] = []
    told_in: dict[str, Path] = {}
    for name in _file_names(workspace):
        path = workspace.policy_path(f"{FOLDER}/{name}")
        found = load_yaml(path, SituationFile).situations
        for place, situation in enumerate(found):
            if situation.id in told_in:
                line = line_of(read_yaml(path)[1], ("situations", place, "id"))
                raise PolicyFileError(
                    path, line, f"situation {situation.id} stands twice (first in {told_in[situation.id].name})"
                )
            told_in[situation.id] = path
        situations += found
    try:
        return Playbook(settings=settings, situations=tuple(situations))
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise PolicyFileError(workspace.policy_path(f"{FOLDER}/{SETTINGS}").parent, None, reason) from None


def _file_names(workspace: Workspace) -> list[str]:
    folders = (shipped("policy") / FOLDER, workspace.home / "policy" / FOLDER)
    names = {path.name for folder in folders if folder.is_dir() for path in folder.glob("*.yaml")}
    return sorted(names - {SETTINGS})
