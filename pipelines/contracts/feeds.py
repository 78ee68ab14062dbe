"""The contract of `feeds.yaml` as typed, frozen objects: one place that says what a feed is.

Readers, rules, the lake's schemas, the data dictionary and the simulator's own tests all take it from here, so that a
column is described once.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import pyarrow as pa
from pydantic import Field, model_validator

from pipelines.config import Settings
from pipelines.yaml_file import load_yaml

FeedKind = Literal["snapshot", "daily", "cohort", "ahead", "append"]
FeedColumnType = Literal["id", "text", "date", "timestamp", "count", "decimal", "flag", "choice"]
ColumnName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]  # also what may stand in SQL as an identifier

MAX_ID_CHARACTERS = 128
MAX_FIELD_BYTES = 64 * 1024
MERCHANT = "merchant_id"

ARROW_TYPES: dict[str, pa.DataType] = {
    "id": pa.string(),
    "text": pa.string(),
    "choice": pa.string(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "count": pa.int64(),
    "decimal": pa.float64(),
    "flag": pa.bool_(),
}

# What the lake adds to every row of a feed.
ADDED_COLUMNS: dict[str, tuple[pa.DataType, str]] = {
    "known_on": (pa.date32(), "Day of delivery: the row may be used from this day on"),
    "known_on_assumed": (pa.bool_(), "The day of delivery was derived from the row's date (history)"),
    "file": (pa.string(), "File it came from; #2 marks the second delivery of a corrected file"),
    "line": (pa.int64(), "Record of the file; the header of a CSV file is 1"),
    "known_month": (pa.string(), "Month of known_on, by which the table is partitioned"),
}


class FeedColumn(Settings):
    """A column of a feed: what it may hold, and what it means. A file may lack an `optional` column altogether."""

    type: FeedColumnType
    description: str
    required: bool = False
    optional: bool = False
    default: str | None = None
    min: float | None = None
    max: float | None = None
    values: tuple[str, ...] = ()
    unit: str = ""

    @property
    def arrow_type(self) -> pa.DataType:
        """Type that the lake stores."""
        return ARROW_TYPES[self.type]

    @property
    def is_text(self) -> bool:
        """Whether the column holds words rather than figures."""
        return self.type in ("id", "text", "choice")

    @model_validator(mode="after")
    def _consistent(self) -> FeedColumn:
        if (self.type == "choice") != bool(self.values):
            raise ValueError("`values` belongs to a column of type choice, and only there")
        if self.default is not None and not self.is_text:
            raise ValueError("only text may have a default; an unknown figure stays unknown")
        if self.optional and (self.required or self.default is not None):
            raise ValueError("a column that a file may lack can neither be required nor have a default")
        return self


class PartOfWhole(Settings):
    """A rule: `part` must not exceed `whole`."""

    part: ColumnName
    whole: ColumnName


class ScoreRanges(Settings):
    """A rule: the range of `column` depends on the value of `by`."""

    column: ColumnName
    by: ColumnName
    ranges: dict[str, tuple[float, float]]


class Feed(Settings):
    """A feed: its grain, columns and rules."""

    description: str
    kind: FeedKind
    key: Annotated[tuple[ColumnName, ...], Field(min_length=1)]
    row_date: ColumnName
    past_days: int | None = None
    ahead_days: int | None = None
    maturity_days: int = 0
    cadence_hours: float | None = None
    legs: tuple[str, ...]
    columns: dict[ColumnName, FeedColumn]
    parts: tuple[PartOfWhole, ...] = ()
    score_ranges: ScoreRanges | None = None

    @model_validator(mode="after")
    def _columns_exist(self) -> Feed:
        named = {*self.key, self.row_date, *(rule.part for rule in self.parts), *(rule.whole for rule in self.parts)}
        if self.score_ranges:
            named |= {self.score_ranges.column, self.score_ranges.by}
        if unknown := sorted(named - set(self.columns)):
            raise ValueError(f"key, row_date and rules name columns that the feed does not have: {unknown}")
        if optional := [name for name in self.key if not self.columns[name].required]:
            raise ValueError(f"columns of the key must be required: {optional}")
        return self

    @property
    def by_merchant(self) -> bool:
        """Whether rows belong to merchants (events and feedback do not)."""
        return MERCHANT in self.columns

    @property
    def dated(self) -> bool:
        """Whether the row's date is part of its key, so that other days cannot hold the same key."""
        return self.row_date in self.key

    @property
    def schema(self) -> pa.Schema:
        """Columns as they are delivered, in order."""
        return pa.schema([pa.field(name, column.arrow_type) for name, column in self.columns.items()])

    @property
    def lake_schema(self) -> pa.Schema:
        """Columns as the lake keeps them: the contract's, `bucket` of the merchant, and where the row came from."""
        fields = list(self.schema)
        if self.by_merchant:
            fields.append(pa.field("bucket", pa.int16()))
        fields += [pa.field(name, arrow_type) for name, (arrow_type, _) in ADDED_COLUMNS.items()]
        return pa.schema(fields)


class Contract(Settings):
    """All feeds of `feeds.yaml`."""

    feeds: dict[ColumnName, Feed]


@cache
def feeds() -> dict[str, Feed]:
    """Return the feeds by name, merchants first, because every other feed asks who is known."""
    return dict(load_yaml(Path(__file__).with_name("feeds.yaml"), Contract).feeds)


def feed_key(name: str) -> tuple[str, ...]:
    """Key columns of a feed."""
    return feeds()[name].key


def lake_schema(name: str) -> pa.Schema:
    """Schema of a feed's table in the lake."""
    return feeds()[name].lake_schema
