"""The workspace that is looked at, the moment, the machine, and what can be read of it even when it is ill.

The idea: one fault must not hide the others. Settings that cannot be read are replaced by the defaults while the other
checks go on; the check of the settings says what is wrong with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from deltalake.exceptions import DeltaError

from pipelines.config import WorkspaceConfig, load_config
from pipelines.doctor.machine import Machine
from pipelines.doctor.policy import DoctorPolicy
from pipelines.object_storage import is_remote
from pipelines.workspace import Workspace
from pipelines.yaml_file import PolicyFileError, load_yaml

Filters = list[tuple[str, str, Any]] | None  # column, operator, value; all must hold
FILE_COLUMNS = ["feed", "file", "delivery", "status", "accepted", "held", "message", "known_on", "last_on"]


@dataclass(frozen=True)
class Patient:
    """A workspace at a moment (with its zone) on a machine."""

    home: Path
    now: datetime
    machine: Machine

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace; where its settings cannot be read, with the defaults."""
        opened = Workspace(self.home)
        vars(opened)["config"] = self.config  # fills its cached property, so that nothing below reads the file again
        return opened

    @cached_property
    def config(self) -> WorkspaceConfig:
        """Settings, or the defaults where they cannot be read."""
        try:
            return load_config(self.home / "config.yaml")
        except (PolicyFileError, OSError):
            return WorkspaceConfig()

    @cached_property
    def policy(self) -> DoctorPolicy:
        """The doctor's own limits, or the defaults where they cannot be read."""
        try:
            return load_yaml(self.workspace.policy_path("doctor.yaml"), DoctorPolicy)
        except (PolicyFileError, OSError):
            return DoctorPolicy()

    @cached_property
    def lake_trouble(self) -> str:
        """Why a lake on object storage does not answer; empty where it does, or lies on this machine."""
        lake = self.workspace.lake
        if not is_remote(lake.root):
            return ""
        try:
            lake.delta("merchants")
        except (DeltaError, OSError) as error:
            return (str(error).splitlines() or [type(error).__name__])[0][:200]
        return ""

    @cached_property
    def files(self) -> list[dict[str, Any]]:
        """Deliveries that were taken in or put aside, as `ingested_files` has them."""
        return self.rows("ingested_files", FILE_COLUMNS)

    @property
    def today(self) -> date:
        """Day of the platform at the moment."""
        return self.now.astimezone(self.config.zone).date()

    def rows(self, table: str, columns: list[str], where: Filters = None) -> list[dict[str, Any]]:
        """Rows of a table of the lake; none where it does not exist, lacks the columns or cannot be opened.

        Read without the engine, which may be what is ill.
        """
        if self.lake_trouble:
            return []  # the check of the lake says so
        try:
            delta = self.workspace.lake.delta(table)
        except (DeltaError, OSError):
            return []
        if delta is None or not set(columns) <= {field.name for field in delta.schema().fields}:
            return []
        found: list[dict[str, Any]] = delta.to_pyarrow_table(columns=columns, filters=where).to_pylist()
        return found
