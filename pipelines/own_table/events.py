"""Events that an analyst gives beside a table: a market's calendar (YAML), or rows as in the feed `events` (CSV).

The YAML may be one of the shipped calendars. What a phase does to volume until the table has seen one (`prior_lift`) is
believed, because who hands in a calendar says that it concerns these series.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from models.calendar.event import PHASES, Event
from models.calendar.market import MarketCalendar
from models.calendar.merge import merge_events
from pipelines.contracts.wording import shown
from pipelines.own_table.columns import OwnTableError
from pipelines.yaml_file import load_yaml

NEEDED = ("starts_on", "ends_on")
OPTIONAL = ("event_id", "name", "phase", "scope")


def read_events(path: Path | None) -> tuple[list[Event], Mapping[str, float]]:
    """Events of a file, and what a phase is expected to do until the table has seen one.

    Raises
    ------
    OwnTableError, PolicyFileError
        Name the file, the line and the reason.
    """
    if path is None:
        return [], {}
    if not path.is_file():
        raise OwnTableError(f"--events {path}: no such file; name a calendar (.yaml) or a CSV of events")
    if path.suffix.lower() in (".yaml", ".yml"):
        calendar = load_yaml(path, MarketCalendar)
        return calendar.all_events(), calendar.lifts()
    return merge_events(MarketCalendar(market="none"), _rows(path)), {}


def _rows(path: Path) -> list[Event]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            names = reader.fieldnames or []
            missing = [name for name in NEEDED if name not in names]
            if missing or not {"event_id", "name"} & set(names):
                raise OwnTableError(
                    f"{path} needs the columns starts_on, ends_on and event_id or name, and may have phase and scope; "
                    f"there are {', '.join(map(shown, names))}"
                )
            return [_event(path, reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise OwnTableError(f"{path} cannot be read ({error}); save it as CSV in UTF-8") from error


def _event(path: Path, line: int, row: Mapping[str, str | None]) -> Event:
    given = {name: (row.get(name) or "").strip() for name in (*NEEDED, *OPTIONAL)}
    try:
        starts_on, ends_on = (date.fromisoformat(given[name]) for name in NEEDED)
    except ValueError as error:
        raise OwnTableError(f"{path}:{line}: {error}; write starts_on and ends_on as 2026-11-11") from error
    phase = given["phase"] or "peak"
    if ends_on < starts_on:
        raise OwnTableError(f"{path}:{line}: the event ends on {ends_on}, before it starts on {starts_on}")
    if phase not in PHASES:
        raise OwnTableError(f"{path}:{line}: phase {shown(phase)} is none of {', '.join(PHASES)}")
    if not (given["event_id"] or given["name"]):
        raise OwnTableError(
            f"{path}:{line}: the event has neither event_id nor name; give it one that returns every year"
        )
    event_id = given["event_id"] or f"{given['name']} {phase} {starts_on}"
    return Event(event_id, "", (("", given["name"]),), phase, starts_on, ends_on, given["scope"])
