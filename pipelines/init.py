"""Make a new workspace that needs no file of another: settings, policy, calendars, Dagster's own file, a secret key."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipelines.defs.publishing.naming import page_names
from pipelines.workspace import REPOSITORY, Workspace, shipped

FOLDERS = ("landing", "lake", "published", ".dagster")


def make_workspace(folder: Path, profile: str) -> str:
    """Make a workspace and return what to do next.

    Raises
    ------
    FileExistsError
        When the folder already holds a workspace.
    ValueError
        When no profile has that name.
    """
    home = folder.resolve()
    known = sorted(path.stem for path in (shipped("policy") / "profiles").glob("*.yaml"))
    if profile not in known:
        raise ValueError(f"no policy profile is called {profile!r}; known: {', '.join(known)}")
    if (home / "config.yaml").exists():
        raise ValueError(f"{home} already holds a workspace (config.yaml); choose another folder")
    for name in FOLDERS:
        (home / name).mkdir(parents=True, exist_ok=True)
    for name in ("policy", "calendars"):
        shutil.copytree(shipped(name), home / name, dirs_exist_ok=True)
    text = shipped_config().read_text(encoding="utf-8")
    (home / "config.yaml").write_text(_with_profile(text, profile), encoding="utf-8")
    dagster = shipped_dagster().read_text(encoding="utf-8").replace("data/.dagster", ".dagster")
    (home / "dagster.yaml").write_text(dagster, encoding="utf-8")
    page_names(Workspace.at(home))  # makes the key
    next_step = f"put feeds into {home / 'landing'} and run: merchant-gps --home {home} run"
    return f"workspace {home} (profile {profile})\nnext: {next_step}"


def _with_profile(text: str, profile: str) -> str:
    lines = [f"profile: {profile}" if line.startswith("profile:") else line for line in text.splitlines()]
    return "\n".join(lines) + "\n"


def shipped_config() -> Path:
    """The settings that a new workspace begins with."""
    in_wheel = Path(__file__).parent / "shipped" / "config.yaml"
    return in_wheel if in_wheel.exists() else REPOSITORY / "data" / "config.yaml"


def shipped_dagster() -> Path:
    """Dagster's file that a new workspace begins with."""
    in_wheel = Path(__file__).parent / "shipped" / "dagster.yaml"
    return in_wheel if in_wheel.exists() else REPOSITORY / "dagster.yaml"
