"""A real Alertmanager: alerts fire, are grouped and silenced, stay while they are told again, and end."""

import json
import shutil
import socket
import subprocess
import threading
import time
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from pipelines.workspace import shipped
from pipelines.yaml_file import load_yaml
from reports.delivery.channel import Carrier, Keys, Parcel, Source, send
from reports.delivery.egress import Egress
from reports.delivery.vendors import Vendors
from reports.messages.facts import MessageFacts, Subject
from reports.messages.message import render

BINARY = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(BINARY is None, reason="no Alertmanager here: apt-get install prometheus-alertmanager"),
]
LEVELS = ("notice", "warning", "critical")
PAGE = "https://gps.example.com/2026-10-30/abc.html"
CONFIG = """
route:
  receiver: catcher
  group_by: [leg]
  group_wait: 200ms
  group_interval: 500ms
  repeat_interval: 1h
receivers:
  - name: catcher
    webhook_configs:
      - {url: 'http://127.0.0.1:%d/', send_resolved: true}
"""


class Catcher:
    """Where the Alertmanager sends what it has grouped."""

    def __init__(self):
        catcher = self
        self.groups = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                catcher.groups.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def until(what, seconds=20.0):
    """Wait for something to become true, and return it."""
    for _ in range(int(seconds / 0.05)):
        found = what()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen")


@pytest.fixture
def catcher():
    made = Catcher()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def alertmanager(catcher, tmp_path):
    (tmp_path / "alertmanager.yml").write_text(CONFIG % catcher.port, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (tmp_path / "alertmanager.log").open("wb") as log:
        process = subprocess.Popen(
            [
                BINARY,
                f"--config.file={tmp_path}/alertmanager.yml",
                f"--storage.path={tmp_path}/data",
                f"--web.listen-address=127.0.0.1:{port}",
                "--cluster.listen-address=",
            ],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        until(lambda: is_ready(url))
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def is_ready(url):
    try:
        return requests.get(url + "/-/ready", timeout=2).status_code == 200
    except requests.RequestException:
        return False


def tell(url, event, number=1, severity="critical", keep_firing=600.0, now=None, **values):
    now = now or datetime.now(UTC)
    subject = Subject(
        reference=f"A{number}",
        merchant_id=f"m{number}",
        merchant_name="海纳<b>家居</b>",
        leg="sales",
        metric="sales.x",
        severity=severity,
        page=PAGE,
    )
    facts = MessageFacts(
        kind="alert",
        event=event,
        as_of=date(2026, 10, 30),
        platform="Haina Mall",
        currency="CNY",
        severity=severity,
        subjects=(subject,),
        **values,
    )
    keys = Keys(f"merchant-gps:A{number}", f"merchant-gps:A{number}:am:{event}:2026-10-30")
    vendors = load_yaml(shipped("policy") / "channels.yaml", Vendors)
    carrier = Carrier(Egress(loopback=True), vendors, 5.0, LEVELS, keep_firing_seconds=keep_firing)
    parcel = Parcel(Source("AM_URL"), "alertmanager", render(facts, "zh-CN", keys.idempotency), facts, keys)
    outcome = send(parcel, carrier, now, {"AM_URL": url})
    assert outcome.sent, outcome.error


def active(url, **labels):
    found = requests.get(url + "/api/v2/alerts", timeout=5).json()
    return [one for one in found if all(one["labels"].get(name) == value for name, value in labels.items())]


def test_fires_once_with_labels_texts_and_a_link_and_is_grouped(alertmanager, catcher):
    for number in (1, 2):
        tell(alertmanager, "trigger", number)
        tell(alertmanager, "trigger", number)
    alerts = active(alertmanager)
    assert len(alerts) == 2
    one = active(alertmanager, merchant_id="m1")[0]
    assert one["labels"] == {
        "alertname": "MerchantGPS",
        "dedup_key": "merchant-gps:A1",
        "severity": "critical",
        "leg": "sales",
        "metric": "sales.x",
        "merchant_id": "m1",
        "scope": "merchant",
        "platform": "Haina Mall",
    }
    assert one["generatorURL"] == PAGE
    assert one["annotations"]["summary"].startswith("【紧急】海纳＜b＞家居＜/b＞（m1）：销售")
    assert one["annotations"]["idempotency_key"] == "merchant-gps:A1:am:trigger:2026-10-30"
    assert one["status"]["state"] == "active"
    group = until(lambda: next((one for one in catcher.groups if len(one["alerts"]) == 2), None))
    assert group["groupLabels"] == {"leg": "sales"}
    assert {one["status"] for one in group["alerts"]} == {"firing"}


def test_resolves_and_says_so(alertmanager, catcher):
    tell(alertmanager, "trigger")
    until(lambda: catcher.groups)
    tell(alertmanager, "resolve")
    assert active(alertmanager) == []
    until(lambda: any(one["status"] == "resolved" for one in catcher.groups))


def test_a_graver_alert_replaces_the_milder_one(alertmanager):
    tell(alertmanager, "trigger", severity="warning")
    tell(alertmanager, "update", severity="critical")
    assert [one["labels"]["severity"] for one in active(alertmanager)] == ["critical"]
    tell(alertmanager, "resolve", severity="warning")
    assert active(alertmanager) == [], "whatever its severity was last"


def test_whoever_takes_it_on_silences_it_until_it_comes_back(alertmanager):
    tell(alertmanager, "trigger")
    tell(alertmanager, "trigger", number=2)
    tell(alertmanager, "ack", acked_by="Li <b>")
    tell(alertmanager, "ack", acked_by="Li <b>")
    state = until(lambda: [one for one in active(alertmanager, merchant_id="m1") if one["status"]["silencedBy"]])[0]
    assert state["status"]["state"] == "suppressed"
    assert state["annotations"]["acked_by"] == "Li <b>"
    assert active(alertmanager, merchant_id="m2")[0]["status"]["state"] == "active"
    silences = requests.get(alertmanager + "/api/v2/silences", timeout=5).json()
    assert len([one for one in silences if one["status"]["state"] == "active"]) == 1, "telling it twice adds none"
    assert silences[0]["createdBy"].startswith("merchant-gps: Li")
    tell(alertmanager, "trigger")
    until(lambda: active(alertmanager, merchant_id="m1")[0]["status"]["state"] == "active")


def test_a_snooze_lasts_to_its_day(alertmanager):
    tell(alertmanager, "trigger")
    day = datetime.now(UTC).date() + timedelta(days=5)
    tell(alertmanager, "ack", acked_by="Li", snoozed_until=day)
    silence = requests.get(alertmanager + "/api/v2/silences", timeout=5).json()[0]
    assert datetime.fromisoformat(silence["endsAt"]).date() == day + timedelta(days=1)


def test_lives_as_long_as_it_is_told_again(alertmanager):
    tell(alertmanager, "trigger", keep_firing=1.5)
    for _ in range(4):
        time.sleep(0.6)
        tell(alertmanager, "trigger", keep_firing=1.5)
    assert len(active(alertmanager)) == 1, "told again within its time, far beyond the first end"
    until(lambda: active(alertmanager) == [], 10)


def test_an_alertmanager_that_lost_its_memory_learns_it_again(alertmanager):
    assert active(alertmanager) == []
    tell(alertmanager, "remind")
    assert len(active(alertmanager)) == 1
