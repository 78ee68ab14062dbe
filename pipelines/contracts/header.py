"""Does a file have the columns of its feed? Checked before a row is read, because engines map columns by position.

A missing or renamed column quarantines the file with an error that names file and column and says how to mend it.
Columns beyond the contract are passed over; a platform may deliver more than is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from difflib import get_close_matches

import pyarrow as pa

from pipelines.contracts.feeds import Feed, feeds
from pipelines.contracts.look import Look
from pipelines.contracts.wording import shown

EXPECTED = {
    "id": "text",
    "text": "text",
    "choice": "text",
    "date": "a date such as 2026-10-31",
    "timestamp": "a time such as 2026-10-31 09:30:00",
    "count": "whole numbers",
    "decimal": "numbers",
    "flag": "true or false",
}
MOST_COLUMNS = 2000
TEXT = (pa.string(), pa.large_string(), pa.string_view())
RESERVED = frozenset({"filename", "file_row_number", "file_index", "file_number", "line"})
NUMBERS = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_boolean)
WORDS = (pa.types.is_integer,)
TIMES = (pa.types.is_date, pa.types.is_timestamp)
# Which Arrow types may stand for a column of the contract, besides text.
FITTING: dict[str, tuple[Callable[[pa.DataType], bool], ...]] = {
    "id": WORDS,
    "text": WORDS,
    "choice": WORDS,
    "date": TIMES,
    "timestamp": TIMES,
    "count": NUMBERS,
    "decimal": NUMBERS,
    "flag": (pa.types.is_boolean, pa.types.is_integer),
}


def header_problem(feed: Feed, look: Look) -> str:
    """Return what is wrong with a file's columns and how to mend it; empty when nothing is."""
    names = [name.lower() for name in look.columns] if look.schema is not None else list(look.columns)
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    if twice and not twice[0]:
        return "two columns have no name; take out what stands after the last column, or name it"
    if len(names) > MOST_COLUMNS:
        return f"has {len(names)} columns; leave out those that the contract does not name ({', '.join(feed.columns)})"
    if twice:
        return f"column {shown(twice[0])} stands twice in the header; keep one of them"
    missing = [name for name, column in feed.columns.items() if name not in look.columns and not column.optional]
    if missing:
        return _missing_problem(feed, look, missing)
    if look.schema is not None:
        return _type_problem(feed, look.schema)
    return ""


def _missing_problem(feed: Feed, look: Look, missing: list[str]) -> str:
    if any("\x00" in name for name in look.columns):
        return "is not UTF-8 (its header holds NUL bytes, as UTF-16 does); save it as CSV in UTF-8"
    if len(look.columns) == 1:
        for separator, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if separator in look.columns[0]:
                return f"columns are divided by {name}; write commas"
    others = [name for name, other in feeds().items() if other is not feed and set(other.columns) <= set(look.columns)]
    if others:
        return f"column {missing[0]!r} missing; the columns are those of {others[0]!r}: is landing/{others[0]} meant?"
    spare = {name.strip().lower().replace(" ", "_"): name for name in look.columns if name not in feed.columns}
    hints = []
    for name in missing:
        near = get_close_matches(name, list(spare), n=1, cutoff=0.6)
        hints.append(
            f"rename {shown(spare[near[0]])} to {name!r}" if near else f"add column {name!r} (it may be empty)"
        )
    named = ", ".join(repr(name) for name in missing)
    return f"column{'s' if len(missing) > 1 else ''} {named} missing; {'; '.join(hints)}"


def _type_problem(feed: Feed, schema: pa.Schema) -> str:
    if taken := [name for name in schema.names if name.lower() in RESERVED and name not in feed.columns]:
        return f"column {shown(taken[0])} has a name that the reader needs for itself; leave it out or rename it"
    for name, column in feed.columns.items():
        if name not in schema.names:
            continue
        found = schema.field(name).type
        if getattr(found, "tz", None):
            return f"column {name!r} holds times of zone {found.tz}; write platform time, without a zone"
        if not _can_hold(column.type, found):
            return f"column {name!r} holds {found}; expected: {EXPECTED[column.type]}"
    return ""


def _can_hold(wanted: str, found: pa.DataType) -> bool:
    if pa.types.is_dictionary(found):
        found = found.value_type
    if found in TEXT or pa.types.is_null(found):
        return True
    return any(fits(found) for fits in FITTING[wanted])
