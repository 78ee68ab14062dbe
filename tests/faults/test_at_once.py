"""Several commands at once on one workspace: one run at a time, everything else beside it, and all end right."""

import json
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pyarrow.compute as pc
import pytest

from pipelines.locks import RUN, held
from pipelines.tables import tables
from pipelines.workspace import Workspace

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1800)]
PATIENCE_SECONDS = 300


@pytest.fixture(scope="module")
def ended(arena, undisturbed):
    """A run, a second one of the same day, maintenance and two backtests at once."""
    arena.reset()
    log = arena.folder / "log-at-once"
    log.mkdir()
    first = arena.drive(log)
    wait_for_the_lock(log, first)
    first.send_signal(signal.SIGSTOP)  # it holds the lock for as long as the second run takes to come and go
    second = arena.run("run")
    first.send_signal(signal.SIGCONT)
    day = (arena.end - timedelta(days=2)).isoformat()
    started = {
        "maintain": arena.start("maintain"),
        **{name: arena.start("backtest", "--from", day, "--to", day, "--name", name) for name in ("one", "other")},
    }
    done = {"run": second}
    for name, process in started.items():
        said, wrong = process.communicate()
        done[name] = subprocess.CompletedProcess(name, process.returncode, said, wrong)
        done[f"moments when {name} ended"] = (log / "moments").read_text()
    assert first.wait() == 0, (log / "stderr").read_text()
    return done


def start_in_dagster(arena):
    """Start a run of the day as the UI does: by Dagster, on the workspace's own instance."""
    tags = json.dumps({"dagster/partition": arena.end.isoformat()})
    command = [
        sys.executable,
        "-m",
        "dagster",
        "job",
        "execute",
        "-m",
        "pipelines.definitions",
        "-j",
        "day",
        "--tags",
        tags,
    ]
    home = {"MERCHANT_GPS_HOME": str(arena.home), "DAGSTER_HOME": str(arena.home / ".dagster")}
    return subprocess.Popen(
        command,
        env={**arena.environment(), **home},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for_the_lock(log, process):
    """Until the first run writes to the lake, which it does only while it holds the lock."""
    until = time.monotonic() + PATIENCE_SECONDS
    moments = log / "moments"
    while not (moments.exists() and moments.stat().st_size) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    assert moments.stat().st_size, "the run never began to take in files"


def test_a_second_run_of_the_day_says_that_one_goes_on_and_leaves_it_alone(ended, arena):
    second = ended["run"]
    assert second.returncode == 1
    words = " ".join(second.stderr.split())
    assert f"another run holds {arena.home}/.locks/run.lock; wait for it to end" in words
    assert "Traceback" not in second.stderr


def test_the_first_run_leaves_what_an_undisturbed_one_leaves(ended, arena, same, undisturbed):
    content = same.content(arena.home)
    log = content["run_log"]
    content["run_log"] = log.filter(pc.equal(log.column("run_kind"), "live"))  # the backtests log there too
    assert same.differences(undisturbed.content, content) == []
    assert same.unlike_pages(undisturbed.pages, same.pages(arena.home)) == []
    assert same.stale_marts(arena.home) == []
    assert same.left_behind(arena.home) == []


def test_maintenance_waits_for_the_run_and_then_does_its_work(ended):
    assert ended["maintain"].returncode == 0, ended["maintain"].stderr
    assert "deliver" in ended["moments when maintain ended"], "it did not wait for the last step of the run"
    assert "vacuumed" in ended["maintain"].stdout


def test_two_backtests_of_one_day_under_different_names_say_the_same(ended, arena, same):
    contents = []
    for name in ("one", "other"):
        assert ended[name].returncode == 0, ended[name].stderr
        lake = Workspace.at(arena.home).lake.scoped(name)
        made = [table for table, meaning in tables().items() if meaning.layout == "day" and lake.exists(table)]
        contents.append({table: same.in_order(lake.read(table), table) for table in made})
    assert {"leg_status", "alerts", "prompts"} <= set(contents[0])
    assert same.differences(*contents) == []


def test_a_run_of_dagsters_waits_for_its_turn_and_then_runs(arena, same, undisturbed):
    arena.reset()
    with held(Workspace.at(arena.home), RUN):
        second = start_in_dagster(arena)
        waiting = next((line for line in second.stdout if "another run holds" in line), None)
        assert waiting, "it never waited"
        assert second.poll() is None
    said = second.communicate()[0]
    assert second.returncode == 0, said
    assert "RUN_SUCCESS" in said
    differ = same.differences(undisturbed.content, same.content(arena.home))
    # The command delivers at its end; of Dagster's runs the sensor does, which does not run here.
    assert [line for line in differ if not line.startswith("notifications.")] == []
    assert same.stale_marts(arena.home) == []
