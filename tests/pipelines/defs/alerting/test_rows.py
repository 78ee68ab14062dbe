"""Changes go into the table once, whatever happened in between."""

from datetime import UTC, date, datetime

from pipelines.defs.alerting.rows import Changes, new_row, not_sent, write
from reports.messages.facts import MessageFacts

NOW = datetime(2026, 10, 30, 9, 0, tzinfo=UTC)
DAYS = (date(2026, 10, 29), date(2026, 10, 30))


def row(name, day=DAYS[1], **values):
    facts = MessageFacts(
        kind="digest", event="digest", as_of=day, platform="P", currency="CNY", severity="notice", subjects=()
    )
    return {**new_row(facts, day, "chat", f"k-{name}", f"key-{name}", NOW, alert_id=name), **values}


def statuses(workspace):
    return {one["alert_id"]: one["status"] for one in workspace.lake.read("notifications").to_pylist()}


def test_added_once_and_marked_once(workspace):
    first, second = row("A"), row("B", DAYS[0])
    assert write(workspace, Changes([first, second])) == 2
    assert write(workspace, Changes([first, second])) == 0
    marks = [not_sent(first, "why"), not_sent({**second, "attempts": 2}, "why")]
    assert write(workspace, Changes([row("C")], marks)) == 3
    assert statuses(workspace) == {"A": "suppressed", "B": "failed", "C": "pending"}
    assert write(workspace, Changes(marks=marks[:1])) == 0


def test_what_was_sent_meanwhile_stays_sent(workspace):
    sent = row("A", status="sent")
    write(workspace, Changes([sent]))
    assert write(workspace, Changes(marks=[not_sent(sent, "why")])) == 0
    assert statuses(workspace) == {"A": "sent"}


def test_nothing_is_nothing(workspace):
    changes = Changes()
    changes.add(Changes())
    assert (len(changes), write(workspace, changes)) == (0, 0)
    assert not workspace.lake.exists("notifications")
