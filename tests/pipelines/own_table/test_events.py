"""Events come from a calendar or from rows; a mistake is named with its line."""

from datetime import date

import pytest

from pipelines.own_table.columns import OwnTableError
from pipelines.own_table.events import read_events
from pipelines.workspace import shipped


def test_no_file_is_no_event() -> None:
    assert read_events(None) == ([], {})


def test_a_shipped_calendar_brings_its_lifts() -> None:
    events, lifts = read_events(shipped("calendars") / "cn.yaml")
    assert {event.family for event in events} >= {"double_11", "mid_year_618"}
    assert lifts["peak"] > 1


def test_rows_of_one_name_are_one_family(tmp_path) -> None:
    path = tmp_path / "events.csv"
    rows = ("Big sale 2025,2025-05-01,2025-05-03,,", "Big sale 2026,2026-05-01,2026-05-03,,x")
    text = "\n".join(["name,starts_on,ends_on,phase,scope", *rows, ""])
    path.write_text(text, encoding="utf-8")
    events, lifts = read_events(path)
    assert [(event.family, event.phase, event.starts_on, event.scope) for event in events] == [
        ("bigsale", "peak", date(2025, 5, 1), ""),
        ("bigsale", "peak", date(2026, 5, 1), "x"),
    ]
    assert lifts == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,start\nx,2026-01-01\n", "there are 'name', 'start'"),
        ("name,starts_on,ends_on\nx,2026-02-30,2026-03-01\n", "csv:2: .*write starts_on"),
        ("name,starts_on,ends_on\nx,2026-03-02,2026-03-01\n", "csv:2: the event ends on 2026-03-01, before"),
        ("name,starts_on,ends_on,phase\nx,2026-03-02,2026-03-03,climax\n", "csv:2: phase 'climax' is none of"),
        ("name,starts_on,ends_on\n,2026-03-02,2026-03-03\n", "neither event_id nor name"),
    ],
)
def test_a_wrong_row_is_named(tmp_path, text, said) -> None:
    path = tmp_path / "events.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(OwnTableError, match=said):
        read_events(path)


def test_a_missing_file_is_named(tmp_path) -> None:
    with pytest.raises(OwnTableError, match="no such file"):
        read_events(tmp_path / "none.yaml")
