"""What is open is told to Alertmanagers again, at an interval, and nobody else."""

from datetime import UTC, datetime, timedelta

import pytest

from pipelines.defs.alerting.on_call import serve, waiting
from pipelines.defs.alerting.step import alerts, outbox
from reports.delivery.channel import Outcome

NOW = datetime.now(UTC) + timedelta(hours=3)  # after whatever the tests put into the outbox


def later(minutes):
    return NOW + timedelta(minutes=minutes)


@pytest.fixture
def fired(routed, helpers):
    """One open alert that an Alertmanager and a webhook were told."""
    helpers.routes(
        routed,
        helpers.route(id="am", form="alertmanager", url_variable="AM_URL"),
        helpers.route(),
        alertmanager={"refresh_minutes": 30, "keep_firing_minutes": 240},
    )
    outbox(routed.day(0))
    return routed


def told(receiver, variable="AM_URL"):
    return [parcel.facts.event for parcel, _ in receiver.messages if parcel.source.variable == variable]


def test_open_alerts_are_told_again_and_leave_no_row(fired, helpers):
    receiver = helpers.receiver()
    for minute in (0, 29, 30, 45, 60, 95):
        serve(fired.workspace, later(minute), receiver)
    assert told(receiver) == ["trigger"] + ["remind"] * 4
    assert told(receiver, "HOOK_URL") == ["trigger"]
    assert len(fired.rows("notifications")) == 2
    assert waiting(fired.workspace, later(124)) == 0
    assert waiting(fired.workspace, later(125)) == 1


@pytest.mark.faults
def test_one_that_could_not_be_told_is_tried_at_the_next_look(fired, helpers):
    serve(fired.workspace, NOW, helpers.receiver())
    refused = helpers.receiver(*[Outcome(False, "the receiver answered 500")] * 2)
    assert serve(fired.workspace, later(31), refused) == {"not_refreshed": 1}
    assert serve(fired.workspace, later(32), refused) == {"not_refreshed": 1}
    assert serve(fired.workspace, later(33), refused) == {"refreshed": 1}
    assert serve(fired.workspace, later(34), refused) == {}


@pytest.mark.faults
def test_what_ended_is_told_no_more(fired, helpers):
    receiver = helpers.receiver()
    serve(fired.workspace, NOW, receiver)
    for number in (1, 2, 3):
        fired.signals(fired.day(number).as_of, calm=["m1", "m2"])
        alerts(fired.day(number))
        outbox(fired.day(number))
    for minute in (5, 60):
        serve(fired.workspace, later(minute), receiver)
    assert told(receiver) == ["trigger", "remind", "resolve"]


def test_an_alert_that_never_arrived_is_not_told_behind_its_back(fired, helpers):
    receiver = helpers.receiver(*[Outcome(False, "the receiver answered 500")] * 2)
    serve(fired.workspace, NOW, receiver)
    assert told(receiver) == ["trigger"]
