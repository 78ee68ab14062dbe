"""Reads the playbook: settings and one file of situations per leg, the workspace's own copy before the shipped one."""

from __future__ import annotations

from pydantic import ValidationError

from models.navigation.playbook import Playbook, Situation, SituationFile
from models.navigation.settings import PlaybookSettings
from pipelines.workspace import Workspace, shipped
from pipelines.yaml_file import PolicyFileError, load_yaml

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
    for name in _file_names(workspace):
        situations += load_yaml(workspace.policy_path(f"{FOLDER}/{name}"), SituationFile).situations
    try:
        return Playbook(settings=settings, situations=tuple(situations))
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise PolicyFileError(workspace.policy_path(f"{FOLDER}/{SETTINGS}").parent, None, reason) from None


def _file_names(workspace: Workspace) -> list[str]:
    folders = (shipped("policy") / FOLDER, workspace.home / "policy" / FOLDER)
    names = {path.name for folder in folders if folder.is_dir() for path in folder.glob("*.yaml")}
    return sorted(names - {SETTINGS})
