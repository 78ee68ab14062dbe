"""Service tickets of an IT company into the service feeds, to try the service leg on real timing.

The data: UCI's "Incident management process enriched event log" (id 498), CC BY 4.0; name the source wherever it is
shown. Run `merchant-gps import itsm --from FOLDER` on UCI's `incident_event_log.csv` or a Parquet copy.

These are IT desks and not shops. Groups stand for merchants, their names and category say what they are, so that no
page is taken for a shop's; joined with any other feed they would be composite.

The idea: the log has a row per change of a ticket; `itsm_tickets.sql` makes one row per ticket.
- A chat is a ticket, on the day it was opened, of the first group that is named. The answer is the first step that
  takes it out of the state New; a ticket that is never seen as New was taken up when it was written down.
- Each day is delivered three times, on the day and the two days after it, with what had been answered by then.
- Cases count on the day of closing, for the group that is named last.
- Not told, and so left empty: bots, working time, whether a ticket was solved, refunds. Before the sale there is no
  ticket: 0.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.importers.landing_writer import write_landing_files
from pipelines.importers.report import ImportReport
from pipelines.importers.sources import open_sources, read_sql, run_sql
from pipelines.workspace import Workspace

FILES = {"log": ("incident_event_log.csv", "incident_event_log.parquet")}
FEEDS = ("merchants", "service", "service_hour", "cases")
WHERE = "download the set from https://archive.ics.uci.edu/dataset/498 and name its folder"
TIME_FORMAT = "%d/%m/%Y %H:%M"
NOTES = (
    "these are IT desks, not shops; names and category say so",
    "an answer is the first step after the state New; bots, working time, solutions and refunds are not told",
)


def import_itsm(source: Path, workspace: Workspace) -> ImportReport:
    """Write the landing files of four feeds.

    Raises
    ------
    FileNotFoundError
        When the log is missing; says where to download it.
    """
    with duckdb.connect() as connection:
        open_sources(connection, source, FILES, WHERE, TIME_FORMAT, unknown="?")
        run_sql(connection, __file__, "itsm_tickets.sql")
        data = {feed: read_sql(connection, __file__, f"itsm_{feed}.sql") for feed in FEEDS}
        left_out = read_sql(connection, __file__, "itsm_left_out.sql").to_pylist()
    rows = {feed: write_landing_files(workspace, feed, table) for feed, table in data.items()}
    return ImportReport(rows, NOTES + tuple(f"{row['number']:,} {row['what']}" for row in left_out if row["number"]))
