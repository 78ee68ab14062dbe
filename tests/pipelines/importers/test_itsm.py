"""Five tickets in the layout of UCI's incident log, whose answers can be followed from day to day."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pytest

from pipelines.contracts.ingest import ingest
from pipelines.day import Day
from pipelines.importers import IMPORTERS
from pipelines.workspace import Workspace

FIRST = date(2016, 3, 1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2016, 3, day, hour, minute)


# number, change, state, opened, changed, closed, group
LOG = [
    ("quick", 0, "New", at(1, 9), at(1, 9), at(6, 10), "?"),
    ("quick", 1, "Active", at(1, 9), at(1, 9, 3), at(6, 10), "Group 1"),
    ("quick", 2, "Closed", at(1, 9), at(6, 10), at(6, 10), "Group 2"),
    ("next_day", 0, "New", at(1, 22, 59), at(1, 23), at(7, 10), "Group 1"),
    ("next_day", 3, "Resolved", at(1, 22, 59), at(2, 22), at(7, 10), "Group 1"),
    ("third_day", 0, "New", at(1, 23), at(1, 23), None, "Group 1"),
    ("third_day", 1, "Awaiting User Info", at(1, 23), at(3, 8), None, "Group 1"),
    ("at_once", 0, "Active", at(2, 7, 30), at(2, 7, 29), at(7, 10), "Group 2"),
    ("nobody", 0, "New", at(2, 9), at(2, 9), at(7, 10), "?"),
]
COLUMNS = [
    "number", "sys_mod_count", "incident_state", "opened_at", "sys_updated_at", "closed_at", "assignment_group",
]  # fmt: skip


@pytest.fixture(scope="module", params=["csv", "parquet"])
def source(request, tmp_path_factory):
    folder, frame = tmp_path_factory.mktemp("itsm"), pd.DataFrame(LOG, columns=COLUMNS)
    if request.param == "csv":
        frame.to_csv(folder / "incident_event_log.csv", index=False, date_format="%d/%m/%Y %H:%M", na_rep="?")
    else:
        frame.to_parquet(folder / "incident_event_log.parquet")
    return folder


def rows_as_of(workspace, feed, day, **where):
    with Day(workspace, day).connect(feed) as connection:
        rows = connection.sql(f'FROM "{feed}"').to_arrow_table().to_pylist()
    return [row for row in rows if all(row[name] == value for name, value in where.items())]


@pytest.fixture(scope="module")
def taken(source, tmp_path_factory):
    """The log in the lake of a workspace that tests only read, and what the importer said."""
    workspace = Workspace.at(tmp_path_factory.mktemp("desks"))
    made = IMPORTERS["itsm"](source, workspace)
    feeds = ingest(workspace).feeds
    for feed, rows in made.rows.items():
        read = feeds[feed]
        assert (read.read, read.accepted + read.unchanged, read.rejected, read.held) == (rows, rows, 0, 0)
    return workspace, made


def test_answers_are_known_when_they_were_given(taken):
    workspace, _ = taken
    names = ("sessions", "sessions_08_23", "replied_3min_08_23", "first_messages", "replied_24h", "replied_48h")

    def desk(day):
        (row,) = rows_as_of(
            workspace, "service", date(2016, 3, day), merchant_id="group-1", date=FIRST, phase="after_sale"
        )
        return tuple(row[name] for name in names)

    assert desk(1) == (3, 2, 1, 3, 1, 1)
    assert desk(2) == (3, 2, 1, 3, 2, 2)
    assert desk(3) == (3, 2, 1, 3, 2, 3)
    assert desk(9) == desk(3)


def test_what_the_log_does_not_tell_is_empty_and_nothing_is_before_the_sale(taken):
    workspace, _ = taken
    (row,) = rows_as_of(workspace, "service", FIRST, merchant_id="group-1", phase="after_sale")
    unknown = ("bot_sessions", "bot_resolved", "human_sessions", "handle_seconds")
    assert [row[name] for name in unknown] == [None] * 4
    (row,) = rows_as_of(workspace, "service", FIRST, merchant_id="group-1", phase="pre_sale")
    assert (row["sessions"], row["first_messages"], row["replied_24h"], row["bot_sessions"]) == (0, 0, 0, None)


def test_a_ticket_that_is_taken_up_at_once_is_answered_at_once(taken):
    workspace, _ = taken
    (row,) = rows_as_of(workspace, "service", date(2016, 3, 2), merchant_id="group-2", phase="after_sale")
    assert (row["date"], row["sessions"], row["sessions_08_23"], row["replied_24h"]) == (date(2016, 3, 2), 1, 0, 1)
    hours = {(row["hour"], row["sessions"]) for row in rows_as_of(workspace, "service_hour", FIRST)}
    assert hours == {(9, 1), (22, 1), (23, 1)}


def test_cases_are_of_the_last_group_on_the_day_of_closing(taken):
    workspace, _ = taken
    closed = {
        (row["date"], row["merchant_id"]): row["cases_closed"]
        for row in rows_as_of(workspace, "cases", date(2016, 3, 9))
    }
    assert closed == {
        (date(2016, 3, 6), "group-2"): 1,
        (date(2016, 3, 7), "group-1"): 1,
        (date(2016, 3, 7), "group-2"): 1,
    }
    assert {row["cases_closed_unresolved"] for row in rows_as_of(workspace, "cases", date(2016, 3, 9))} == {None}


def test_desks_say_that_they_are_no_shops(taken):
    workspace, report = taken
    desks = {row["merchant_id"]: row for row in rows_as_of(workspace, "merchants", FIRST)}
    assert set(desks) == {"group-1", "group-2"}
    assert desks["group-1"]["merchant_name"] == "IT desk Group 1 (service tickets, no shop)"
    assert {row["category"] for row in desks.values()} == {"IT service desk (no shop)"}
    assert "IT desks, not shops" in report.notes[0]
    assert "1 tickets never name a group" in str(report)
    assert "1 tickets name no day of closing" in str(report)


def test_a_missing_file_says_where_to_get_it(tmp_path, workspace):
    with pytest.raises(FileNotFoundError, match=r"incident_event_log\.csv.*archive\.ics\.uci\.edu"):
        IMPORTERS["itsm"](tmp_path, workspace)
