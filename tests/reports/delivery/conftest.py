"""Receivers on loopback (HTTP, HTTPS, SMTP) that keep what they get, and parcels for them."""

import json
import socket
import ssl
import threading
import time
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme
from aiosmtpd.controller import Controller

from pipelines.workspace import shipped
from pipelines.yaml_file import load_yaml
from reports.delivery.channel import Carrier, Keys, Parcel, Source, send
from reports.delivery.egress import Egress
from reports.delivery.vendors import Vendors
from reports.messages.facts import MessageFacts, Subject
from reports.messages.message import render

NOW = datetime(2026, 10, 30, 9, 0, tzinfo=UTC)
KEYS = Keys(dedup="merchant-gps:ABC", idempotency="merchant-gps:ABC:hook:trigger:2026-10-30")
VARIABLE = "ONCALL_URL"
VENDORS = load_yaml(shipped("policy") / "channels.yaml", Vendors)
LEVELS = ("notice", "warning", "critical")


class HttpReceiver:
    """Keeps requests; answers with what it is told (a status, or status, headers, body), then 200.

    An answer that is a number of seconds below 1 is given after that time with status 200.
    """

    def __init__(self, tls=None):
        receiver = self
        self.requests, self.answers, self.usual = [], [], 200

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"] or 0))
                receiver.requests.append((self.path, dict(self.headers), json.loads(body) if body else None))
                status, headers, text = receiver.next_answer()
                self.send_response(status)
                for name, value in {"Content-Length": str(len(text)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_DELETE = do_POST

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None
        if tls is not None:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.port = self.server.server_address[1]

    def next_answer(self):
        answer = self.answers.pop(0) if self.answers else self.usual
        if isinstance(answer, float):
            time.sleep(answer)
            answer = 200
        status, headers, body = answer if isinstance(answer, tuple) else (answer, {}, b"")
        return status, headers, body if isinstance(body, bytes) else json.dumps(body).encode()

    @property
    def url(self):
        return f"json://127.0.0.1:{self.port}/hook/secret-token-4711"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class MailBox:
    """An SMTP handler that keeps what it gets."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope)
        return "250 OK"


@pytest.fixture
def http_receiver():
    receiver = HttpReceiver()
    yield receiver
    receiver.close()


@pytest.fixture(scope="session")
def authority():
    """A certificate authority for tests."""
    return trustme.CA()


@pytest.fixture
def trusted(authority, tmp_path, monkeypatch):
    """Let every library trust the authority."""
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(path))


@pytest.fixture
def https_receiver(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    receiver = HttpReceiver(context)
    yield receiver
    receiver.close()


@pytest.fixture
def mail_box():
    box = MailBox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    box.url = f"mailto://127.0.0.1:{port}?from=gps@example.com&to=oncall@example.com&mode=insecure&smtp=127.0.0.1"
    yield box
    controller.stop()


def one_subject(**values):
    return Subject(
        **{
            "reference": "ABC",
            "merchant_id": "m1",
            "merchant_name": "Haina <b>Home</b>",
            "leg": "sales",
            "metric": "sales.forecast_break",
            "severity": "critical",
            "opened_by": "anomaly",
            "observed": 3.0,
            "expected": 90.0,
            **values,
        }
    )


def some_facts(event="trigger", subjects=None, severity="critical", kind="alert", more=0, page=None, **values):
    return MessageFacts(
        kind=kind,
        event=event,
        as_of=date(2026, 10, 30),
        platform="Haina Mall",
        currency="CNY",
        severity=severity,
        subjects=subjects or (one_subject(**values),),
        more=more,
        page=page,
    )


def a_parcel(form="webhook", facts=None, locale="en", keys=KEYS, source=None):
    facts = facts or some_facts()
    return Parcel(source or Source(VARIABLE), form, render(facts, locale, keys.idempotency), facts, keys)


def a_carrier(timeout=5.0, loopback=True, **values):
    egress = Egress(hosts=VENDORS.hosts, never=VENDORS.never, loopback=loopback)
    return Carrier(egress, VENDORS, timeout, LEVELS, **values)


@pytest.fixture
def post():
    """Makes and sends parcels."""

    class Post:
        now, keys, variable, vendors, levels = NOW, KEYS, VARIABLE, VENDORS, LEVELS
        subject, facts = staticmethod(one_subject), staticmethod(some_facts)
        parcel, carrier = staticmethod(a_parcel), staticmethod(a_carrier)

        @staticmethod
        def send(url, form="webhook", facts=None, carrier=None, **values):
            return send(a_parcel(form, facts, **values), carrier or a_carrier(), NOW, {VARIABLE: url})

    return Post
