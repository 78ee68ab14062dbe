"""Loops are compiled by a process of its own, which never holds anybody up."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.warm import compiled_meanwhile


@pytest.mark.faults  # compiles everything anew
def test_loops_are_compiled_into_the_cache_on_disk(tmp_path):
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-m", "pipelines.warm"], env=environment, check=True, timeout=240)
    compiled = {path.name.partition("-")[0] for path in tmp_path.rglob("*.nbi")}
    wanted = (
        "own_terms_loops.fit_terms",
        "level.walk",
        "trees._ask",
        "plans.fill_plans",
        "response_loops.add_own_terms",
    )
    assert set(wanted) <= compiled


def test_a_block_that_is_over_leaves_no_process_behind():
    started = time.monotonic()
    with compiled_meanwhile() as process:
        assert process.poll() is None
    assert process.returncode is not None
    assert time.monotonic() - started < 60  # not waited for; the bound is against hanging


def test_a_block_goes_on_where_nothing_can_be_compiled(monkeypatch):
    monkeypatch.setattr(sys, "executable", str(Path("/bin/false")))
    with compiled_meanwhile() as process:
        process.wait(60)
    assert process.returncode == 1
