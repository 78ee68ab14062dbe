"""A sender that is killed loses nothing; what arrives twice carries the same key twice.

The receiver is a real HTTP server that keeps a log, the sender a process of its own that is ended with SIGKILL.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyarrow as pa
import pytest

from pipelines.defs.alerting.deliver import deliver
from pipelines.workspace import Workspace
from reports.messages.facts import MessageFacts, Subject

pytestmark = pytest.mark.faults
DAY = datetime(2026, 10, 1, tzinfo=UTC).date()
MESSAGES = 6
CHILD = """
import os, signal, sys
from datetime import datetime, UTC, timedelta
from pathlib import Path
from pipelines.defs.alerting import deliver as module
from pipelines.defs.alerting.store import Journal
from pipelines.workspace import Workspace

where, home = sys.argv[1], Path(sys.argv[2])

def die(*_):
    (home / "victim").write_text(where)
    os.kill(os.getpid(), signal.SIGKILL)

def send_then_die(*arguments):
    from reports.delivery.channel import send
    outcome = send(*arguments)
    die()
    return outcome

sender = module.send
if where == "between send and mark":
    sender = send_then_die
elif where == "while marking":
    Journal.write = lambda self, mark: (self.path.parent.mkdir(exist_ok=True), self.path.write_text('{"half'), die())
else:
    calls = []
    settle = module.settle
    module.settle = lambda workspace: die() if calls else (calls.append(1), settle(workspace))
