"""The sender is ended with SIGKILL at many random moments, against receivers of every temper.

Nothing is lost, a message that arrives twice has the same key twice, and no resolve overtakes its trigger. The moments
are drawn from a seeded generator; a process that has everything imported forks each sender, so that a kill falls into
its work and not into its start.
"""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipelines.defs.alerting.rows import Changes, new_row, write
from reports.messages.facts import MessageFacts, Subject

pytestmark = pytest.mark.faults
KILLS = 30
TEMPERS = ("ready", "slow", "asks_to_wait", "fails", "hangs")
DAY = datetime(2026, 10, 1, tzinfo=UTC).date()
NURSERY = """
import os, sys, time
from datetime import UTC, datetime
from pathlib import Path
from pipelines.defs.alerting.deliver import deliver, pending
import reports.delivery.channel
from pipelines.workspace import Workspace

home = Path(sys.argv[1])
for line in sys.stdin:
    child = os.fork()
    if not child:
        try:
            workspace = Workspace.at(home)
            while pending(workspace):
                deliver(workspace, datetime.now(UTC))
                time.sleep(0.02)
        finally:
            os._exit(0)
    print(child, flush=True)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


class Receiver:
    """Keeps the key of every message in the order of arrival, and whether it was taken."""

    def __init__(self, temper):
        receiver = self
        self.temper, self.log, self.lock, self.gone = temper, [], threading.Lock(), threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, wait = receiver.judge(body["idempotency_key"])
                receiver.gone.wait(wait)
                self.send_response(status)
                if status == 429:
                    self.send_header("Retry-After", "1")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"json://127.0.0.1:{self.server.server_address[1]}/hook"

    def judge(self, key):
        """Status and seconds to wait before it is answered; every third message is met with the receiver's temper."""
        with self.lock:
            third = len(self.log) % 3 == 0
            status, wait = 200, 0.0
            if self.temper == "slow":
                wait = 0.1
            elif third and self.temper == "asks_to_wait":
                status = 429
            elif third and self.temper == "fails":
                status = 500
            elif third and self.temper == "hangs":
                wait = 3.0  # far beyond the sender's patience; it has the message all the same
            self.log.append((key, status == 200))
            return status, wait

    def taken(self):
        return [key for key, taken in self.log if taken]


@pytest.fixture
def receivers(monkeypatch):
    made = {temper: Receiver(temper) for temper in TEMPERS}
    for temper, receiver in made.items():
        monkeypatch.setenv(f"{temper.upper()}_URL", receiver.url)
    yield made
    for receiver in made.values():
        receiver.gone.set()
        receiver.server.shutdown()
        receiver.server.server_close()


@pytest.fixture
def outbox(workspace):
    (workspace.home / "config.yaml").write_text(
        "buckets: 2\ndelivery: {loopback: true, timeout_seconds: 0.4, max_attempts: 1000}\n", encoding="utf-8"
    )
    lines = "".join(f"  - {{id: {one}, url_variable: {one.upper()}_URL, form: webhook}}\n" for one in TEMPERS)
    path = workspace.home / "policy" / "routes.yaml"
    path.parent.mkdir()
    path.write_text(
        "cap_per_merchant_and_day: 3\nretry: {first_seconds: 0.1, longest_seconds: 0.3}\nroutes:\n" + lines,
        encoding="utf-8",
    )
    return workspace


def fill(workspace, batch):
    """Twenty troubles that open on every route; every second one also ends."""
    now, rows = datetime.now(UTC) - timedelta(minutes=1), []
    for number in range(20):
        for route in TEMPERS:
            rows.append(message(batch, number, route, "trigger", now))
            if number % 2:
                rows.append(message(batch, number, route, "resolve", now + timedelta(seconds=1)))
    write(workspace, Changes(rows))
    return [row["idempotency_key"] for row in rows]


def message(batch, number, route, event, moment):
    name = f"A{batch}x{number}"
    subject = Subject(reference=name, merchant_id=name, leg="sales", metric="sales.x", severity="warning")
    facts = MessageFacts(
        kind="alert", event=event, as_of=DAY, platform="P", currency="CNY", severity="warning", subjects=(subject,)
    )
    key = f"merchant-gps:{name}"
    return new_row(facts, DAY, route, key, f"{key}:{route}:{event}:{DAY}", moment, alert_id=name)


class Nursery:
    """Forks senders, and kills them."""

    def __init__(self, home):
        self.process = subprocess.Popen(
            [sys.executable, "-c", NURSERY, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def send(self, kill_after=None):
        """Start a sender; return its exit status, minus 9 when the kill found it alive."""
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        child = int(self.process.stdout.readline())
        if kill_after is not None:
            time.sleep(kill_after)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        return int(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)


@pytest.mark.timeout(1500)
def test_thirty_kills_lose_nothing(outbox, receivers, capsys):
    dice, keys, kills, batch = random.Random(20261001), [], 0, 0
    nursery = Nursery(outbox.home)
    try:
        keys += fill(outbox, batch)
        while kills < KILLS:
            status = nursery.send(kill_after=dice.uniform(0.05, 2.5))
            kills += status == -signal.SIGKILL
            if status == 0:
                batch += 1
                keys += fill(outbox, batch)
        assert nursery.send() == 0
    finally:
        nursery.close()
    taken = [key for receiver in receivers.values() for key in receiver.taken()]
    seen = Counter(taken)
    statuses = Counter(outbox.lake.read("notifications").column("status").to_pylist())
    lost = set(keys) - set(seen)
    unknown = set(seen) - set(keys)
    overtaken = [name for receiver in receivers.values() for name in overtakes(receiver.taken())]
    refused = sum(not taken for receiver in receivers.values() for _, taken in receiver.log)
    with capsys.disabled():
        print(
            f"\n{kills} kills, {len(keys)} messages, {len(taken)} taken, {len(lost)} lost, "
            f"{len(taken) - len(seen)} duplicates ({len(unknown)} not recognizable), {refused} refused by receivers, "
            f"{len(overtaken)} resolves before their trigger"
        )
    assert not lost
    assert not unknown, "a duplicate has the key of its first arrival"
    assert not overtaken
    assert statuses == {"sent": len(keys)}


def overtakes(taken):
    """Troubles whose first resolve arrived before their first trigger."""
    first = {}
    for place, key in enumerate(taken):
        first.setdefault(key, place)
    resolves = [key for key in first if ":resolve:" in key]
    return [key for key in resolves if first.get(key.replace(":resolve:", ":trigger:"), 10**9) > first[key]]
