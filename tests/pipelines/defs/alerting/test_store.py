"""The journal survives kills, and taking it over twice changes nothing."""

from datetime import UTC, date, datetime

from pipelines.defs.alerting.store import Journal, Mark, rows_of_day, settle

DAY, NOW = date(2026, 10, 1), datetime(2026, 10, 2, 8, 0, tzinfo=UTC)


def mark(name, status="sent", attempts=1, **values):
    return Mark(
        **{
            "notification_id": name,
            "as_of": DAY,
            "status": status,
            "attempts": attempts,
            "error": None,
            "sent_at": NOW if status == "sent" else None,
            "next_attempt_at": None,
            **values,
        }
    )


def test_marks_come_back_as_they_were_written(workspace):
    journal = Journal(workspace)
    assert journal.read() == []
    marks = [mark("A"), mark("B", "pending", error="the receiver answered 500", next_attempt_at=NOW)]
    for one in marks:
        journal.write(one)
    assert journal.read() == marks
    journal.clear()
    assert journal.read() == []
    journal.clear()


def test_a_line_cut_off_by_a_kill_spoils_no_other(workspace):
    journal = Journal(workspace)
    journal.write(mark("A"))
    with journal.path.open("a", encoding="ascii") as file:
        file.write('{"notification_id": "B", "as_')
    assert [one.notification_id for one in journal.read()] == ["A"]
    journal.write(mark("C"))
    assert [one.notification_id for one in journal.read()] == ["A"]


def test_taken_over_once_and_only_once(routed):
    workspace = routed.workspace
    name = routed.rows("notifications")[0]["notification_id"]
    Journal(workspace).write(mark(name))
    Journal(workspace).write(mark("not ours"))
    assert settle(workspace) == 1
    assert settle(workspace) == 0
    row = rows_of_day(workspace.lake, DAY)[0]
    assert (row["status"], row["sent_at"]) == ("sent", NOW)


def test_what_was_sent_is_never_pending_again(routed):
    name = routed.rows("notifications")[0]["notification_id"]
    Journal(routed.workspace).write(mark(name))
    settle(routed.workspace)
    Journal(routed.workspace).write(mark(name, "pending", 2))
    assert settle(routed.workspace) == 0
    assert routed.rows("notifications")[0]["status"] == "sent"
