"""The careful reader: record by record, for CSV files in which something is unusual.

It is slow and forgives nothing in silence: every line of the file belongs to exactly one record, and each record is
either text in columns or a rejection that says why. An open quote costs its own line only; reading goes on at the next.
Lines pass by one after the other, so that a packed file of endless size needs no more memory than another.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pyarrow as pa

from pipelines.contracts.feeds import MAX_FIELD_BYTES
from pipelines.contracts.look import MAX_RECORD_BYTES, lines_of

RAW_CHARACTERS = 2000
RECORDS_AT_ONCE, BYTES_AT_ONCE = 50_000, 64 << 20
QUOTED_BYTES = 4 * MAX_FIELD_BYTES  # a quote that does not close within so many is an open one
csv.field_size_limit(1 << 30)
# A field whose quotes may have blanks around them. Nothing is tried twice, so that no record takes endless time.
QUOTED = re.compile(r' *"([^"]*+(?:""[^"]*+)*+)" *')
OPENED = re.compile(r' *"')
PLAIN = re.compile(r"[^,\r\n]*")


@dataclass(frozen=True)
class Rejection:
    """A record that could not become a row: its number in the file, the rule it broke, and its raw text."""

    line: int
    rule: str
    raw: str
    column: str = ""


def read_carefully(
    path: Path, columns: tuple[str, ...], cr_ends: bool = False
) -> Iterator[tuple[pa.Table, list[Rejection]]]:
    """Read a CSV file record by record, some thousands at a time.

    Yields
    ------
    table : pyarrow.Table
        `line` (the header is 1) and one text column per name; an empty field is null.
    rejections : list of Rejection
        Records that are not UTF-8, hold NUL, have another number of fields, an open quote or a field over 64 KiB.
    """
    rows: list[list[str | None]] = []
    rejections: list[Rejection] = []
    numbers: list[int] = []
    size = 0
    for number, (record, fields, rule) in enumerate(_records(lines_of(path, cr_ends), len(columns)), start=1):
        if number == 1:
            continue  # the header, checked before
        if rule:
            rejections.append(Rejection(number, rule, _raw(record)))
        else:
            numbers.append(number)
            rows.append([value or None for value in fields])
        size += len(record)
        if len(rows) + len(rejections) >= RECORDS_AT_ONCE or size > BYTES_AT_ONCE:
            yield _table(numbers, rows, columns), rejections
            numbers, rows, rejections, size = [], [], [], 0
    yield _table(numbers, rows, columns), rejections


def _table(numbers: list[int], rows: list[list[str | None]], columns: tuple[str, ...]) -> pa.Table:
    by_column = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    arrays = [pa.array(numbers, pa.int64()), *(pa.array(values, pa.string()) for values in by_column)]
    return pa.table(arrays, names=["line", *columns])


def _raw(record: bytes) -> str:
    return record[: 4 * RAW_CHARACTERS].decode("utf-8", "backslashreplace")[:RAW_CHARACTERS]


class _Lines:
    """The lines of a file, some of them looked at before they are taken."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._waiting: deque[bytes] = deque()

    def ahead(self, place: int) -> bytes | None:
        """Line so many places ahead (0 = the next one); None beyond the end."""
        while len(self._waiting) <= place:
            line = next(self._lines, None)
            if line is None:
                return None
            self._waiting.append(line)
        return self._waiting[place]

    def take(self, lines: int) -> bytes:
        """Take lines off."""
        return b"".join(self._waiting.popleft() for _ in range(lines))


def _records(source: Iterator[bytes], width: int) -> Iterator[tuple[bytes, list[str], str]]:
    """Yield each record with its fields, or with the rule that it breaks."""
    lines = _Lines(source)
    while (line := lines.ahead(0)) is not None:
        if not line.strip(b"\r\n"):
            lines.take(1)
            continue
        taken = _lines_of_record(lines)
        record = b"".join(lines.ahead(place) or b"" for place in range(taken)).rstrip(b"\r\n")
        fields, rule = _fields(record, width) if taken else ([], "open_quote")
        if taken != 1 and rule:
            # Lines that only an open quote holds together: reject the first, go on at the second.
            record, taken, fields, rule = line.rstrip(b"\r\n"), 1, [], "open_quote"
        yield record, fields, rule
        lines.take(taken)


def _lines_of_record(lines: _Lines) -> int:
    """Return how many lines the next record takes by its quotes; 0 when its quote never closes."""
    quotes = size = 0
    for place in count():
        line = lines.ahead(place)
        if line is None or (place and size > QUOTED_BYTES):
            return 0
        quotes += line.count(b'"')
        size += len(line)
        if quotes % 2 == 0 or len(line) >= MAX_RECORD_BYTES:
            return place + 1
    return 0


def _fields(record: bytes, width: int) -> tuple[list[str], str]:
    if len(record) >= MAX_RECORD_BYTES:
        return [], "too_long"
    if b"\x00" in record:
        return [], "nul"
    try:
        text = record.decode("utf-8")
    except UnicodeDecodeError:
        return [], "not_utf8"
    try:
        spaced = ' "' in text or '" ' in text
        fields = _spaced_fields(text) if spaced else next(csv.reader([text], strict=True), [])
    except csv.Error:
        return [], "quoting"
    if len(fields) > width and not any(fields[width:]):
        fields = fields[:width]  # spreadsheets pad lines with commas; the engine takes them for nothing, too
    if len(fields) != width:
        return [], f"fields: {len(fields)} instead of {width}"
    if len(record) > MAX_FIELD_BYTES and any(len(value.encode()) > MAX_FIELD_BYTES for value in fields):
        return [], "too_long"
    return fields, ""


def _spaced_fields(text: str) -> list[str]:
    """Fields of a record in which blanks stand beside quotes; those outside the quotes count for nothing.

    Raises
    ------
    csv.Error
        When a field that begins with a quote does not end with one.
    """
    fields, place = [], 0
    while place <= len(text):
        pattern = QUOTED if OPENED.match(text, place) else PLAIN
        found = pattern.match(text, place)
        if found is None or text[found.end() : found.end() + 1] not in ("", ","):
            raise csv.Error("text after a closing quote, or a line end outside quotes")
        fields.append(found[1].replace('""', '"') if pattern is QUOTED else found[0])
        place = found.end() + 1
    return fields
