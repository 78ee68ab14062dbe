"""How everything stands at a moment: what was told, and who has answered."""

from datetime import UTC, date, datetime, timedelta

from pipelines.defs.alerting.board import board
from pipelines.defs.alerting.deliver import deliver
from pipelines.feedback import give

NOW = datetime.now(UTC) + timedelta(hours=3)  # after whatever the tests put into the outbox


def test_nothing_was_told(workspace):
    assert board(workspace, NOW).standings == ()


def test_an_open_alert_has_no_answer_and_knows_who_was_told(routed, helpers):
    (one,) = board(routed.workspace, NOW).standings
    assert (one.answer, one.severity, one.is_incident, one.routes_told()) == (None, "warning", False, [])
    assert one.ids["merchant_id"] == "m1"
    deliver(routed.workspace, NOW, helpers.receiver())
    (one,) = board(routed.workspace, NOW).standings
    assert (one.episode, one.routes_told()) == (routed.day(0).as_of, ["hook"])


def test_an_answer_counts_at_once(routed):
    alert_id = routed.rows("alerts")[0]["alert_id"]
    give(routed.workspace, alert_id, "snooze", by="Li", until=date(2026, 10, 9))
    answer = board(routed.workspace, NOW).standings[0].answer
    assert (answer.state, answer.by, answer.until) == ("snoozed", "Li", date(2026, 10, 9))
    give(routed.workspace, alert_id, "label", by="Li", verdict="true")
    assert board(routed.workspace, NOW).standings[0].answer.state == "snoozed", "a label that is no end changes nothing"
    give(routed.workspace, alert_id, "ack", by="Wang")
    answer = board(routed.workspace, NOW).standings[0].answer
    assert (answer.state, answer.by) == ("acked", "Wang")
    assert answer.known_on == routed.day(1).as_of
    give(routed.workspace, alert_id, "resolve", by="Wang")
    assert board(routed.workspace, NOW).standings[0].answer.state == "resolved"
