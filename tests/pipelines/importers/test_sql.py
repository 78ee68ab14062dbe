"""Queries of a SQLite file as deliveries, from the command's functions to the lake."""

from __future__ import annotations

import sqlite3
from datetime import date

import pytest

from pipelines.contracts.ingest import ingest
from pipelines.importers import sql as sql_importer
from pipelines.importers.sql import import_sql, read_queries
from pipelines.importers.sql_database import Database, DatabaseError

SHOPS = "SELECT shop AS merchant_id, name AS merchant_name FROM shops"
SOLD = "SELECT day AS date, shop AS merchant_id, item AS sku_id, pieces AS units, paid AS gmv FROM sold"
DELIVERED = f"{SOLD.replace(' FROM', ', told AS delivered_on FROM')} ORDER BY told"


@pytest.fixture
def shop_db(tmp_path_factory):
    """A shop's database: two shops, and what they sold on two days; the second day corrects a row of the first."""
    path = tmp_path_factory.mktemp("db") / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.executescript("""
            CREATE TABLE shops (shop TEXT, name TEXT);
            INSERT INTO shops VALUES ('m1', 'Ming''s <b>shop</b>'), ('m2', NULL);
            CREATE TABLE sold (day TEXT, shop TEXT, item TEXT, pieces REAL, paid NUMERIC, told TEXT);
            INSERT INTO sold VALUES
                ('2026-10-01', 'm1', 'a', 2, 19.90, '2026-10-01'),
                ('2026-10-01', 'm2', 'b', NULL, 5, '2026-10-01'),
                ('2026-10-02', 'm1', 'a', 1.5, 10, '2026-10-02'),
                ('2026-10-01', 'm1', 'a', 1, 9.95, '2026-10-02');
        """)
    return path


@pytest.fixture
def database(shop_db):
    return Database.named(f"sqlite:///{shop_db}", None)


@pytest.fixture
def queries(tmp_path_factory):
    """Return a function that writes query files into a folder."""

    def write(**texts):
        folder = tmp_path_factory.mktemp("queries")
        for name, text in texts.items():
            (folder / f"{name}.sql").write_text(text, encoding="utf-8")
        return folder

    return write


def landed(workspace, feed):
    folder = workspace.landing / feed
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_folder_of_queries_is_read_and_accepted(workspace, database, queries):
    report = import_sql(workspace, database, queries(merchants=SHOPS, sales=DELIVERED + ";\n"))
    assert report.rows == {"merchants": 2, "sales": 4}
    assert landed(workspace, "sales") == ["2026-10-01.parquet", "2026-10-02.parquet"]
    taken = ingest(workspace)
    assert (taken.feeds["sales"].accepted, taken.feeds["sales"].rejected) == (4, 0)
    rows = workspace.lake.read("sales", where="merchant_id = 'm1' AND date = DATE '2026-10-01'").to_pylist()
    assert sorted((row["known_on"], row["units"], row["gmv"]) for row in rows) == [
        (date(2026, 10, 1), 2.0, 19.9),
        (date(2026, 10, 2), 1.0, 9.95),
    ]
    names = workspace.lake.read("merchants", ["merchant_id", "merchant_name"]).to_pylist()
    assert {"merchant_id": "m1", "merchant_name": "Ming's <b>shop</b>"} in names


def test_without_a_day_of_delivery_rows_are_history(workspace, database, queries):
    import_sql(workspace, database, queries(merchants=SHOPS, sales=f"{SOLD} WHERE told = day"))
    assert landed(workspace, "sales") == ["history-sql.parquet"]
    ingest(workspace)
    rows = workspace.lake.read("sales", ["known_on", "date", "known_on_assumed"]).to_pylist()
    assert all(row["known_on"] == row["date"] and row["known_on_assumed"] for row in rows)
    assert len(rows) == 3


def test_a_named_day_is_bound_and_names_the_file(workspace, database, queries):
    folder = queries(sales=f"{SOLD} WHERE told = :day")
    assert import_sql(workspace, database, folder, day=date(2026, 10, 2)).rows == {"sales": 2}
    assert landed(workspace, "sales") == ["2026-10-02.parquet"]


def test_a_file_of_another_name_serves_with_its_feed(workspace, database, queries):
    file = queries(october=SOLD) / "october.sql"
    assert import_sql(workspace, database, file, feed="sales").rows == {"sales": 4}
    with pytest.raises(ValueError, match=r"october\.sql: no feed is called 'october'.*use --feed"):
        import_sql(workspace, database, file)
    with pytest.raises(ValueError, match="did you mean sales"):
        import_sql(workspace, database, queries(sale=SOLD))
    with pytest.raises(ValueError, match="--feed goes with one query file"):
        import_sql(workspace, database, file.parent, feed="sales")


