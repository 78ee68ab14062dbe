from datetime import date

import duckdb
import pyarrow as pa
import pytest

from pipelines.contracts.feeds import feeds
from pipelines.day import Day
from pipelines.defs.publishing.warehouse import KEEP, warehouse
from pipelines.tables import tables

DAY = date(2026, 1, 1)


@pytest.fixture
def published(workspace, deliver):
    """A warehouse over one feed and one made table."""
    deliver("merchants", DAY, {"merchant_id": "m1", "merchant_name": "O'Neill", "status": "open"})
    schema = tables()["segments"].schema
    row = {**dict.fromkeys(schema.names), "as_of": DAY, "merchant_id": "m1"}
    workspace.lake.replace_day("segments", DAY, pa.Table.from_pylist([row], schema=schema))
    assert warehouse(Day(workspace, DAY)) == {"warehouse": 2}
    return workspace.published / "warehouse"


def ask(path, sql):
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def publications(folder):
    return sorted(path.name for path in folder.glob("*.duckdb") if not path.is_symlink())


def test_every_table_that_exists_is_a_view_under_its_own_name(published):
    latest = published / "latest.duckdb"
    assert ask(latest, "SELECT merchant_name FROM merchants") == [("O'Neill",)]
    assert ask(latest, "SELECT as_of, merchant_id FROM segments") == [(DAY, "m1")]
    views = ask(latest, "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal ORDER BY 1")
    assert views == [("merchants", feeds()["merchants"].description), ("segments", tables()["segments"].description)]


def test_columns_carry_their_description(published):
    sql = "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'segments' AND comment IS NOT NULL"
    comments = dict(ask(published / "latest.duckdb", sql))
    assert set(comments) == set(tables()["segments"].columns)
    assert not any(text.endswith(" ()") for text in comments.values())


def test_two_pointers_name_the_newest_publication(workspace, published):
    before = (published / "latest").read_text(encoding="utf-8")
    warehouse(Day(workspace, DAY))
    after = (published / "latest").read_text(encoding="utf-8")
    assert before != after
    assert (published / "latest.duckdb").resolve().name == after.strip() == publications(published)[-1]
    assert after.startswith(DAY.isoformat())


def test_the_newest_are_kept_the_rest_removed_and_no_draft_is_left(workspace, published):
    made = [publications(published)[0]]
    for _ in range(KEEP + 1):
        warehouse(Day(workspace, DAY))
        made.append((published / "latest").read_text(encoding="utf-8").strip())
    assert publications(published) == sorted(made[-KEEP:])
    assert [path.name for path in published.iterdir() if path.name.startswith(".")] == []


def test_an_analyst_who_reads_does_not_stop_the_next_publication(workspace, published):
    with duckdb.connect(str(published / "latest.duckdb"), read_only=True) as reader:
        warehouse(Day(workspace, DAY))
        assert reader.execute("SELECT count(*) FROM merchants").fetchall() == [(1,)]
