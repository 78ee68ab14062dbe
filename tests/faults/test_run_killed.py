"""A run that is killed anywhere can be started again, and what comes out is what an undisturbed run leaves.

The whole process group is ended with SIGKILL: at chosen moments (before and after each commit to the lake and each file
put in its place, in every step) and at random times. A round is a few kills, one after the other, then a run that is
left alone. Meanwhile somebody reads the published folder. `make test-faults` plays one round, `make test-kills` five.
"""

import json
import os
import random
import signal
import subprocess
import threading
from collections import Counter
from datetime import timedelta

import duckdb
import pytest

from pipelines.instance import prepare_environment
from pipelines.workspace import Workspace

pytestmark = [pytest.mark.faults, pytest.mark.timeout(7200)]
ROUNDS = int(os.environ.get("MERCHANT_GPS_KILL_ROUNDS", "1"))
KILLS_OF_ROUND = 10 if ROUNDS > 1 else 8
POLL_SECONDS = 0.02


def received(log):
    path = log / "received"
    return Counter(path.read_text().split()) if path.exists() else Counter()


class Reader(threading.Thread):
    """Reads what is published, over and over; keeps what was not whole."""

    def __init__(self, pages, merchants):
        super().__init__(daemon=True)
        self.pages, self.merchants = pages, merchants
        self.wrong, self.days = [], Counter()
        self.looking, self.ended = threading.Lock(), threading.Event()

    def run(self):
        while not self.ended.wait(POLL_SECONDS):
            with self.looking:
                try:
                    self.look()
                except Exception as error:  # a reader who cannot read is what this test is about
                    self.wrong.append(repr(error))

    def look(self):
        pointer = json.loads((self.pages / "latest.json").read_text(encoding="utf-8"))
        self.days[pointer["day"]] += 1
        index = (self.pages / "index.html").read_text(encoding="utf-8")
        files = sorted((self.pages / pointer["folder"]).glob("[!.]*"))
        html = [path for path in files if path.suffix == ".html"]
        of_merchants = [path for path in html if not path.name.startswith("tower-")]
        if (
            len(of_merchants) != self.merchants
            or len(html) == len(of_merchants)
            or not index.rstrip().endswith("</html>")
        ):
            self.wrong.append(f"{pointer['day']}: {len(of_merchants)} of {self.merchants} merchants' pages")
        for path in random.Random(self.days.total()).sample(html, 4):
            if not path.read_text(encoding="utf-8").rstrip().endswith("</html>"):
                self.wrong.append(f"{path} is cut off")
        newest = self.pages.parent / "warehouse" / (self.pages.parent / "warehouse" / "latest").read_text().strip()
        if not newest.exists():
            self.wrong.append(f"{newest} is named and missing")


def rounds_of(moments, count):
    """Chosen moments of each round, in the order of a run: each step's at least once over all rounds."""
    steps = list(dict.fromkeys(step for step, _ in moments))
    dice = random.Random(7)
    per_round = KILLS_OF_ROUND // 2
    wanted = (steps * (1 + count * per_round // len(steps)))[: count * per_round]
    chosen = [dice.choice([moment for moment in moments if moment[0] == step]) for step in wanted]
    order = {moment: place for place, moment in enumerate(moments)}
    return [sorted(chosen[number::count], key=order.__getitem__) for number in range(count)]


def kill_at_moment(arena, log, moment):
    process = arena.drive(log, *moment)
    status = process.wait()
    assert status in (-signal.SIGKILL, 0), (log / "stderr").read_text()
    return status != 0


def kill_at_time(arena, log, seconds):
    process = arena.drive(log)
    try:
        status = process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    assert status == 0, (log / "stderr").read_text()
    return False


@pytest.fixture(scope="module")
def reader(arena, undisturbed):
    thread = Reader(arena.home / "published" / "pages", arena.merchants)
    with thread.looking:
        thread.start()
        arena.reset()
    yield thread
    thread.ended.set()
    thread.join()


@pytest.mark.parametrize("number", range(ROUNDS))
def test_killed_again_and_again(arena, same, undisturbed, reader, number):
    log = begin(arena, reader, f"log-{number}")
    dice = random.Random(100 + number)
    killed = 0
    for moment in rounds_of(undisturbed.moments, ROUNDS)[number]:
        killed += kill_at_moment(arena, log, moment)
        killed += kill_at_time(arena, log, dice.uniform(0.02, 0.6) * undisturbed.seconds)
        assert shown_day(arena) in (arena.end, arena.end - timedelta(days=1))
        read_warehouse(arena)
    end(arena, same, log, killed)
    # What an earlier attempt has finished is not done again, so that some moments never come; most must.
    assert killed >= KILLS_OF_ROUND // 4
    assert same.differences(undisturbed.content, same.content(arena.home)) == []
    pages = same.pages(arena.home)
    print(f"  {sum(pages.get(name) != page for name, page in undisturbed.pages.items())} of {len(pages)} pages differ")
    assert same.unlike_pages(undisturbed.pages, pages) == []
    assert set(received(log)) == set(undisturbed.received), "a message was lost, or told that nobody called for"
    whole_all_the_time(arena, reader)


def test_killed_while_several_processes_write_pages(arena, same, undisturbed, reader):
    log = begin(arena, reader, "log-processes")
    set_block(arena, arena.merchants // 2 + 6)
    killed = [kill_at_time(arena, log, share * undisturbed.seconds) for share in (0.7, 0.8, 0.9, 0.85)]
    end(arena, same, log, sum(killed))
    assert any(killed)
    content, pages = same.content(arena.home), same.pages(arena.home)
    whole_all_the_time(arena, reader)
    log = begin(arena, reader, "log-processes-undisturbed")
    set_block(arena, arena.merchants // 2 + 6)
    arena.drive_to_its_end(log)
    assert same.differences(same.content(arena.home), content) == []
    assert same.unlike_pages(pages, same.pages(arena.home)) == []


def begin(arena, reader, name):
    """Put the workspace back to its beginning while nobody reads; returns a folder for the log."""
    log = arena.folder / name
    log.mkdir()
    with reader.looking:
        arena.reset()
    return log


def end(arena, same, log, killed):
    """Run once more, left alone; nothing of the killed runs lies about any more."""
    arena.drive_to_its_end(log)
    told = received(log)
    print(f"{log.name}: {killed} kills, {told.total() - len(told)} messages told twice with one key")
    assert same.stale_marts(arena.home) == []
    assert same.left_behind(arena.home) == []
    assert runs_in_progress(arena) == []


def whole_all_the_time(arena, reader):
    with reader.looking:
        assert reader.wrong == []
        assert set(reader.days) <= {arena.end.isoformat(), (arena.end - timedelta(days=1)).isoformat()}


def set_block(arena, merchants):
    config = arena.home / "config.yaml"
    config.write_text(config.read_text().replace("block_merchants: 2500", f"block_merchants: {merchants}"))


def shown_day(arena):
    from pipelines.defs.publishing.files import shown_day as shown

    return shown(arena.home / "published" / "pages")


def read_warehouse(arena):
    """What analysts open is whole after every kill."""
    path = arena.home / "published" / "warehouse" / "latest.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM leg_status").fetchall()[0][0] > 0


def runs_in_progress(arena):
    """Runs that Dagster takes to be going on; none is."""
    import dagster as dg

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", "")
        patch.setenv("MERCHANT_GPS_HOME", "")
        prepare_environment(Workspace.at(arena.home))
        with dg.DagsterInstance.get() as instance:
            going_on = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING])
            return [run.run_id for run in instance.get_runs(filters=going_on)]
