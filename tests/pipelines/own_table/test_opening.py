"""Every cell as text beside its row; what an engine would pass over in silence is refused."""

import gzip

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.own_table.columns import OwnTableError, choose_columns
from pipelines.own_table.opening import look, open_source, told

ROLES = ("series", "date", "value")
BODY = 'id;date;value\n"a;\n""b""";2026-01-01;1\nc;2026-01-02;\n'


def cells(path):
    source = look(path)
    with duckdb.connect() as connection:
        open_source(connection, source, choose_columns(source.columns, {}), ROLES)
        with told(path):
            return connection.execute("SELECT * FROM cells ORDER BY row").fetchall()


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz", "t.txt"])
def test_quoted_names_and_other_delimiters_are_read(tmp_path, name) -> None:
    raw = BODY.encode()
    (tmp_path / name).write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    assert cells(tmp_path / name) == [(1, 'a;\n"b"', "2026-01-01", "1"), (2, "c", "2026-01-02", None)]


def test_parquet_is_read_with_its_own_types(tmp_path) -> None:
    table = pa.table({"id": [7], "date": pa.array([0], pa.timestamp("us")), "value": [1.5], 'odd "name"': ["x"]})
    pq.write_table(table, tmp_path / "it's.parquet")
    assert cells(tmp_path / "it's.parquet") == [(1, "7", "1970-01-01 00:00:00", "1.5")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no such file"),
        (b"", "is empty"),
        (b"id,date,value\n", "holds a header and no rows"),
        (b"PK\x03\x04xxxx", "ZIP or Excel"),
        ("id,date,value\n".encode("utf-16"), "UTF-16"),
        (b"id,date,value\ra,2026-01-01,1\r", "CR alone"),
        (b"id,dat\xe9,value\na,2026-01-01,1\n", "header cannot be read"),
        (b"id,date,value\na,2026-01-01,1\nb,2026-01-01,1,9\n", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(tmp_path, content, said) -> None:
    path = tmp_path / "t.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(OwnTableError, match=said):
        cells(path)


def test_broken_packages_are_refused(tmp_path) -> None:
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(BODY.encode())[:-9])
    (tmp_path / "t.parquet").write_bytes(b"PAR1 not really")
    for name in ("t.csv.gz", "t.parquet"):
        with pytest.raises(OwnTableError, match=name):
            cells(tmp_path / name)
