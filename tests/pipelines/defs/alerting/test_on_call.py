"""One look, one lock: what is planned is what is done."""

from datetime import UTC, datetime, timedelta

from pipelines.defs.alerting.on_call import plan, serve, waiting
from pipelines.defs.alerting.store import delivery_lock

NOW = datetime.now(UTC) + timedelta(hours=3)  # after whatever the tests put into the outbox
LADDER = {"escalation": [{"severities": ["warning"], "levels": [{"after_minutes": 15, "routes": ["hook"]}]}]}


def test_planning_writes_nothing_and_serving_does_what_was_planned(routed, helpers):
    helpers.routes(routed, helpers.route(), follow_up=LADDER)
    receiver = helpers.receiver()
    assert serve(routed.workspace, NOW, receiver) == {"sent": 1}
    before = routed.rows("notifications")
    moment = NOW + timedelta(minutes=20)
    assert len(plan(routed.workspace, moment)) == len(plan(routed.workspace, moment)) == 1
    assert routed.rows("notifications") == before
    assert waiting(routed.workspace, moment) == 1
    assert serve(routed.workspace, moment, receiver) == {"found": 1, "sent": 1}
    assert waiting(routed.workspace, moment) == 0


def test_two_at_once_is_one(routed, helpers):
    with delivery_lock(routed.workspace):
        assert serve(routed.workspace, NOW, helpers.receiver()) == {"busy": 1}


def test_without_an_active_route_nothing_is_looked_at(routed, helpers):
    helpers.routes(routed, helpers.route(active=False), follow_up=LADDER)
    assert len(plan(routed.workspace, NOW + timedelta(hours=9))) == 0
