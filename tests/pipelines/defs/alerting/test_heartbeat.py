"""Signs of life come at their interval, and stay away when messages are stuck."""

from datetime import UTC, datetime, timedelta

import pytest

from pipelines.defs.alerting.heartbeat import heartbeats
from reports.delivery.channel import Outcome

NOW = datetime.now(UTC) + timedelta(hours=3)  # after whatever the tests put into the outbox


class Watcher:
    def __init__(self, sent=True):
        self.outcome, self.seen = Outcome(sent, None if sent else "the receiver answered 500"), []

    def __call__(self, source, form, facts, locale, carrier, now, every):
        self.seen.append((source.name, form, facts.event, now))
        return self.outcome


@pytest.fixture
def watched(platform, helpers):
    beat = {"id": "beat", "url_variable": "BEAT_URL", "every_minutes": 15, "silent_when_stuck_minutes": 240}
    helpers.routes(platform, helpers.route(), heartbeats=[beat, {**beat, "id": "off", "active": False}])
    return platform


def test_at_its_interval(watched):
    watcher = Watcher()
    for minute in (0, 7, 14, 15, 29, 30, 45, 59):
        heartbeats(watched.workspace, NOW + timedelta(minutes=minute), watcher)
    assert [round((moment - NOW).total_seconds() / 60) for *_, moment in watcher.seen] == [0, 15, 30, 45]
    assert watcher.seen[0][:3] == ("environment variable BEAT_URL", "url", "heartbeat")


def test_a_sign_that_did_not_arrive_is_given_again_at_the_next_look(watched):
    watcher = Watcher(sent=False)
    reports = [heartbeats(watched.workspace, NOW + timedelta(minutes=minute), watcher) for minute in range(3)]
    assert reports == [{"beat": "the receiver answered 500"}] * 3


def test_a_clock_that_was_set_back_silences_nothing(watched):
    watcher = Watcher()
    heartbeats(watched.workspace, NOW, watcher)
    heartbeats(watched.workspace, NOW - timedelta(days=1), watcher)
    assert len(watcher.seen) == 2


def test_it_stays_away_while_messages_are_stuck(routed, helpers, watched):
    watcher = Watcher()
    assert heartbeats(routed.workspace, NOW + timedelta(minutes=30), watcher) == {"beat": "sent"}
    assert heartbeats(routed.workspace, NOW + timedelta(minutes=90), watcher) == {"beat": "stuck"}
    assert len(watcher.seen) == 1
    helpers.routes(routed, helpers.route(active=False), heartbeats=[{"id": "beat", "url_variable": "BEAT_URL"}])
    assert heartbeats(routed.workspace, NOW + timedelta(minutes=90), watcher) == {"beat": "sent"}
