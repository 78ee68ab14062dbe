"""A text that is not UTF-8 costs its own row, and the column is named."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.contracts import careful_parquet
from pipelines.contracts.careful import RAW_CHARACTERS
from pipelines.contracts.careful_parquet import read_parquet_carefully


def text(*values):
    """A text column of bytes that nobody checked."""
    return pa.Array.from_buffers(pa.string(), len(values), pa.array(values, pa.binary()).buffers())


def read(tmp_path, table, columns=None):
    path = tmp_path / "file.parquet"
    pq.write_table(table, path)
    parts = list(read_parquet_carefully(path, tuple(columns or table.column_names)))
    rows = [tuple(row.values()) for part, _ in parts for row in part.to_pylist()]
    return rows, [(bad.line, bad.rule, bad.raw, bad.column) for _, some in parts for bad in some]


def test_only_the_broken_row_is_rejected(tmp_path):
    rows, bad = read(tmp_path, pa.table({"a": text(b"x", b"\xe9", None), "b": [1, 2, 3]}))
    assert rows == [(1, "x", 1), (3, None, 3)]
    assert bad == [(2, "not_utf8", "\\xe9", "a")]


def test_lines_go_on_from_portion_to_portion(tmp_path, monkeypatch):
    monkeypatch.setattr(careful_parquet, "ROWS_AT_ONCE", 2)
    rows, bad = read(tmp_path, pa.table({"a": text(b"1", b"2", b"3", b"\xff", b"5")}))
    assert [line for line, _ in rows] == [1, 2, 3, 5]
    assert [line for line, *_ in bad] == [4]


def test_a_row_that_is_broken_twice_is_told_once_by_its_first_column(tmp_path):
    _, bad = read(tmp_path, pa.table({"a": text(b"\xff"), "b": text(b"\xfe")}))
    assert bad == [(1, "not_utf8", "\\xff", "a")]


def test_dictionaries_are_what_they_stand_for_and_other_columns_are_left_out(tmp_path):
    table = pa.table({"a": pa.array(["x", "y", "x"]).dictionary_encode(), "b": [1, 2, 3]})
    rows, bad = read(tmp_path, table, ["a"])
    assert (rows, bad) == ([(1, "x"), (2, "y"), (3, "x")], [])


def test_raw_text_is_cut(tmp_path):
    _, bad = read(tmp_path, pa.table({"a": text(b"\xff" * 9_000)}))
    assert len(bad[0][2]) == RAW_CHARACTERS
