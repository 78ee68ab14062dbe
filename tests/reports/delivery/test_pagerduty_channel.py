"""PagerDuty's own client against a receiver that refuses what the Events API would refuse."""

import json
import threading
from datetime import datetime

import pytest

from reports.delivery.channel import Keys
from reports.delivery.pagerduty_channel import pagerduty_address

KEY = "0123456789abcdef0123456789ABCDEF"
PAGE = "https://gps.example.com/p/1.html"


def faults_of(event):
    """What is wrong with an event by PagerDuty's published description of Send an Alert Event."""
    faults = []

    def want(condition, fault):
        if not condition:
            faults.append(fault)

    want(isinstance(event.get("routing_key"), str) and len(event["routing_key"]) == 32, "routing_key")
    want(event.get("event_action") in ("trigger", "acknowledge", "resolve"), "event_action")
    want(set(event) <= {
        "routing_key", "event_action", "dedup_key", "payload", "images", "links", "client", "client_url",
    }, "unknown field")  # fmt: skip
    want(isinstance(event.get("dedup_key"), str) and 0 < len(event["dedup_key"]) <= 255, "dedup_key")
    if event.get("event_action") != "trigger":
        return faults
    payload = event.get("payload", {})
    want(set(payload) <= {
        "summary", "source", "severity", "timestamp", "component", "group", "class", "custom_details",
    }, "unknown field of payload")  # fmt: skip
    want(isinstance(payload.get("summary"), str) and 0 < len(payload["summary"]) <= 1024, "summary")
    want(isinstance(payload.get("source"), str) and payload["source"], "source")
    want(payload.get("severity") in ("critical", "error", "warning", "info"), "severity")
    want(datetime.fromisoformat(payload["timestamp"]).tzinfo is not None, "timestamp")
    want(isinstance(payload.get("custom_details"), dict), "custom_details")
    want(all(isinstance(payload.get(name, ""), str) for name in ("component", "group", "class")), "strings")
    for link in event.get("links", []):
        want(set(link) <= {"href", "text"} and link["href"].startswith("https://"), "links")
    want(len(json.dumps(event).encode()) <= 512 * 1024, "size")
    return faults


@pytest.fixture
def pagerduty(https_receiver, trusted):
    """Events API v2 on loopback: 202 with the dedup key, or 400 with what is wrong."""

    def answer():
        if https_receiver.answers:
            given = https_receiver.answers.pop(0)
            return given if isinstance(given, tuple) else (given, {}, b"")
        path, _, event = https_receiver.requests[-1]
        faults = faults_of(event) + ([] if path == "/v2/enqueue" else ["path"])
        if faults:
            return 400, {}, json.dumps({"status": "invalid event", "message": "bad", "errors": faults}).encode()
        body = {"status": "success", "message": "Event processed", "dedup_key": event["dedup_key"]}
        return 202, {}, json.dumps(body).encode()

    https_receiver.next_answer = answer
    https_receiver.address = f"https://{KEY}@127.0.0.1:{https_receiver.port}"
    return https_receiver


def test_trigger_acknowledge_and_resolve_share_their_key(post, pagerduty):
    for event in ("trigger", "update", "remind", "escalate", "ack", "resolve"):
        assert post.send(pagerduty.address, "pagerduty", post.facts(event, page=PAGE)).sent
    events = [body for _, _, body in pagerduty.requests]
    assert [one["event_action"] for one in events] == ["trigger"] * 4 + ["acknowledge", "resolve"]
    assert {one["dedup_key"] for one in events} == {post.keys.dedup}
    assert {one["routing_key"] for one in events} == {KEY}


def test_what_on_call_reads(post, pagerduty):
    facts = post.facts(page=PAGE, merchant_name="海纳家居")
    assert post.send(pagerduty.address, "pagerduty", facts).sent
    event = pagerduty.requests[0][2]
    assert event["payload"]["summary"].startswith("[Critical] 海纳家居 (m1): Sales")
    assert event["payload"]["source"] == "Haina Mall"
    assert (event["payload"]["component"], event["payload"]["group"]) == ("m1", "sales")
    assert event["payload"]["timestamp"] == "2026-10-30T09:00:00.000+00:00"
    assert event["payload"]["custom_details"]["Expected"] == "90.00"
    assert event["payload"]["custom_details"]["idempotency_key"] == post.keys.idempotency
    assert event["links"] == [{"href": PAGE, "text": event["payload"]["summary"]}]
    assert event["client_url"] == PAGE


