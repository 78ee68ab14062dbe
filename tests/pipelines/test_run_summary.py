from datetime import date

import pandas as pd
import pytest

from pipelines.defs.publishing.naming import page_names
from pipelines.run_summary import summary
from pipelines.tables import tables

DAY, BEFORE = date(2026, 1, 2), date(2026, 1, 1)


@pytest.fixture
def put(workspace):
    """Return a function that writes rows of a made table for a day, all else empty."""

    def write(table, day, *records):
        schema = tables()[table].schema
        frame = pd.DataFrame([{**dict.fromkeys(schema.names), "as_of": day, **record} for record in records])
        workspace.lake.replace_day(table, day, frame)

    return write


def test_a_run_is_told_in_counts_of_its_own_day(workspace, put):
    legs = [("m1", "sales", "green"), ("m1", "service", "red"), ("m2", "sales", "green"), ("m2", "service", "grey")]
    put("leg_status", DAY, *({"merchant_id": m, "leg": leg, "light": light} for m, leg, light in legs))
    put("leg_status", BEFORE, {"merchant_id": "m9", "leg": "sales", "light": "amber"})
    put("incidents", DAY, {"incident_id": "1", "status": "open"}, {"incident_id": "2", "status": "resolved"})
    put(
        "alerts",
        DAY,
        {"alert_id": "1", "status": "open", "opened_on": DAY},
        {"alert_id": "2", "status": "acknowledged", "opened_on": BEFORE},
        {"alert_id": "3", "status": "resolved", "opened_on": BEFORE},
    )
    put("prompts", DAY, {"merchant_id": "m1"}, {"merchant_id": "m2"})
    lines = summary(workspace, DAY).splitlines()
    assert lines[0] == f"{workspace.config.platform_name}, {DAY}"
    assert "  merchants: 2" in lines
    assert "  legs: red 1, green 2, grey 1" in lines  # in the order of urgency
    assert "  open incidents: 1" in lines
    assert "  alerts: 2 open, 1 new" in lines
    assert "  prompts: 2" in lines


def test_it_says_where_the_pages_lie_and_names_the_merchant_that_is_first(workspace, put):
    put("merchant_risk", DAY, {"merchant_id": "m2", "rank": 1}, {"merchant_id": "m1", "rank": 2})
    said = summary(workspace, DAY)
    folder = workspace.pages / DAY.isoformat()
    names = page_names(workspace)
    assert f"  a merchant's page: {folder / names.name('m2')}.html" in said
    assert f"  tower: {folder / names.tower}.html" in said
    assert names.name("m1") not in said


def test_a_platform_without_anything_is_said_without_a_fault(workspace):
    said = summary(workspace, DAY)
    assert "  merchants: 0" in said
    assert "legs:" not in said
    assert "a merchant's page" not in said
