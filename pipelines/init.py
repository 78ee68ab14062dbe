"""Make a new workspace that needs no file of another: settings, policy, calendars, Dagster's own file, a secret key."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from pipelines.workspace import REPOSITORY, shipped

FOLDERS = ("landing", "lake", "published", ".dagster")
KEY_FILE = "links.key"


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
    secret_key(home)
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


def secret_key(home: Path) -> bytes:
    """Key of the workspace from which page names are derived; made on first use, readable by its owner only."""
    folder = home / ".secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / KEY_FILE
    if not path.exists():
        draft = folder / f".{KEY_FILE}.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(32))
        try:
            draft.rename(path) if not path.exists() else draft.unlink()
        except FileExistsError:
            draft.unlink()
    return path.read_bytes()
