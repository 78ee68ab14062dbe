import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pipelines.locks import LockHeldError, held

HOLD = """
import sys, time
from pipelines.locks import held
from pipelines.workspace import Workspace
with held(Workspace.at(sys.argv[1]), "run"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_lock_is_held_by_one_and_others_are_told_which_and_until_when(workspace):
    with held(workspace, "run"), held(workspace, "ingest"):
        said = "another run holds .*run.lock; wait for it to end"
        with pytest.raises(LockHeldError, match=said), held(workspace, "run"):
            pass
        said = "maintenance holds .*run.lock after 0.1 seconds"
        with pytest.raises(LockHeldError, match=said), held(workspace, "run", 0.1, "maintenance"):
            pass
    with held(workspace, "run"):
        pass


def test_who_waits_gets_it_when_the_other_is_done(workspace):
    order = []

    def second():
        with held(workspace, "run", 30):
            order.append("second")

    with held(workspace, "run"):
        thread = threading.Thread(target=second)
        thread.start()
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_the_lock_goes_with_a_killed_process(workspace):
    root = Path(__file__).parents[2]
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(workspace.home)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert child.stdout.readline() == b"held\n"
    with pytest.raises(LockHeldError), held(workspace, "run"):
        pass
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    with held(workspace, "run"):
        pass
