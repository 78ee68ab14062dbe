"""A small platform that has been navigated for a day, with the files of the next day waiting."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from pipelines.init import make_workspace
from pipelines.simulate import simulate
from pipelines.workspace import Workspace

ROOT = Path(__file__).parents[2]
DRIVER = Path(__file__).with_name("killable.py")
END = date(2026, 10, 30)
MERCHANTS, DAYS, SEED = 48, 125, 11
MEMORY, MEMORY_BYTES = "/dev/shm", 2_000_000_000
ROUTES = {
    "cap_per_merchant_and_day": 3,
    "routes": [{"id": "hook", "url_variable": "HOOK_URL", "form": "webhook", "locale": "en"}],
}


@dataclass(frozen=True)
class Arena:
    """A folder in which one workspace lies, always under the same path, put back to its beginning at will."""

    folder: Path
    end: date = END
    merchants: int = MERCHANTS
    driver: Path = DRIVER

    @property
    def home(self) -> Path:
        """The workspace: the day before `end` has been run, the files of `end` have just landed."""
        return self.folder / "home"

    def reset(self) -> Path:
        """Put the workspace back to its beginning."""
        shutil.rmtree(self.home, ignore_errors=True)
        subprocess.run(["cp", "-a", "--reflink=auto", self.folder / "waiting", self.home], check=True)
        return self.home

    def environment(self) -> dict[str, str]:
        """Environment of a process that works on the workspace."""
        return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `merchant-gps` on the workspace."""
        command = [sys.executable, "-m", "pipelines.cli", "--home", str(self.home), *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self.environment(), cwd=ROOT, stdout=pipe, stderr=pipe, text=True)

    def drive(self, log: Path, *target: object, **variables: str) -> subprocess.Popen[bytes]:
        """Start a run that keeps a log of its moments and messages, and is killed at `target` (see killable.py)."""
        return subprocess.Popen(
            [sys.executable, str(DRIVER), str(self.home), str(log), *map(str, target)],
            env={**self.environment(), **variables},
            stdout=subprocess.DEVNULL,
            stderr=(log / "stderr").open("w"),
            start_new_session=True,
        )

    def drive_to_its_end(self, log: Path, **variables: str) -> float:
        """Let such a run come to its end; returns its seconds."""
        begin = time.monotonic()
        assert self.drive(log, **variables).wait() == 0, (log / "stderr").read_text()
        return time.monotonic() - begin

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `merchant-gps` on the workspace to its end."""
        process = self.start(*arguments)
        said, wrong = process.communicate()
        return subprocess.CompletedProcess(arguments, process.returncode, said, wrong)


@dataclass(frozen=True)
class Undisturbed:
    """What a run leaves that nobody disturbs, and every moment at which it could have been killed."""

    content: dict[str, Any]
    pages: dict[str, bytes]
    received: Counter[str]
    moments: list[tuple[str, int]]
    seconds: float


def received(log: Path) -> Counter[str]:
    """Idempotency keys of the messages that arrived."""
    path = log / "received"
    return Counter(path.read_text().split()) if path.exists() else Counter()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory where the system has one: what dies here is a process, not the disk's power."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_BYTES:
        with tempfile.TemporaryDirectory(prefix="merchant-gps-faults-", dir=MEMORY) as made:
            yield Path(made)
    else:
        yield tmp_path_factory.mktemp("arena")


@pytest.fixture(scope="session")
def arena(folder: Path) -> Arena:
    """A platform with one webhook."""
    made = Arena(folder)
    make_workspace(made.home, "neutral")
    (made.home / "policy" / "routes.yaml").write_text(yaml.safe_dump(ROUTES))
    simulate(Workspace.at(made.home), MERCHANTS, DAYS, END, SEED)
    later = made.folder / "later"
    for path in sorted(made.home.glob(f"landing/*/{END.isoformat()}*")):
        (later / path.parent.name).mkdir(parents=True, exist_ok=True)
        path.rename(later / path.parent.name / path.name)
    done = made.run("run", "--day", (END - timedelta(days=1)).isoformat())
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.copytree(later, made.home / "landing", dirs_exist_ok=True)
    made.home.rename(made.folder / "waiting")
    return made


@pytest.fixture(scope="session")
def undisturbed(arena: Arena, same: ModuleType) -> Undisturbed:
    """The run of the last day, left alone."""
    log = arena.folder / "log-undisturbed"
    log.mkdir()
    arena.reset()
    seconds = arena.drive_to_its_end(log)
    assert same.left_behind(arena.home) == []
    lines = [line.split() for line in (log / "moments").read_text().splitlines()]
    moments = [(step, int(number)) for step, number in lines]
    return Undisturbed(same.content(arena.home), same.pages(arena.home), received(log), moments, seconds)


@pytest.fixture
def home(arena: Arena) -> Path:
    """The workspace at its beginning."""
    return arena.reset()


@pytest.fixture(scope="session")
def same() -> ModuleType:
    """What two workspaces hold, made comparable (same.py)."""
    spec = importlib.util.spec_from_file_location("faults_same", Path(__file__).with_name("same.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
