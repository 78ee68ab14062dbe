from datetime import date

import pyarrow as pa
import pytest

from pipelines.asof import create_as_of_view, create_feed_view
from pipelines.buckets import bucket_of
from pipelines.defs.marts.step import update_mart
from pipelines.engine import connect

JANUARY, FEBRUARY = date(2026, 1, 31), date(2026, 2, 1)
D1, D2, D3 = date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)


def stock(on, on_hand, **more):
    return {"date": on, "merchant_id": "m1", "sku_id": "a", "on_hand": on_hand, **more}


@pytest.fixture
def seen(workspace):
    """Return a function that gives the rows of a feed as of a day."""

    def read(columns, feed, as_of, **more):
        with connect() as connection:
            create_feed_view(connection, workspace.lake, feed, as_of, **more)
            return connection.execute(f'SELECT {columns} FROM "{more.get("name", feed)}" ORDER BY ALL').fetchall()

    return read


def test_the_newest_version_is_that_of_the_newest_day_then_file_then_line(deliver, seen):
    deliver("stock", D2, stock(D1, 1.0, file="z.csv", line=9))
    deliver("stock", D3, stock(D1, 2.0, file="2026-01-03.csv", line=9))
    assert seen("on_hand", "stock", D3) == [(2.0,)]
    deliver("stock", D3, stock(D1, 3.0, file="2026-01-03.csv#2", line=2))
    assert seen("on_hand", "stock", D3) == [(3.0,)]
    deliver("stock", D3, stock(D1, 4.0, file="2026-01-03.csv#2", line=10))
    assert seen("on_hand", "stock", D3) == [(4.0,)]
    assert seen("on_hand", "stock", D2) == [(1.0,)]


def test_before_its_delivery_a_row_does_not_exist(deliver, seen):
    deliver("stock", FEBRUARY, stock(JANUARY, 1.0))
    assert seen("on_hand", "stock", JANUARY) == []
    assert seen("on_hand", "stock", FEBRUARY) == [(1.0,)]


def test_dates_restrict_dated_feeds_and_leave_snapshots_whole(deliver, seen):
    deliver("stock", D3, *(stock(day, 1.0) for day in (D1, D2, D3)))
    assert seen("date", "stock", D3, from_date=D2, to_date=D2) == [(D2,)]
    deliver("inbound", D3, {"merchant_id": "m1", "purchase_order_id": "p", "sku_id": "a", "ordered_on": D1})
    assert seen("ordered_on", "inbound", D3, from_date=D2, to_date=D2) == [(D1,)]


def test_a_roster_delivered_months_ahead_is_found_by_its_date(deliver, seen):
    deliver("roster", D1, {"date": date(2026, 3, 20), "merchant_id": "m1", "hour": 9, "agents": 2.0})
    assert seen("agents", "roster", date(2026, 3, 20), from_date=date(2026, 3, 1)) == [(2.0,)]


def test_only_the_buckets_asked_for_and_under_the_name_asked_for(deliver, seen):
    merchants = [f"m{number}" for number in range(12)]
    deliver("merchants", D1, *({"merchant_id": name} for name in merchants))
    own = [(name,) for name in sorted(merchants) if bucket_of(name, 2) == 1]
    assert 0 < len(own) < len(merchants)
    assert seen("merchant_id", "merchants", D1, buckets=[1], name="shops") == own
    assert seen("merchant_id", "merchants", D1, buckets=[]) == []


def test_a_mart_row_touched_later_is_shown_as_it_was(workspace, deliver):
    deliver("merchants", D1, {"merchant_id": "m1", "status": "open"})
    for day in (D1, D2):
        deliver("sales", day, {"date": day, "merchant_id": "m1", "sku_id": "a", "units": 1.0})
    deliver("sales", D3, {"date": D2, "merchant_id": "m1", "sku_id": "a", "units": 7.0})
    update_mart(workspace, "merchant_day")
    for as_of, rows in ((D1, [(D1, 1.0)]), (D2, [(D1, 1.0), (D2, 1.0)]), (D3, [(D1, 1.0), (D2, 7.0)])):
        with connect() as connection:
            create_as_of_view(connection, workspace.lake, "merchant_day", as_of)
            found = connection.execute("SELECT date, sales_units FROM merchant_day ORDER BY date").fetchall()
        assert found == rows
    with connect() as connection:
        create_as_of_view(connection, workspace.lake, "merchant_day", D3, since=D2)
        assert connection.execute("SELECT date FROM merchant_day").fetchall() == [(D2,)]


def test_made_tables_hide_days_made_later_whatever_their_day_column_is_called(workspace):
    for table, column in (("segments", "as_of"), ("volume_forecast", "made_on")):
        schema = workspace.lake.read(table).schema
        for day in (D1, D2, D3):
            row = {**dict.fromkeys(schema.names), column: day, "merchant_id": "m1"}
            workspace.lake.replace_day(table, day, pa.Table.from_pylist([row], schema=schema))
        with connect() as connection:
            create_as_of_view(connection, workspace.lake, table, D2)
            assert connection.execute(f"SELECT {column} FROM {table} ORDER BY 1").fetchall() == [(D1,), (D2,)]
