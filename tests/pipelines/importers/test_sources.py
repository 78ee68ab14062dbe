"""The same layout as CSV and as Parquet, and what is said when a file is missing."""

from datetime import datetime

import duckdb
import pandas as pd
import pytest

from pipelines.importers.sources import LayoutError, open_sources, read_sql, run_sql

ROWS = pd.DataFrame({"number": [1, 2], "opened_at": [datetime(2016, 2, 3, 4, 5), datetime(2016, 12, 11, 10, 9)]})
FILES = {"tickets": ("official.csv", "copy.parquet")}


@pytest.mark.parametrize("name", FILES["tickets"])
def test_a_view_reads_whichever_file_is_there(tmp_path, name):
    if name.endswith(".csv"):
        ROWS.to_csv(tmp_path / name, index=False, date_format="%d/%m/%Y %H:%M")
    else:
        ROWS.to_parquet(tmp_path / name)
    with duckdb.connect() as connection:
        found = open_sources(connection, tmp_path, FILES, "get it there", time_format="%d/%m/%Y %H:%M")
        assert found == {"tickets": tmp_path / name}
        rows = connection.execute("SELECT number, opened_at FROM tickets ORDER BY number").fetchall()
    assert rows == [(1, datetime(2016, 2, 3, 4, 5)), (2, datetime(2016, 12, 11, 10, 9))]


def test_a_word_for_unknown_does_not_make_a_column_text(tmp_path):
    (tmp_path / "official.csv").write_text("number,opened_at\n1,?\n?,03/02/2016 04:05\n")
    with duckdb.connect() as connection:
        open_sources(connection, tmp_path, FILES, "", time_format="%d/%m/%Y %H:%M", unknown="?")
        rows = connection.execute("SELECT number, opened_at FROM tickets").fetchall()
    assert rows == [(1, None), (None, datetime(2016, 2, 3, 4, 5))]


def test_the_first_name_is_preferred_and_a_missing_file_says_where_it_is_had(tmp_path):
    for name in FILES["tickets"]:
        (tmp_path / name).write_text("number\n1\n")
    with duckdb.connect() as connection:
        assert open_sources(connection, tmp_path, FILES, "")["tickets"].name == "official.csv"
        with pytest.raises(FileNotFoundError, match=r"none of a\.csv, b\.csv is there; ask the shop"):
            open_sources(connection, tmp_path, {"sold": ("a.csv", "b.csv")}, "ask the shop")


def test_sql_beside_a_file_is_run_with_bound_values(tmp_path):
    (tmp_path / "make.sql").write_text("CREATE TEMP TABLE made AS SELECT 1 AS one")
    (tmp_path / "read.sql").write_text("SELECT one, $word AS word FROM made")
    with duckdb.connect() as connection:
        run_sql(connection, str(tmp_path / "importer.py"), "make.sql")
        rows = read_sql(connection, str(tmp_path / "importer.py"), "read.sql", word="it's")
    assert rows.to_pylist() == [{"one": 1, "word": "it's"}]


def test_a_file_of_another_layout_is_told_by_name(tmp_path):
    (tmp_path / "copy.parquet").write_bytes(b"PAR1 and no more")
    with (
        duckdb.connect() as connection,
        pytest.raises(LayoutError, match=r"copy\.parquet: the files do not have the layout"),
    ):
        open_sources(connection, tmp_path, FILES, "")
    (tmp_path / "official.csv").write_text("nummer\n1\n")
    (tmp_path / "read.sql").write_text("SELECT number FROM tickets")
    with duckdb.connect() as connection:
        open_sources(connection, tmp_path, FILES, "")
        with pytest.raises(LayoutError, match=r'read\.sql: .*"number" not found.*are they whole'):
            read_sql(connection, str(tmp_path / "importer.py"), "read.sql")
    (tmp_path / "official.csv").write_text("number\nmany\n")
    (tmp_path / "read.sql").write_text("SELECT CAST(number AS INTEGER) FROM tickets")
    with duckdb.connect() as connection:
        open_sources(connection, tmp_path, FILES, "")
        with pytest.raises(LayoutError, match=r"read\.sql: .*many"):
            read_sql(connection, str(tmp_path / "importer.py"), "read.sql")