module.deliver(Workspace.at(home), datetime.now(UTC) + timedelta(minutes=5), sender)
"""


class Receiver:
    """Keeps the idempotency key of every message; answers as told."""

    def __init__(self):
        receiver = self
        self.keys, self.answers = [], []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                answer = receiver.answers.pop(0) if receiver.answers else 200
                if answer == 200:
                    receiver.keys.append(body["idempotency_key"])
                self.send_response(answer)
                if answer == 429:
                    self.send_header("Retry-After", "600")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"json://127.0.0.1:{self.server.server_address[1]}/secret-token-4711"


@pytest.fixture
def receiver(monkeypatch):
    made = Receiver()
    monkeypatch.setenv("HOOK_URL", made.url)
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def full_outbox(workspace):
    """A workspace whose outbox holds a few messages for one webhook."""
    (workspace.home / "config.yaml").write_text("buckets: 2\ndelivery: {loopback: true}\n", encoding="utf-8")
    path = workspace.home / "policy" / "routes.yaml"
    path.parent.mkdir()
    path.write_text(
        "cap_per_merchant_and_day: 3\nroutes:\n  - {id: hook, url_variable: HOOK_URL, form: webhook}\n",
        encoding="utf-8",
    )
    now = datetime.now(UTC)
    rows = [message(number, now) for number in range(MESSAGES)]
    schema = workspace.lake.read("notifications").schema
    workspace.lake.replace_day("notifications", DAY, pa.Table.from_pylist(rows, schema=schema))
    return workspace


def message(number, now):
    subject = Subject(
        reference=f"A{number}", merchant_id=f"m{number}", leg="sales", metric="sales.x", severity="warning"
    )
    facts = MessageFacts(
        kind="alert", event="trigger", as_of=DAY, platform="P", currency="CNY", severity="warning", subjects=(subject,)
    )
    return {
        "notification_id": f"N{number}",
        "as_of": DAY,
        "alert_id": f"A{number}",
        "incident_id": None,
        "merchant_id": f"m{number}",
        "route": "hook",
        "event": "trigger",
        "severity": "warning",
        "dedup_key": f"merchant-gps:A{number}",
        "idempotency_key": f"key-{number}",
        "payload": facts.model_dump_json(),
        "created_at": now,
        "next_attempt_at": now,
        "sent_at": None,
        "attempts": 0,
        "status": "pending",
        "error": None,
    }


def run_until_killed(workspace, where):
    child = subprocess.run(
        [sys.executable, "-c", CHILD, where, str(workspace.home)],
        check=False,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        env={**os.environ},
    )
    assert child.returncode == -signal.SIGKILL, child.stderr
    assert (workspace.home / "victim").read_text() == where


def statuses(workspace: Workspace):
    return Counter(workspace.lake.read("notifications").column("status").to_pylist())


@pytest.mark.parametrize(
    ("where", "duplicates"),
    [("between send and mark", 1), ("while marking", 1), ("before the marks reach the table", 0)],
)
def test_killed_and_run_again(full_outbox, receiver, where, duplicates):
    run_until_killed(full_outbox, where)
    deliver(full_outbox, datetime.now(UTC) + timedelta(minutes=5))
    seen = Counter(receiver.keys)
    assert set(seen) == {f"key-{number}" for number in range(MESSAGES)}, "a message was lost"
    assert sum(seen.values()) - len(seen) == duplicates
    assert statuses(full_outbox) == {"sent": MESSAGES}


def test_answers_of_500_then_200(full_outbox, receiver):
    receiver.answers = [500, 503, 502]
    now = datetime.now(UTC) + timedelta(minutes=5)
    assert deliver(full_outbox, now) == {"failed": 3, "sent": MESSAGES - 3}
    assert deliver(full_outbox, now + timedelta(minutes=2)) == {"sent": 3}
    assert sorted(receiver.keys) == sorted(set(receiver.keys))
    assert statuses(full_outbox) == {"sent": MESSAGES}


def test_a_receiver_that_asks_to_wait_is_left_alone_for_so_long(full_outbox, receiver):
    receiver.answers = [200, 429]
    now = datetime.now(UTC) + timedelta(minutes=5)
    assert deliver(full_outbox, now) == {"sent": 1, "failed": 1, "waits": MESSAGES - 2}
    assert deliver(full_outbox, now + timedelta(seconds=599)) == {}
    assert len(receiver.keys) == 1
    assert deliver(full_outbox, now + timedelta(seconds=600)) == {"sent": MESSAGES - 1}
    assert sorted(receiver.keys) == [f"key-{number}" for number in range(MESSAGES)]


def test_a_receiver_that_hangs_costs_two_waits_and_not_one_per_message(full_outbox, receiver, monkeypatch):
    config = full_outbox.home / "config.yaml"
    config.write_text("buckets: 2\ndelivery: {loopback: true, timeout_seconds: 0.3}\n", encoding="utf-8")
    workspace = Workspace.at(full_outbox.home)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        monkeypatch.setenv("HOOK_URL", f"json://127.0.0.1:{deaf.getsockname()[1]}/x")
        now = datetime.now(UTC) + timedelta(minutes=5)
        assert deliver(workspace, now) == {"failed": 2, "waits": MESSAGES - 2}
    monkeypatch.setenv("HOOK_URL", receiver.url)
    assert deliver(workspace, now + timedelta(minutes=2)) == {"sent": MESSAGES}


def test_two_senders_at_once_send_once(full_outbox, receiver):
    now = datetime.now(UTC) + timedelta(minutes=5)
    reports = []
    threads = [threading.Thread(target=lambda: reports.append(deliver(full_outbox, now))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    deliver(full_outbox, now)
    assert sorted(receiver.keys) == [f"key-{number}" for number in range(MESSAGES)]
    assert {"busy": 1} in reports or len([one for one in reports if one == {}]) >= 2


def test_secrets_reach_no_table_log_or_file(full_outbox, receiver, monkeypatch, caplog):
    caplog.set_level("DEBUG")
    receiver.answers = [500] * MESSAGES
    now = datetime.now(UTC) + timedelta(minutes=5)
    deliver(full_outbox, now)
    monkeypatch.setenv("HOOK_URL", "json://user:planted-password@127.0.0.1:9/secret-token-4711")
    deliver(full_outbox, now + timedelta(hours=1))
    monkeypatch.setenv("HOOK_URL", "nonsense://secret-token-4711")
    deliver(full_outbox, now + timedelta(hours=9))
    rows = str(full_outbox.lake.read("notifications").to_pylist())
    assert "does not hold an Apprise URL" in rows
    places = [rows, caplog.text] + [
        path.read_bytes().decode("latin-1") for path in full_outbox.home.rglob("*") if path.is_file()
    ]
    for place in places:
        assert "secret-token" not in place
        assert "planted-password" not in place