def test_rows_are_streamed_in_pieces(workspace, database, queries, monkeypatch):
    whole, sizes = sql_importer.as_text, []
    monkeypatch.setattr(sql_importer, "CHUNK_ROWS", 3)
    monkeypatch.setattr(sql_importer, "as_text", lambda *given: sizes.append(len(given[2])) or whole(*given))
    assert import_sql(workspace, database, queries(merchants=SHOPS, sales=DELIVERED)).rows["sales"] == 4
    assert sizes == [2, 2, 1, 1]  # merchants; sales in pieces of three, cut where the next day begins
    assert ingest(workspace).feeds["sales"].accepted == 4


def test_a_bad_value_is_rejected_by_the_contract_with_its_line(workspace, database, queries):
    bad = "SELECT '2026-10-01' AS date, shop AS merchant_id, iif(shop='m1', -1, 'many') AS units FROM shops"
    import_sql(workspace, database, queries(merchants=SHOPS, sales=bad))
    taken = ingest(workspace).feeds["sales"]
    assert (taken.read, taken.accepted, taken.rejected) == (2, 0, 2)
    rules = {(row["column"], row["rule"]) for row in workspace.lake.read("rejected_rows").to_pylist()}
    assert len(rules) == 2
    assert {column for column, _ in rules} == {"units"}


def test_the_database_is_not_written_to(workspace, database, queries, shop_db):
    for text in ("DELETE FROM shops", "INSERT INTO shops VALUES ('x', 'y') RETURNING shop AS merchant_id"):
        with pytest.raises(DatabaseError, match=r"merchants\.sql: sqlite.*readonly"):
            import_sql(workspace, database, queries(merchants=text))
    with sqlite3.connect(shop_db) as connection:
        assert connection.execute("SELECT count(*) FROM shops").fetchone() == (2,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SOLD.replace("paid", "payed"), "refuses the query: no such column: payed; mend it"),
        (
            SOLD.replace("shop AS merchant_id", "shop AS mrchant_id"),
            "'merchant_id' is missing: write mrchant_id AS merch",
        ),
        (SOLD.replace("pieces AS units", "pieces AS unit"), "column 'unit' is none of feed sales: write unit AS units"),
        (SOLD.replace("FROM", ", 1 AS weather FROM"), "column 'weather' is none of feed sales: leave it out"),
        (SOLD.replace("paid AS gmv", "paid AS units"), "column 'units' stands twice"),
        (SOLD.replace("item AS", "x'ff' AS"), "column 'sku_id' holds bytes"),
        (DELIVERED.replace("told AS", "'soon' AS"), "delivered_on is 'soon'; give the day of delivery"),
        (DELIVERED.replace("BY told", "BY pieces"), "come in more than one place; ORDER BY delivered_on"),
        (f"{SOLD} WHERE told = :day", "asks for :day; add --day"),
        (f"{SOLD} WHERE told = :since", "only :day can be bound, not :since"),
        ("  ;\n", "is empty; write one SELECT"),
        ("SELEC 1", "refuses the query.*syntax error"),
    ],
)
def test_mistakes_are_told_with_file_and_mend_and_leave_nothing(workspace, database, queries, text, message):
    with pytest.raises(ValueError, match=rf"sales\.sql: .*{message}"):
        import_sql(workspace, database, queries(merchants=SHOPS, sales=text))
    assert landed(workspace, "sales") == []
    assert landed(workspace, "merchants") == []


def test_delivered_on_and_a_named_day_contradict_each_other(workspace, database, queries):
    with pytest.raises(DatabaseError, match="gives delivered_on and --day is named"):
        import_sql(workspace, database, queries(sales=DELIVERED), day=date(2026, 10, 2))


def test_no_rows_write_nothing_and_say_so(workspace, database, queries):
    report = import_sql(workspace, database, queries(sales=f"{SOLD} WHERE false"))
    assert str(report) == "sales: 0\nnote: sales: the query returned no rows"
    assert landed(workspace, "sales") == []


def test_a_folder_without_queries_and_foreign_bytes_are_told(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"holds no \.sql file"):
        read_queries(tmp_path, None, None)
    (tmp_path / "sales.sql").write_bytes("SELECT '中'".encode("gbk"))
    with pytest.raises(ValueError, match=r"sales\.sql: is not UTF-8"):
        read_queries(tmp_path, None, None)


def test_a_file_that_is_no_database_is_told(workspace, tmp_path, queries):
    (tmp_path / "shop.db").write_text("merchant_id,name\n" * 100)
    with pytest.raises(DatabaseError, match="file is not a database"):
        import_sql(workspace, Database.named(f"sqlite:///{tmp_path / 'shop.db'}", None), queries(sales=SOLD))


def test_merchants_are_read_first(queries):
    folder = queries(sales=SOLD, merchants=SHOPS, plans=SOLD)
    assert [query.feed for query in read_queries(folder, None, None)] == ["merchants", "sales", "plans"]
