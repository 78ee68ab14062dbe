"""Verdicts as known on a day: from the feed, with what they were about."""

from datetime import date, datetime, time, timedelta

import pyarrow as pa
import pytest

from pipelines.day import Day
from pipelines.defs.risk.labels import labels_by
from pipelines.policy import load_profile

START = date(2026, 10, 1)


@pytest.fixture
def said(workspace, deliver):
    """Two alerts and an audit of the first day; what was said of them on the days after."""

    def put(table, *rows):
        schema = workspace.lake.read(table).schema
        filled = [{**dict.fromkeys(schema.names), "as_of": START, **row} for row in rows]
        workspace.lake.replace_day(table, START, pa.Table.from_pylist(filled, schema=schema))

    alert = {"opened_by": "anomaly", "opened_on": START}
    put(
        "alerts",
        {"alert_id": "A", "leg": "stock_prep", "metric": "replenishment.late_inbound", **alert},
        {"alert_id": "B", "leg": "sales", "metric": "sales.forecast_break", **alert},
    )
    put("audit_sample", {"audit_id": "AUDIT-1", "leg": "service", "stratum": "small"})

    def say(number, subject, verdict):
        day = START + timedelta(days=number)
        given_at = datetime.combine(day, time(9))
        entry = {"feedback_id": f"{number}{subject}", "alert_id": subject, "given_at": given_at}
        deliver("feedback", day, {**entry, "action": "label", "verdict": verdict})

    say(1, "A", "false")
    say(2, "AUDIT-1", "true")
    say(3, "A", "true")
    return workspace


def labels(workspace, number):
    found = labels_by(Day(workspace, START + timedelta(days=number)), load_profile(workspace))
    return found[["subject_id", "leg", "real"]].values.tolist()


def test_a_day_knows_what_was_said_by_then_and_no_more(said):
    assert labels(said, 0) == []
    assert labels(said, 1) == [["A", "replenishment", False]]
    assert labels(said, 2) == [["A", "replenishment", False], ["AUDIT-1", "service", True]]
    assert labels(said, 3) == [["AUDIT-1", "service", True], ["A", "replenishment", True]]


def test_a_platform_without_feedback(workspace):
    assert labels(workspace, 0) == []
