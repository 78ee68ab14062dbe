"""A look at a file before any engine parses it: is it whole, which columns, how many records.

Why: engines forgive too much. DuckDB takes an unterminated quote as data, loses a row that is not UTF-8, and maps CSV
columns by position. So columns and the number of records are found here by plain counting of bytes, independently of
the engine, and a CSV file in which anything is unusual is sent to the careful reader.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pipelines.contracts.feeds import MAX_FIELD_BYTES
from pipelines.contracts.landing import LandingFile
from pipelines.contracts.parquet_footer import astray

CHUNK = 8 << 20
NEWLINE, RETURN, QUOTE, BLANK = 10, 13, 34, 32
FOREIGN_STARTS = {
    codecs.BOM_UTF16_LE: "UTF-16 or UTF-32",
    codecs.BOM_UTF16_BE: "UTF-16",
    codecs.BOM_UTF32_BE: "UTF-32",
    b"PK\x03\x04": "a ZIP or Excel file",
    b"PAR1": "a Parquet file; name it .parquet",
    b"\x1f\x8b": "a gzip file; name it .csv.gz",
}
MAX_RECORD_BYTES = 8 << 20
FIRST_BYTES = 1 << 20
LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True)
class Look:
    """What plain counting says about a file.

    Attributes
    ----------
    columns : tuple of str
        Names in the header, in the file's order.
    records : int
        Records without the header.
    careful : bool
        Something is unusual: the careful reader must take the file.
    cr_ends : bool
        The header ends with CR alone, so that records do.
    problem : str
        Why the file cannot be read at all; empty when it can.
    schema : pyarrow.Schema or None
        Types of a Parquet file.
    """

    columns: tuple[str, ...] = ()
    records: int = 0
    careful: bool = False
    cr_ends: bool = False
    problem: str = ""
    schema: pa.Schema | None = None


@dataclass
class _Counts:
    """Running counts over the chunks of a CSV file."""

    records: int = 0
    fields_between: int = 0
    quotes: int = 0
    unusual: bool = False
    size: int = 0
    line_begins: int = 0
    last: int = NEWLINE
    decoder: codecs.IncrementalDecoder = field(default_factory=lambda: codecs.getincrementaldecoder("utf-8")())

    def add(self, chunk: bytes) -> None:
        """Count records (line ends outside quotes) and whatever an engine might pass over in silence."""
        self._check_text(chunk)
        values = np.frombuffer(chunk, np.uint8)
        ends = np.flatnonzero(values == NEWLINE)
        quotes = np.flatnonzero(values == QUOTE)
        outside = ends[(self.quotes + np.searchsorted(quotes, ends)) % 2 == 0]
        begins = np.concatenate(([self.line_begins - self.size], outside[:-1] + 1)) if len(outside) else outside
        content = outside - begins
        before = np.where(outside > 0, values[outside - 1], self.last) if len(outside) else outside
        blank = (content == 0) | ((content == 1) & (before == RETURN))
        self.records += int(len(outside) - blank.sum())
        self.unusual |= bool(len(content) and content.max() > MAX_FIELD_BYTES)
        self.unusual |= self._blank_beside(values, quotes)
        self.fields_between += chunk.count(b",")
        self.quotes += len(quotes)
        if len(outside):
            self.line_begins = self.size + int(outside[-1]) + 1
        self.size += len(chunk)
        self.last = chunk[-1]

    def _blank_beside(self, values: NDArray[np.uint8], quotes: NDArray[np.intp]) -> bool:
        """Whether a blank stands before an opening or after a closing quote: an engine makes `b c` of `"b" "c"`."""
        closed = self.quotes % 2 == 0
        if closed and self.last == QUOTE and values[0] == BLANK:
            return True
        opening, closing = (quotes[::2], quotes[1::2]) if closed else (quotes[1::2], quotes[::2])
        before = np.where(opening > 0, values[opening - 1], self.last)
        after = values[np.minimum(closing + 1, len(values) - 1)]
        return bool((before == BLANK).any() or (after == BLANK).any())

    def _check_text(self, chunk: bytes) -> None:
        lone_returns = chunk.count(b"\r") != chunk.count(b"\r\n") + int(chunk.endswith(b"\r"))
        self.unusual |= lone_returns or b"\x00" in chunk
        try:
            self.decoder.decode(chunk)
        except UnicodeDecodeError:
            self.unusual = True
            self.decoder.reset()

    def finish(self) -> None:
        """Count a last record without a line end; an open quote or a cut character is unusual."""
        rest = self.size - self.line_begins
        self.records += int(rest > 0)
        self.unusual |= rest > MAX_FIELD_BYTES or self.quotes % 2 == 1
        try:
            self.decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            self.unusual = True


def look_at(file: LandingFile, believed: bool = False) -> Look:
    """Look at a landing file; never raises on content. Footers that are `believed` somebody else looks at."""
    return _look_at_parquet(file.path, believed) if file.is_parquet else _look_at_csv(file.path)


def chunks_of(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a CSV file, unpacked, without a byte order mark."""
    with gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb") as stream:
        first = stream.read(CHUNK).removeprefix(codecs.BOM_UTF8)
        if first:
            yield first
        while chunk := stream.read(CHUNK):
            yield chunk


