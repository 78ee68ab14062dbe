"""What an Alertmanager is sent; tests/faults asks a real one."""

from datetime import date

import pytest


@pytest.fixture
def manager(http_receiver):
    http_receiver.usual = (200, {}, [])
    http_receiver.address = f"http://user:secret@127.0.0.1:{http_receiver.port}/prefix"
    return http_receiver


def sent(manager, path="/prefix/api/v2/alerts"):
    return [body for where, _, body in manager.requests if where == path]


def test_an_alert_is_its_labels_and_ends_when_it_is_not_told_again(post, manager):
    carrier = post.carrier(keep_firing_seconds=3600)
    facts = post.facts(page="https://gps.example.com/p.html")
    assert post.send(manager.address, "alertmanager", facts, carrier=carrier).sent
    assert manager.requests[0][1]["Authorization"].startswith("Basic ")
    (alert,) = sent(manager)[0]
    assert alert["labels"] == {
        "alertname": "MerchantGPS",
        "dedup_key": post.keys.dedup,
        "severity": "critical",
        "leg": "sales",
        "metric": "sales.forecast_break",
        "merchant_id": "m1",
        "scope": "merchant",
        "platform": "Haina Mall",
    }
    assert alert["endsAt"] == "2026-10-30T10:00:00.000+00:00"
    assert alert["generatorURL"] == "https://gps.example.com/p.html"
    assert "startsAt" not in alert, "a resent alert keeps the start it has"


@pytest.mark.parametrize("event", ["update", "escalate", "resolve"])
def test_whatever_severity_it_had_before_ends(post, manager, event):
    assert post.send(manager.address, "alertmanager", post.facts(event, severity="warning")).sent
    ends = {alert["labels"]["severity"]: alert["endsAt"] for alert in sent(manager)[0]}
    now = "2026-10-30T09:00:00.000+00:00"
    assert ends["notice"] == ends["critical"] == now
    assert (ends["warning"] == now) is (event == "resolve")


def test_an_ack_is_a_silence_and_a_new_beginning_ends_it(post, manager):
    facts = post.facts("ack").model_copy(update={"acked_by": "Li", "snoozed_until": date(2026, 11, 3)})
    assert post.send(manager.address, "alertmanager", facts).sent
    (silence,) = sent(manager, "/prefix/api/v2/silences")[-1:]
    assert silence["matchers"] == [{"name": "dedup_key", "value": post.keys.dedup, "isRegex": False, "isEqual": True}]
    assert (silence["endsAt"][:10], silence["createdBy"]) == ("2026-11-04", "merchant-gps: Li")
    ours = {"id": "1", "status": {"state": "active"}, "createdBy": "merchant-gps: Li", "comment": post.keys.idempotency}
    others = {"id": "2", "status": {"state": "active"}, "createdBy": "Wang", "comment": ""}
    manager.requests.clear()
    manager.answers = [(200, {}, []), (200, {}, [ours, others])]
    assert post.send(manager.address, "alertmanager", facts).sent
    assert sent(manager, "/prefix/api/v2/silences") == [], "the same message makes no second silence"
    manager.answers = [(200, {}, []), (200, {}, [ours, others])]
    assert post.send(manager.address, "alertmanager", post.facts("trigger")).sent
    assert manager.requests[-1][0] == "/prefix/api/v2/silence/1"


@pytest.mark.parametrize("answer", [400, 500, (429, {"Retry-After": "30"}, b"")])
def test_a_refusal(post, manager, answer):
    manager.answers = [answer]
    outcome = post.send(manager.address, "alertmanager")
    assert (outcome.sent, "answered" in outcome.error) == (False, True)
    assert "secret" not in outcome.error
    assert outcome.retry_after_seconds == (30.0 if isinstance(answer, tuple) else None)


@pytest.mark.parametrize("address", ["alertmanager:9093", "ftp://x", "https://[x", "https://user:secret@evil.example"])
def test_an_address_that_is_none(post, address):
    outcome = post.send(address, "alertmanager")
    assert (outcome.sent, outcome.counts) == (False, False)
    assert "secret" not in outcome.error
