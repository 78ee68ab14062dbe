"""A workspace: one folder with everything of one platform, found through `--home` or `MERCHANT_GPS_HOME`.

Policy and calendars are looked for in the workspace first, then among those shipped with the project, so that a
workspace may keep only what it changes.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipelines.config import WorkspaceConfig, load_config
from pipelines.lake import Lake

REPOSITORY = Path(__file__).resolve().parents[1]
SHIPPED_IN_WHEEL = Path(__file__).resolve().parent / "shipped"
HOME_VARIABLE = "MERCHANT_GPS_HOME"


def shipped(folder: str) -> Path:
    """Folder of shipped data (`policy`, `calendars`): inside a wheel, or in the repository."""
    in_wheel = SHIPPED_IN_WHEEL / folder
    return in_wheel if in_wheel.exists() else REPOSITORY / "data" / folder


def default_home() -> Path:
    """Return the workspace named by the environment, else `data/` of the repository or of the current folder."""
    named = os.environ.get(HOME_VARIABLE)
    if named:
        return Path(named)
    return REPOSITORY / "data" if (REPOSITORY / "pyproject.toml").exists() else Path.cwd()


@dataclass(frozen=True)
class Workspace:
    """Paths, settings and lake of one platform."""

    home: Path

    @staticmethod
    def at(home: Path | str | None = None) -> Workspace:
        """Open a workspace; the path is made absolute, so that the working folder never matters."""
        return Workspace(Path(home or default_home()).resolve())

    @cached_property
    def config(self) -> WorkspaceConfig:
        """Settings of `config.yaml`."""
        return load_config(self.home / "config.yaml")

    @property
    def landing(self) -> Path:
        """Where feed files arrive."""
        return self.home / "landing"

    @property
    def published(self) -> Path:
        """Where pages and the warehouse are published."""
        return self.home / "published"

    @property
    def pages(self) -> Path:
        """The only folder that a web server may see."""
        return self.published / "pages"

    @property
    def truth(self) -> Path:
        """The simulator's truth; never read by the pipeline."""
        return self.home / "truth"

    @property
    def secrets(self) -> Path:
        """Keys of this workspace, readable by its owner only."""
        return self.home / ".secrets"

    @cached_property
    def lake(self) -> Lake:
        """The live lake: the workspace's folder, or where `lake:` in config.yaml says."""
        remote = self.config.lake.rstrip("/")
        return Lake(remote, cache=str(self.home / ".cache")) if remote else Lake(str(self.home / "lake"))

    def policy_path(self, name: str) -> Path:
        """Path of a policy file such as `profiles/neutral.yaml`: the workspace's own, else the shipped one."""
        return self._own_or_shipped("policy", name)

    def calendar_path(self, name: str) -> Path:
        """Path of a calendar such as `cn.yaml`."""
        return self._own_or_shipped("calendars", name)

    def _own_or_shipped(self, folder: str, name: str) -> Path:
        own = self.home / folder / name
        return own if own.exists() else shipped(folder) / name