def lines_of(path: Path, cr_ends: bool) -> Iterator[bytes]:
    """Yield the lines of a CSV file with their ends: LF and CRLF, and CR alone where `cr_ends` says so.

    A line beyond MAX_RECORD_BYTES is cut there, so that no file can fill the memory.
    """
    rest = b""
    for chunk in chunks_of(path):
        parts = (rest + chunk).splitlines(keepends=True) if cr_ends else _split(rest + chunk)
        # What stands last may go on in the next chunk; so may a CR, with its LF.
        rest = parts.pop() if parts and not parts[-1].endswith(b"\n") else b""
        yield from parts
        rest = rest[:MAX_RECORD_BYTES]
    if rest:
        yield rest


def _split(data: bytes) -> list[bytes]:
    lines = [part + b"\n" for part in data.split(b"\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _look_at_csv(path: Path) -> Look:
    counts, first = _Counts(), b""
    try:
        for chunk in chunks_of(path):
            first = first or chunk[:FIRST_BYTES]
            counts.add(chunk)
    except (OSError, EOFError, zlib.error) as error:
        return Look(problem=f"cannot be opened or unpacked ({error}); deliver the file again, whole")
    if not first.strip():
        return Look(problem="is empty: not even a header; deliver a file with a header line, or none")
    for start, kind in FOREIGN_STARTS.items():
        if first.startswith(start):
            return Look(problem=f"is {kind}" if "name it" in kind else f"is {kind}; save it as CSV in UTF-8")
    counts.finish()
    found = LINE_END.search(first)
    cr_ends = found is not None and found.group() == b"\r"
    header, problem = _header(first[: found.start()] if found else first)
    ragged = counts.quotes == 0 and counts.fields_between != counts.records * (len(header) - 1)
    lines = sum(1 for line in lines_of(path, cr_ends) if line.strip(b"\r\n")) if cr_ends else counts.records
    careful = counts.unusual or ragged or cr_ends
    return Look(header, max(lines - 1, 0), careful=careful, cr_ends=cr_ends, problem=problem)


def _header(line: bytes) -> tuple[tuple[str, ...], str]:
    try:
        names = next(csv.reader([line.decode("utf-8")], strict=True), [])
    except (UnicodeDecodeError, csv.Error) as error:
        return (), f"has a header that cannot be read ({error}); write the column names in UTF-8, divided by commas"
    if not any(names):
        return (), "has an empty first line; the first line must be the header"
    return tuple(names), ""


def _look_at_parquet(path: Path, believed: bool) -> Look:
    try:
        with pq.ParquetFile(path) as file:
            look = Look(tuple(file.schema_arrow.names), file.metadata.num_rows, schema=file.schema_arrow)
        reason = "" if believed else astray(path)
    except (pa.ArrowException, MemoryError, OSError, ValueError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:120]
    if reason:
        return Look(problem=f"is not a readable Parquet file ({reason}); deliver the file again, whole")
    return look
