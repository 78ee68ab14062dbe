"""Addresses are secrets: after a day of deliveries that succeed and fail in every way, they stand nowhere.

Every address holds a marker of its own. The day is run by the command, then a delivery by Dagster's job and its sensor,
and on-call looks at alerts; whatever was written below the workspace or said on the way is searched for the markers,
plain, as part of a URL, and in Base64.
"""

import base64
import json
import os
import re
import sqlite3
import ssl
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import duckdb
import pytest
import trustme
import yaml

from pipelines.init import make_workspace

pytestmark = pytest.mark.faults
ROOT = Path(__file__).parents[2]
DAGSTER = """
import sys
import dagster as dg
from pipelines.instance import prepare_environment
from pipelines.workspace import Workspace
prepare_environment(Workspace.at(sys.argv[1]))
from pipelines.defs.common import WorkspaceResource
from pipelines.sensors import deliver_job, deliver_sensor, run_failure
instance = dg.DagsterInstance.get()
with dg.build_sensor_context(instance=instance) as context:
    print(deliver_sensor(context))
result = deliver_job.execute_in_process(instance=instance, resources={"workspace": WorkspaceResource(home=sys.argv[1])})
print(result.success)
from datetime import UTC, datetime
from pipelines.defs.alerting.step import report_run_failure
print(report_run_failure(Workspace.at(sys.argv[1]), "0123456789", "day", None, "a step failed", datetime.now(UTC)))
"""


PREFIX = "S3cretAddress"
# How a marker may stand: plain, in small letters (as hosts are written), in Base64 at each of three offsets.
FORMS = [
    PREFIX,
    PREFIX.lower(),
    *(base64.b64encode(b"x" * pad + PREFIX.encode())[4:-4].decode() for pad in range(3)),
]


def marker(name):
    """32 letters and digits, also a valid routing key."""
    return (f"{PREFIX}{name.title().replace('_', '')}" + "x7Q" * 12)[:32]


class Receiver:
    """Answers with one status, or not at all; keeps what it was sent, to know that it was reached."""

    def __init__(self, status, tls=None, wait=0.0, body=b"[]"):
        receiver = self
        self.requests, self.gone = [], threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"] or 0))
                receiver.requests.append(self.path)
                receiver.gone.wait(wait)
                self.send_response(status)
                self.send_header("Location", f"http://127.0.0.1/{marker('location')}")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_DELETE = do_POST

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None
        self.server.daemon_threads = True
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.where = f"127.0.0.1:{self.server.server_address[1]}"

    def close(self):
        self.gone.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receivers():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)  # an authority that nobody trusts
    made = {
        "good": Receiver(200),
        "fails": Receiver(500, body=marker("answer").encode()),
        "forbids": Receiver(403, body=marker("answer").encode()),
        "waits": Receiver(429),
        "redirects": Receiver(302),
        "hangs": Receiver(200, wait=30.0),
        "untrusted": Receiver(200, tls=context),
    }
    yield made
    for receiver in made.values():
        receiver.close()


