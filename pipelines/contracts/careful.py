"""The careful reader: record by record, for CSV files in which something is unusual.

It is slow and forgives nothing in silence: every line of the file belongs to exactly one record, and each record is
either text in columns or a rejection that says why. An open quote costs its own line only; reading goes on at the next.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from pipelines.contracts.feeds import MAX_FIELD_BYTES
from pipelines.contracts.look import chunks_of

RAW_CHARACTERS = 2000
RECORDS_AT_ONCE = 50_000
MAX_LINES_OF_A_RECORD = 200  # a quoted field with more line ends than this is an open quote
csv.field_size_limit(1 << 30)


@dataclass(frozen=True)
class Rejection:
    """A record that could not become a row: its number in the file, the rule it broke, and its raw text."""

    line: int
    rule: str
    raw: str


def read_carefully(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[pa.Table, list[Rejection]]]:
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
    for number, (record, fields, rule) in enumerate(_records(path, len(columns)), start=1):
        if number == 1:
            continue  # the header, checked before
        if rule:
            rejections.append(Rejection(number, rule, record.decode("utf-8", "backslashreplace")[:RAW_CHARACTERS]))
        else:
            numbers.append(number)
            rows.append([value or None for value in fields])
        if len(rows) + len(rejections) >= RECORDS_AT_ONCE:
            yield _table(numbers, rows, columns), rejections
            numbers, rows, rejections = [], [], []
    yield _table(numbers, rows, columns), rejections


def _table(numbers: list[int], rows: list[list[str | None]], columns: tuple[str, ...]) -> pa.Table:
    by_column = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    arrays = [pa.array(numbers, pa.int64()), *(pa.array(values, pa.string()) for values in by_column)]
    return pa.table(arrays, names=["line", *columns])


def _records(path: Path, width: int) -> Iterator[tuple[bytes, list[str], str]]:
    """Yield each record with its fields, or with the rule that it breaks."""
    lines = _lines(b"".join(chunks_of(path)))
    position = 0
    while position < len(lines):
        line = lines[position]
        if not line.strip(b"\r\n"):
            position += 1
            continue
        taken = _lines_of_record(lines, position)
        record = b"".join(lines[position : position + taken]).rstrip(b"\r\n")
        fields, rule = _fields(record, width)
        if taken == 0 or (rule and taken > 1):
            # Lines that only an open quote holds together: reject the first, go on at the second.
            record, taken = line.rstrip(b"\r\n"), 1
            fields, rule = [], "open_quote"
        yield record, fields, rule
        position += taken


def _lines(data: bytes) -> list[bytes]:
    """Split at line ends: LF, CRLF, or CR alone where the file has no LF."""
    return data.splitlines(keepends=True) if b"\n" not in data else [part + b"\n" for part in data.split(b"\n")]


def _lines_of_record(lines: list[bytes], position: int) -> int:
    """Return how many lines the record at `position` takes by its quotes; 0 when its quote never closes."""
    quotes = 0
    for taken, line in enumerate(lines[position : position + MAX_LINES_OF_A_RECORD], start=1):
        quotes += line.count(b'"')
        if quotes % 2 == 0:
            return taken
    return 0


def _fields(record: bytes, width: int) -> tuple[list[str], str]:
    if b"\x00" in record:
        return [], "nul"
    try:
        text = record.decode("utf-8")
    except UnicodeDecodeError:
        return [], "not_utf8"
    try:
        fields = next(csv.reader([text], strict=True), [])
    except csv.Error:
        return [], "quoting"
    if len(fields) != width:
        return [], f"fields: {len(fields)} instead of {width}"
    if len(record) > MAX_FIELD_BYTES and any(len(value.encode()) > MAX_FIELD_BYTES for value in fields):
        return [], "too_long"
    return fields, ""
