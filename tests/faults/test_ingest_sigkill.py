"""A process that reads feeds is killed for real, at any moment, several times; the next one makes it whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.contracts.feeds import feeds
from pipelines.contracts.ingest import ingest
from pipelines.workspace import Workspace

pytestmark = pytest.mark.faults

ROOT = Path(__file__).resolve().parents[2]
KILLS = 5
READ = """
import sys
from pathlib import Path
from pipelines.contracts.ingest import ingest
from pipelines.workspace import Workspace
workspace = Workspace.at(sys.argv[1])
Path(sys.argv[2]).touch()
ingest(workspace)
"""
DAYS = [date(2026, 9, 1) + timedelta(days=offset) for offset in range(12)]


def fill(home):
    (home / "config.yaml").write_text("ingest: {batch_rows: 1000}\n", encoding="utf-8")  # many batches, many moments
    for feed in ("merchants", "storefront", "fulfilment"):
        (home / "landing" / feed).mkdir(parents=True)
    lines = [",".join(feeds()["merchants"].columns), *(f"m{number},,,,,,,,,," for number in range(90))]
    (home / "landing/merchants/2026-09-01.csv").write_text("\n".join(lines) + "\n")
    for place, day in enumerate(DAYS):
        visits = [f"{day},m{number},{number + place},9,1,2,{3 if number == place else 2}" for number in range(100)]
        (home / f"landing/storefront/{day}.csv").write_text(
            "\n".join([",".join(feeds()["storefront"].columns), *visits]) + "\n"
        )
        orders = [
            f"{day - timedelta(days=age)},m{number},sf,w,9,0,0,{min(age, 2)},0,0,0,0,0,0,0,0"
            for age in range(5)
            for number in range(90)
        ]
        (home / f"landing/fulfilment/{day}.csv").write_text(
            "\n".join([",".join(feeds()["fulfilment"].columns), *orders]) + "\n"
        )


def tables(home):
    lake = Workspace.at(home).lake
    columns = {
        "ingested_files": ["feed", "file", "delivery", "status", "read", "accepted", "unchanged", "held", "rejected"]
    }
    return {
        name: sorted(str(row) for row in lake.read(name, columns.get(name)).to_pylist())
        for name in ("merchants", "storefront", "fulfilment", "ingested_files")
    }


def start(home, mark):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", READ, str(home), str(mark)], env=environment)
    while not mark.exists() and process.poll() is None:
        time.sleep(0.005)
    return process


def test_killed_at_random_moments(tmp_path):
    undisturbed, victim = tmp_path / "undisturbed", tmp_path / "victim"
    for home in (undisturbed, victim):
        home.mkdir()
        fill(home)
    begin = time.monotonic()
    ingest(Workspace.at(undisturbed))
    whole = time.monotonic() - begin
    moments = random.Random(11)
    killed = 0
    for number in range(KILLS):
        process = start(victim, tmp_path / f"mark-{number}")
        time.sleep(moments.uniform(0.05, 0.8) * whole)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait()
    assert killed
    ingest(Workspace.at(victim))
    assert tables(victim) == tables(undisturbed)
    assert ingest(Workspace.at(victim)).read == 0
