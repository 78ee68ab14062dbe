"""Files appear whole or not at all, and hostile names come back as they were."""

import gzip
import sys

import pandas as pd
import pyarrow as pa
import pytest

from pipelines.own_table.columns import OwnTableError
from pipelines.own_table.writing import check_out, write

NAMES = ['=cmd|"x"', "a,b\nc", "\x1b[2J", "名"]
TABLE = pa.table({"series": NAMES, "mean": [1.5, 2.0, None, 0.1]})


@pytest.mark.parametrize("name", ["f.csv", "f.csv.gz", "f.parquet"])
def test_every_format_holds_the_same_rows(tmp_path, name) -> None:
    out = tmp_path / name
    assert write([TABLE, TABLE], TABLE.schema, out) == 8
    read = pd.read_parquet(out) if name.endswith("parquet") else pd.read_csv(out)
    assert read["series"].tolist() == NAMES * 2
    assert read["mean"].sum() == pytest.approx(7.2)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    if name.endswith("gz"):
        assert gzip.decompress(out.read_bytes()).startswith(b'"series","mean"')


def test_a_failure_leaves_the_old_file(tmp_path) -> None:
    out = tmp_path / "f.csv"
    out.write_text("old")

    def broken():
        yield TABLE
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError):
        write(broken(), TABLE.schema, out)
    assert out.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_terminal_gets_no_control_characters(capfdbinary, monkeypatch) -> None:
    assert write([TABLE], TABLE.schema, None) == 4
    assert b"\x1b" in capfdbinary.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    write([TABLE], TABLE.schema, None)
    shown = capfdbinary.readouterr().out
    assert b"\x1b" not in shown
    assert "名".encode() in shown


@pytest.mark.parametrize(
    ("name", "said"), [("f.xlsx", "choose one of .csv"), ("no/f.csv", "does not exist"), ("t.csv", "the table itself")]
)
def test_a_place_that_cannot_be_written_to_is_refused_first(tmp_path, name, said) -> None:
    table = tmp_path / "t.csv"
    table.write_text("x")
    with pytest.raises(OwnTableError, match=said):
        check_out(tmp_path / name, table)
    check_out(None, table)
    check_out(tmp_path / "new.parquet", table)
