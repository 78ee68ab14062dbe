"""Footers that speak of bytes which the file has not: each would end the engine, and costs its own file alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.contracts.parquet_footer import astray, none_astray

SIZES = "SELECT total_compressed_size FROM parquet_metadata(?)"
FOOTER_LENGTH = 8  # four bytes of length and the magic word


def write(path: Path, rows: int = 30) -> bytes:
    pq.write_table(pa.table({"day": list(range(rows)), "name": [f"m{row}" for row in range(rows)]}), path)
    return path.read_bytes()


def with_negative_length(path: Path) -> None:
    """Turn a length into its negative: in the footer's encoding, that is one bit."""
    data = path.read_bytes()
    begin = len(data) - FOOTER_LENGTH - int.from_bytes(data[-8:-4], "little")
    for at in range(begin, len(data) - FOOTER_LENGTH):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        try:
            if min(size for (size,) in duckdb.connect().execute(SIZES, [str(path)]).fetchall()) < 0:
                return
        except duckdb.Error:
            continue
    raise AssertionError("no length found")


def test_a_whole_file_has_nothing_astray(tmp_path):
    path = tmp_path / "a.parquet"
    write(path)
    assert astray(path) == ""
    pq.write_table(pa.table({"day": pa.array([], pa.int64())}), path)
    assert astray(path) == ""


@pytest.mark.parametrize("dictionary", [True, False])
def test_a_negative_length_is_astray_and_would_end_the_engine(tmp_path, dictionary):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"day": list(range(30))}), path, use_dictionary=dictionary)
    with_negative_length(path)
    assert astray(path) == "its footer places column 'day' outside the file"
    engine = duckdb.connect()
    with pytest.raises(duckdb.Error):
        engine.execute("FROM read_parquet(?)", [str(path)]).fetchall()


def test_a_footer_over_a_file_that_was_cut_in_the_middle_is_astray(tmp_path):
    path = tmp_path / "a.parquet"
    data = write(path, 3000)
    path.write_bytes(data[:4] + data[len(data) // 2 :])
    assert "outside the file" in astray(path)


def test_a_footer_that_no_engine_reads_is_said_and_the_next_is_read(tmp_path):
    bad, good = tmp_path / "bad.parquet", tmp_path / "good.parquet"
    bad.write_bytes(b"PAR1" + b"\x00" * 40 + b"PAR1")
    write(good)
    said = astray(bad)
    assert said
    assert str(bad) not in said
    assert astray(good) == ""


def test_such_a_file_is_put_aside_and_its_neighbours_arrive(ready):
    for day in (1, 2, 3):
        row = {"date": date(2026, 10, day), "merchant_id": "m1", "visitors": 9, "page_views": 20, "carts": 3}
        ready.parquet("storefront", f"2026-10-0{day}.parquet", [{**row, "orders": 2, "buyers": 2}])
    with_negative_length(ready.workspace.landing / "storefront" / "2026-10-02.parquet")
    ready.ingest()
    states = {day: ready.entry("storefront", f"2026-10-0{day}.parquet") for day in (1, 2, 3)}
    assert [states[day].status for day in (1, 2, 3)] == ["accepted", "quarantined", "accepted"]
    assert "outside the file); deliver the file again, whole" in states[2].message


def test_many_footers_at_once_are_believed_only_together(tmp_path):
    paths = [tmp_path / f"{number}'s.parquet" for number in range(4)]
    for path in paths:
        write(path)
    assert none_astray([])
    assert none_astray(paths)
    with_negative_length(paths[2])
    assert not none_astray(paths)
    assert [bool(astray(path)) for path in paths] == [False, False, True, False]


@pytest.mark.parametrize("data", [b"", b"PAR1", b"no such thing" * 9, b"PAR1" + b"\xff" * 40 + b"PAR1"])
def test_what_is_no_parquet_is_not_believed_and_harms_nothing(tmp_path, data):
    good, bad = tmp_path / "a.parquet", tmp_path / "b.parquet"
    write(good)
    bad.write_bytes(data)
    assert not none_astray([good, bad])
    assert none_astray([good])
