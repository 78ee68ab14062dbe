"""Real receivers: what arrives, with which keys, and what a failure may tell."""

import email
import logging
from datetime import date

import pytest

from reports.delivery.channel import Keys, check, send
from reports.messages.facts import MessageFacts, Subject
from reports.messages.message import render

KEYS = Keys(dedup="merchant-gps:ABC", idempotency="merchant-gps:ABC:hook:trigger:2026-10-30")
VARIABLE = "ONCALL_URL"


def facts(event="trigger", **values):
    one = Subject(
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
    return MessageFacts(
        kind="alert",
        event=event,
        as_of=date(2026, 10, 30),
        platform="Haina Mall",
        currency="CNY",
        severity="critical",
        subjects=(one,),
    )


def deliver(url, form="webhook", event="trigger", timeout=5.0, **values):
    made = facts(event, **values)
    return send(VARIABLE, form, render(made, "en", KEYS.idempotency), made, KEYS, timeout, {VARIABLE: url})


def test_a_webhook_gets_the_facts_and_both_keys(http_receiver):
    assert deliver(http_receiver.url).sent
    path, headers, body = http_receiver.requests[0]
    assert path == "/hook/secret-token-4711"
    assert headers["Idempotency-Key"] == KEYS.idempotency
    assert (body["dedup_key"], body["idempotency_key"], body["event"]) == (KEYS.dedup, KEYS.idempotency, "trigger")
    assert body["facts"]["subjects"][0]["observed"] == 3.0
    assert "Haina" in body["title"]


def test_a_resolve_arrives_with_the_same_dedup_key(http_receiver):
    deliver(http_receiver.url)
    deliver(http_receiver.url, event="resolve")
    first, second = (body for _, _, body in http_receiver.requests)
    assert first["dedup_key"] == second["dedup_key"]
    assert (second["event"], second["type"]) == ("resolve", "success")


def test_a_mail_arrives_with_text_html_and_keys_and_its_names_are_inert(mail_box):
    assert deliver(mail_box.url, "mail").sent
    mail = email.message_from_bytes(mail_box.mails[0].content)
    assert mail_box.mails[0].rcpt_tos == ["oncall@example.com"]
    assert mail["Idempotency-Key"] == KEYS.idempotency
    parts = {
        part.get_content_type(): part.get_payload(decode=True).decode()
        for part in mail.walk()
        if not part.is_multipart()
    }
    assert set(parts) == {"text/plain", "text/html"}
    assert "Haina &lt;b&gt;Home&lt;/b&gt;" in parts["text/html"]
    assert "merchant-gps alerts ack ABC" in parts["text/plain"]


def test_a_refusal_tells_the_status_and_not_the_address(http_receiver):
    http_receiver.answers = [500]
    outcome = deliver(http_receiver.url)
    assert (outcome.sent, outcome.error, outcome.counts) == (False, "the receiver answered 500", True)


def test_nobody_listens():
    outcome = deliver("json://127.0.0.1:9/secret-token-4711", timeout=1)
    assert not outcome.sent
    assert "secret" not in outcome.error


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "is not set"),
        ("no-url secret-token", "does not hold an Apprise URL"),
        ("unknown://secret-token", "does not hold an Apprise URL"),
    ],
)
def test_a_route_that_is_not_set_up_says_so_and_counts_no_attempt(url, reason):
    outcome = deliver(url)
    assert (outcome.sent, outcome.counts) == (False, False)
    assert reason in outcome.error
    assert VARIABLE in outcome.error
    assert "secret" not in outcome.error
    assert reason in check(VARIABLE, {VARIABLE: url})


def test_an_address_that_works_passes_the_check(http_receiver):
    assert check(VARIABLE, {VARIABLE: http_receiver.url}) is None
    assert http_receiver.requests == []


def test_no_log_holds_the_address(http_receiver, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("apprise").setLevel(logging.DEBUG)
    http_receiver.answers = [403]
    deliver(http_receiver.url)
    deliver("json://user:planted-password@127.0.0.1:9/secret-token-4711", timeout=1)
    deliver("mailto://user:planted-password@127.0.0.1:9?to=a@example.com", "mail", timeout=1)
    said = caplog.text + "".join(capfd.readouterr())
    assert "secret-token" not in said
    assert "planted-password" not in said
    assert logging.getLogger("apprise").propagate


def test_odd_letters_in_keys_break_no_header(http_receiver):
    made = facts()
    keys = Keys(dedup="merchant-gps:事件\r\nX-Evil: 1", idempotency="merchant-gps:事件")
    assert send(VARIABLE, "webhook", render(made, "en"), made, keys, 5.0, {VARIABLE: http_receiver.url}).sent
    headers = http_receiver.requests[0][1]
    assert "X-Evil" not in headers
    assert headers["Idempotency-Key"].startswith("merchant-gps:%E4")
