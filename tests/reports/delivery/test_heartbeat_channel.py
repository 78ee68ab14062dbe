"""Signs of life arrive in each form, and what goes wrong is told without the address."""

from datetime import date, timedelta

import pytest

from reports.delivery.channel import Source
from reports.delivery.heartbeat_channel import beat
from reports.messages.facts import MessageFacts

EVERY = timedelta(minutes=15)
FACTS = MessageFacts(
    kind="heartbeat", event="heartbeat", as_of=date(2026, 10, 30), platform="Haina Mall", currency="CNY",
    severity="notice", subjects=(),
)  # fmt: skip


@pytest.fixture
def give(post, http_receiver, monkeypatch):
    def send(form, address=None, locale="en", carrier=None):
        monkeypatch.setenv("BEAT_URL", address or f"http://127.0.0.1:{http_receiver.port}/secret-token")
        return beat(Source("BEAT_URL"), form, FACTS, locale, carrier or post.carrier(), post.now, EVERY)

    return send


def test_a_url_is_asked(give, http_receiver):
    assert give("url").sent
    assert http_receiver.requests[0][0] == "/secret-token"


def test_a_watchdog_fires_for_three_intervals(give, http_receiver):
    assert give("alertmanager").sent
    ((path, _, (alert,)),) = http_receiver.requests
    assert path == "/secret-token/api/v2/alerts"
    assert (alert["labels"]["alertname"], alert["endsAt"]) == ("Watchdog", "2026-10-30T09:45:00.000+00:00")


@pytest.mark.parametrize(
    ("locale", "title"),
    [
        ("en", "Haina Mall: on watch, data up to Fri 30 Oct"),
        ("zh-CN", "Haina Mall：值守正常，数据截至10月30日 周五"),
        ("zh-TW", "Haina Mall：值守正常，資料截至10月30日 週五"),
    ],
)
def test_a_message_in_the_watchers_language(give, http_receiver, locale, title):
    assert give("webhook", http_receiver.url, locale).sent
    assert http_receiver.requests[0][2]["title"] == title


def test_what_goes_wrong(give, http_receiver, post):
    http_receiver.answers = [500]
    assert give("url").error == "the receiver answered 500"
    assert give("url", "http://127.0.0.1:9/secret-token").error == "the receiver could not be reached"
    for outcome in (
        give("url", " "),
        give("url", "http://hc-ping.com/secret-token"),
        give("url", "https://evil.example"),
    ):
        assert (outcome.sent, outcome.counts) == (False, False)
        assert "secret" not in outcome.error