@pytest.mark.parametrize(
    ("ours", "theirs"), [("critical", "critical"), ("warning", "warning"), ("notice", "info"), ("unheard-of", "error")]
)
def test_severities(post, pagerduty, ours, theirs):
    assert post.send(pagerduty.address, "pagerduty", post.facts(severity=ours)).sent
    assert pagerduty.requests[0][2]["payload"]["severity"] == theirs


def test_long_and_hostile_texts_are_still_a_valid_event(post, pagerduty):
    bad = "\x00\x1b[31m<!everyone>\r\n" + "长" * 5000
    facts = post.facts(merchant_name=bad, merchant_id=bad, metric=bad, first_actions={"en": bad}, page=PAGE)
    keys = Keys(dedup="merchant-gps:" + "长" * 400, idempotency="x" * 400)
    assert post.send(pagerduty.address, "pagerduty", facts, keys=keys).sent
    assert "\\u001b" not in json.dumps(pagerduty.requests[0][2])


@pytest.mark.parametrize(
    ("answer", "error", "wait"),
    [
        (400, "the receiver answered 400", None),
        (401, "the receiver answered 401", None),
        ((429, {"Retry-After": "90"}, b""), "the receiver answered 429", 90.0),
        (500, "the receiver answered 500", None),
        ((302, {"Location": "https://127.0.0.1/x"}, b""), "the receiver answered 302", None),
        ((202, {}, b"nonsense"), "the receiver answered nonsense", None),
    ],
)
def test_a_refusal_is_heard_at_the_first_attempt_and_the_next_one_is_ours(post, pagerduty, answer, error, wait):
    pagerduty.answers = [answer]
    done = []
    thread = threading.Thread(target=lambda: done.append(post.send(pagerduty.address, "pagerduty")))
    thread.start()
    thread.join(timeout=20)  # the client's own patience with 429 has no end
    outcome = done[0]
    assert (outcome.sent, outcome.error, outcome.retry_after_seconds) == (False, error, wait)
    assert len(pagerduty.requests) == 1
    assert post.send(pagerduty.address, "pagerduty").sent


def test_a_receiver_that_is_silent_or_not_there(post, https_receiver, trusted):
    https_receiver.answers = [0.9]
    address = f"https://{KEY}@127.0.0.1:{https_receiver.port}"
    outcome = post.send(address, "pagerduty", carrier=post.carrier(timeout=0.2))
    assert (outcome.sent, outcome.unreachable, outcome.error) == (False, True, "the receiver was silent for 0.2 s")
    outcome = post.send(f"https://{KEY}@127.0.0.1:9", "pagerduty")
    assert (outcome.unreachable, outcome.error) == (True, "the receiver could not be reached")


def test_a_certificate_that_nobody_vouches_for(post, https_receiver):
    outcome = post.send(f"https://{KEY}@127.0.0.1:{https_receiver.port}", "pagerduty")
    assert outcome.error == "the receiver's certificate was not accepted (TLS)"
    assert https_receiver.requests == []


@pytest.mark.parametrize(
    "text", ["short", f"http://{KEY}@events.pagerduty.com", "https://events.pagerduty.com", f"{KEY}x", "https://[x"]
)
def test_an_address_without_a_key_says_what_it_must_hold_and_no_more(post, text):
    outcome = post.send(text, "pagerduty")
    assert (outcome.sent, outcome.counts) == (False, False)
    assert "routing key" in outcome.error
    assert text not in outcome.error


def test_a_host_that_is_not_listed(post):
    outcome = post.send(f"https://{KEY}@evil.example", "pagerduty")
    assert "delivery.hosts" in outcome.error
    assert KEY not in outcome.error


def test_regions():
    assert pagerduty_address(KEY).base_url == "https://events.pagerduty.com"
    assert pagerduty_address(f"https://{KEY}@events.eu.pagerduty.com").base_url == "https://events.eu.pagerduty.com"