def addresses(receivers):
    """By route: form and address, each with a marker in user, password, path or query."""
    at = {name: receiver.where for name, receiver in receivers.items()}
    m = marker
    return {
        "good": (
            "webhook",
            f"json://{m('good_user')}:{m('good_pass')}@{at['good']}/{m('good_path')}?+X-Token={m('good_head')}",
        ),
        "fails": ("webhook", f"json://u:{m('fails')}@{at['fails']}/{m('fails_path')}"),
        "forbids": ("chat", f"json://{at['forbids']}/{m('forbids')}"),
        "waits": ("webhook", f"json://{at['waits']}/{m('waits')}"),
        "redirects": ("webhook", f"json://{at['redirects']}/{m('redirects')}"),
        "hangs": ("webhook", f"json://u:{m('hangs')}@{at['hangs']}/{m('hangs_path')}"),
        "refused": ("webhook", f"json://u:{m('refused')}@127.0.0.1:9/{m('refused_path')}"),
        "untrusted": ("webhook", f"jsons://u:{m('untrusted')}@{at['untrusted']}/{m('untrusted_path')}"),
        "nonsense": ("webhook", f"nonsense://{m('nonsense')}"),
        "broken": ("alertmanager", f"https://[{m('broken')}"),
        "elsewhere": ("webhook", f"jsons://u:{m('elsewhere')}@{m('elsewhere_host')}.example/{m('elsewhere_path')}"),
        "metadata": ("webhook", f"jsons://169.254.169.254/{m('metadata')}"),
        "dingtalk": ("chat", f"dingtalk://{m('ding_secret')}@{m('ding_token')}/"),
        "slack": ("chat", f"slack://{m('slack')}"),
        "mail": (
            "mail",
            f"mailto://u:{m('mail')}@127.0.0.1:9?from=gps@example.com&to=a@example.com&mode=insecure&smtp=127.0.0.1",
        ),
        "pager": ("pagerduty", m("pager")),
        "pager-tls": ("pagerduty", f"https://{m('pager_tls')}@{at['untrusted']}"),
        "pager-bad": ("pagerduty", f"{m('pager_bad')}-and-more"),
        "am": ("alertmanager", f"http://{m('am_user')}:{m('am_pass')}@{at['good']}/{m('am_prefix')}"),
        "am-fails": ("alertmanager", f"http://u:{m('am_fails')}@{at['fails']}"),
        "file": ("webhook", f"json://u:{m('file')}@{at['fails']}/{m('file_path')}"),
    }


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A simulated platform whose newest day has not been run."""
    home = tmp_path_factory.mktemp("shop") / "home"
    make_workspace(home, "neutral")
    command(home, {}, "simulate", "--merchants", "60", "--days", "130", "--end", "2026-10-30", "--seed", "11")
    return home


def command(home, environment, *arguments, code=None):
    start = ["-c", code, str(home)] if code else ["-m", "pipelines.cli", "--home", str(home), *arguments]
    done = subprocess.run(
        [sys.executable, *start],
        cwd=ROOT,
        env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-3000:]
    return said


def set_up(home, routes):
    """Policy, settings and the environment with every address."""
    environment, rows = {}, []
    for name, (form, address) in routes.items():
        row = {"id": name, "form": form}
        if name == "file":
            row["url_file"] = "address"
            (home / ".secrets" / "address").write_text(address, encoding="utf-8")
            (home / ".secrets" / "address").chmod(0o644)
        else:
            variable = f"TEST_{name.upper().replace('-', '_')}_URL"
            row["url_variable"], environment[variable] = variable, address
        rows.append(row)
    beat = {"id": "beat", "url_variable": "TEST_BEAT_URL", "form": "url", "every_minutes": 1}
    environment["TEST_BEAT_URL"] = (
        f"{routes['am'][1].split('/', 3)[0]}//{routes['am'][1].split('/', 3)[2]}/{marker('beat')}"
    )
    policy = {"cap_per_merchant_and_day": 3, "routes": rows, "heartbeats": [beat]}
    (home / "policy" / "routes.yaml").write_text(yaml.safe_dump(policy), encoding="utf-8")
    channels = yaml.safe_load((home / "policy" / "channels.yaml").read_text(encoding="utf-8"))
    channels["hosts"] = []  # no vendor is spoken to from a test
    (home / "policy" / "channels.yaml").write_text(yaml.safe_dump(channels), encoding="utf-8")
    config = yaml.safe_load((home / "config.yaml").read_text(encoding="utf-8"))
    config["delivery"] = {"loopback": True, "timeout_seconds": 0.5, "hosts": ["169.254.169.254"]}
    (home / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return environment


@pytest.mark.timeout(1500)
def test_a_day_of_deliveries_leaves_no_secret_anywhere(small, receivers, capsys):
    routes = addresses(receivers)
    environment = set_up(small, routes)
    markers = {word for text in (*environment.values(), routes["file"][1]) for word in markers_in(text)}
    assert len(markers) >= 30
    said = [command(small, environment, "run", "--day", "2026-10-30")]
    said.append(command(small, environment, code=DAGSTER))
    said.append(command(small, environment, "alerts", "list"))
    first = said[-1].splitlines()[1].split()[0]
    said.append(command(small, environment, "alerts", "show", first, "--json"))
    places = {"what was said": "\n".join(said).encode(), **everything_below(small)}
    found = sorted(place for place, content in places.items() if holds_a_marker(content))
    read = sum(len(content) for content in places.values())
    with capsys.disabled():
        print(f"\n{len(markers)} secrets, {len(places)} places, {read / 1e6:.0f} MB read: {len(found)} found")
    assert found == []
    outcomes = outcomes_by_route(small)
    assert outcomes["good"] == outcomes["am"] == {"sent"}
    expected = {
        "fails": "answered 500", "forbids": "answered 403", "waits": "answered 429", "redirects": "answered 302",
        "hangs": "silent for 0.5 s", "refused": "could not be reached", "untrusted": "certificate",
        "nonsense": "does not hold an Apprise URL", "broken": "no URL", "elsewhere": "delivery.hosts",
        "metadata": "metadata address", "dingtalk": "delivery.hosts", "slack": "does not hold an Apprise URL",
        "mail": "could not be reached", "pager": "delivery.hosts", "pager-tls": "certificate",
        "pager-bad": "routing key",
        "am-fails": "answered 500", "file": "answered 500",
    }  # fmt: skip
    for route, reason in expected.items():
        assert any(reason in one for one in outcomes[route]), (route, outcomes[route])
    assert any(marker("beat") in path for path in receivers["good"].requests), "the sensor has given its sign of life"


def markers_in(text):
    return re.findall(PREFIX + r"[A-Za-z0-9]{19}", text)


def holds_a_marker(content):
    return any(form.encode() in content for form in FORMS)


def outcomes_by_route(home):
    from pipelines.workspace import Workspace

    rows = Workspace.at(home).lake.read("notifications", ["route", "status", "error"]).to_pylist()
    found = {}
    for row in rows:
        if row["status"] != "suppressed" and (row["status"] == "sent" or row["error"]):
            found.setdefault(row["route"], set()).add(row["error"] or row["status"])
    return found


def everything_below(home):
    """All files as they are, and what is inside of those that are compressed."""
    places, engine = {}, duckdb.connect()
    for path in home.rglob("*"):
        if not path.is_file() or path == home / ".secrets" / "address":
            continue
        places[str(path)] = path.read_bytes()
        if path.suffix == ".parquet":
            places[f"{path} rows"] = rows_with_a_marker(engine, f"read_parquet('{path}')")
        if path.suffix == ".db" and path.read_bytes()[:6] == b"SQLite":
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
                places[f"{path} dump"] = "\n".join(connection.iterdump()).encode()
        if path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as connection:
                names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
                rows = [rows_with_a_marker(connection, f'"{name}"') for name in names]
            places[f"{path} rows"] = b"".join(rows)
    assert any(place.endswith(" rows") and "notifications" in place for place in places)
    assert any(place.endswith(" dump") for place in places)
    return places


def rows_with_a_marker(connection, relation):
    """A few rows of a table that hold a marker, as text; the engine reads what is compressed."""
    holds = " OR ".join(f"contains(CAST(t AS VARCHAR), '{form}')" for form in FORMS)
    found = connection.execute(f"SELECT CAST(t AS VARCHAR) FROM {relation} AS t WHERE {holds} LIMIT 5").fetchall()
    return repr(found).encode()


def test_the_search_finds_what_is_there(tmp_path):
    """The search itself: planted in a table, an SQLite file and a text, plain and in Base64."""
    word = marker("planted")
    folder = tmp_path / "notifications"
    folder.mkdir()
    duckdb.sql(f"COPY (SELECT 'a {word}' AS text) TO '{folder}/x.parquet' (COMPRESSION zstd)")
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.execute("CREATE TABLE t (v TEXT)")
        connection.execute("INSERT INTO t VALUES (?)", [json.dumps({"url": word})])
    (tmp_path / "log").write_bytes(b"Authorization: Basic " + base64.b64encode(f"user:{word}".encode()))
    found = {place for place, content in everything_below(tmp_path).items() if holds_a_marker(content)}
    assert {Path(place.split(" ")[0]).name for place in found} == {"x.parquet", "x.db", "log"}
