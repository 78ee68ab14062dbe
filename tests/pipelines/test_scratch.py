import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.scratch import scratch, sweep

HOLD = """
import os, signal, sys
from pipelines.scratch import scratch
from pipelines.workspace import Workspace
with scratch(Workspace.at(sys.argv[1]), "victim") as folder:
    (folder / "half").write_text("x")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def left(workspace):
    return [path.name for path in (workspace.home / ".scratch").iterdir()]


def test_a_folder_is_empty_named_after_its_purpose_and_gone_afterwards(workspace):
    with scratch(workspace, "past") as folder:
        assert folder.name.startswith("past-")
        assert list(folder.iterdir()) == []
        (folder / "part.parquet").write_text("x")
    assert left(workspace) == []


def test_it_is_gone_when_the_work_fails(workspace):
    with pytest.raises(KeyError), scratch(workspace, "past"):
        raise KeyError
    assert left(workspace) == []


def test_nobody_sweeps_what_is_in_use(workspace):
    with scratch(workspace, "past") as mine, scratch(workspace, "past") as other:
        assert mine != other
        assert sweep(workspace) == 0
        assert mine.exists()
        assert other.exists()


def test_a_workspace_without_any_has_nothing_to_sweep(workspace):
    assert sweep(workspace) == 0
    assert not (workspace.home / ".scratch").exists()


def test_what_a_killed_process_left_is_swept_by_the_next(workspace):
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", HOLD, str(workspace.home)]
    dead = subprocess.run(command, check=False, env={**os.environ, "PYTHONPATH": str(root)})
    assert dead.returncode == -signal.SIGKILL
    assert len(left(workspace)) == 2
    assert sweep(workspace) == 1
    assert left(workspace) == []
