"""What a platform's engineers need to deliver feeds: empty templates, filled examples, and the dictionary as a page.

The idea: all of it is made from the contract that the reader itself obeys, and a test takes the examples in through
that reader; so what is handed out cannot differ from what is accepted.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import Field

from pipelines.config import Settings
from pipelines.contracts.feeds import Feed, FeedColumn, feeds
from pipelines.defs.marts.columns import merchant_day_schema
from pipelines.tables import Table, tables
from pipelines.yaml_file import load_yaml
from reports.dictionary.page import STYLE, ColumnText, Section, render_dictionary, style_sheet

EXAMPLES = Path(__file__).with_name("export_contract_examples.yaml")
PAGE = "data-dictionary.html"
KINDS = {
    "snapshot": "the newest version of a row counts; deliver it again when it changes",
    "daily": "rows of a day, delivered on that day or later; a later file may correct it",
    "cohort": "rows of an order day that mature: later files bring newer versions of past days",
    "ahead": "rows of days to come, delivered before them; of past days, what was known then",
    "append": "single events by their own id; each is delivered once",
}


class Example(Settings):
    """Rows of one feed as they would be delivered on a day."""

    delivered_on: date
    rows: tuple[dict[str, Any], ...] = Field(min_length=1)


class Examples(Settings):
    """Examples of all feeds."""

    feeds: dict[str, Example]


@dataclass(frozen=True)
class ContractExport:
    """What was written, and where."""

    folder: Path
    feeds: int

    def __str__(self) -> str:
        return (
            f"{self.folder}: templates/ and examples/ of {self.feeds} feeds, {PAGE}\n"
            f"next: fill the templates, put them into landing/<feed>/<day of delivery>.csv"
        )


def examples() -> dict[str, Example]:
    """Read the examples.

    Raises
    ------
    ValueError
        When they are not of the contract's feeds and columns.
    """
    found = load_yaml(EXAMPLES, Examples).feeds
    if set(found) != set(feeds()):
        raise ValueError(f"{EXAMPLES}: examples and feeds differ: {sorted(set(found) ^ set(feeds()))}")
    for name, example in found.items():
        if foreign := {column for row in example.rows for column in row} - set(feeds()[name].columns):
            raise ValueError(f"{EXAMPLES}: feed {name} has no columns {sorted(foreign)}")
    return found


def export_contract(folder: Path) -> ContractExport:
    """Write templates, examples and the dictionary; files of an earlier export are replaced."""
    shown = examples()
    for name, feed in feeds().items():
        _write_csv(folder / "templates" / f"{name}.csv", feed, ())
        _write_csv(folder / "examples" / name / f"{shown[name].delivered_on}.csv", feed, shown[name].rows)
    page = render_dictionary(list(_feed_sections()), list(_table_sections()))
    (folder / PAGE).write_text(page, encoding="utf-8")
    (folder / STYLE).write_text(style_sheet(), encoding="utf-8")
    return ContractExport(folder, len(shown))


def _write_csv(path: Path, feed: Feed, rows: tuple[Mapping[str, Any], ...]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(feed.columns)
        writer.writerows([_cell(row.get(name)) for name in feed.columns] for row in rows)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return "" if value is None else str(value)


def _feed_sections() -> Iterator[Section]:
    for name, feed in feeds().items():
        columns = [
            ColumnText(
                column, meaning.type, meaning.required, _with_unit(meaning.description, meaning.unit), allowed(meaning)
            )
            for column, meaning in feed.columns.items()
        ]
        yield Section(name, feed.description, list(_feed_facts(feed)), columns)


def _feed_facts(feed: Feed) -> Iterator[tuple[str, str]]:
    yield "Key", ", ".join(feed.key)
    yield "Legs", ", ".join(feed.legs) or "none"
    yield "Kind", f"{feed.kind}: {KINDS[feed.kind]}"
    if feed.past_days is not None:
        yield "Taken", f"{feed.row_date} up to {feed.past_days} days before and {feed.ahead_days} after delivery"
    if feed.cadence_hours:
        yield "Expected", f"every {feed.cadence_hours:g} hours"
    when = f"{abs(feed.maturity_days)} days {'before' if feed.maturity_days < 0 else 'after'}"
    yield (
        "History",
        f"files history*.csv count as known {when if feed.maturity_days else 'on'} {feed.row_date} (assumed)",
    )
    for rule in feed.parts:
        yield "Rule", f"{rule.part} is at most {rule.whole}"


def allowed(column: FeedColumn) -> str:
    """What a column may hold, in words."""
    words = [", ".join(column.values)] if column.values else []
    low = 0 if column.min is None and column.type == "count" else column.min
    if low is not None and column.max is not None:
        words.append(f"{low:g} to {column.max:g}")
    elif low is not None:
        words.append(f"{low:g} or more")
    elif column.max is not None:
        words.append(f"at most {column.max:g}")
    if column.default:
        words.append(f"empty = {column.default}")
    elif column.default == "":
        words.append("may be empty")
    if column.optional:
        words.append("the column may be left out")
    return "; ".join(words)


def _table_sections() -> Iterator[Section]:
    for name, table in tables().items():
        facts = [("Key", ", ".join(table.key))]
        if table.retention_days:
            facts.append(("Kept", f"{table.retention_days} days"))
        yield Section(name, table.description, facts, list(_table_columns(table)))


def _table_columns(table: Table) -> Iterator[ColumnText]:
    for column, meaning in table.columns.items():
        yield ColumnText(column, meaning.type, False, _with_unit(meaning.description, meaning.unit))
    if table.open_columns:
        for field in merchant_day_schema():
            if field.name not in table.columns:
                yield ColumnText(field.name, str(field.type), False, "count of the feed that it is named after")


def _with_unit(description: str, unit: str) -> str:
    return f"{description} ({unit})" if unit else description
