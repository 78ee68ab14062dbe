from datetime import date

import pyarrow as pa
import pytest

from pipelines.day import Block, Day, pack_buckets
from pipelines.defs.marts.step import update_mart

D1, D2 = date(2026, 1, 1), date(2026, 1, 2)


def test_buckets_are_packed_in_order_and_a_full_one_stands_alone():
    blocks = pack_buckets([(0, 3), (1, 3), (2, 9), (3, 1)], most=6)
    assert blocks == [Block((0, 1), 6), Block((2,), 9), Block((3,), 1)]
    assert pack_buckets([], most=6) == []


def test_snapshots_show_the_version_known_on_the_day(workspace, deliver):
    deliver("merchants", D1, {"merchant_id": "m1", "merchant_name": "old", "status": "open"})
    deliver("merchants", D2, {"merchant_id": "m1", "merchant_name": "new", "status": "open"})
    names = []
    for day in (D1, D2):
        with Day(workspace, day).connect("merchants") as connection:
            names.append(connection.execute("SELECT merchant_name FROM merchants").fetchall())
    assert names == [[("old",)], [("new",)]]


def test_made_tables_show_nothing_made_later(workspace):
    schema = workspace.lake.read("segments").schema
    for day in (D1, D2):
        row = {"as_of": day, "merchant_id": "m1", "growth_stage": "new", "size_class": "key", "account_manager": None}
        filled = {**dict.fromkeys(schema.names), **row}
        workspace.lake.replace_day("segments", day, pa.Table.from_pylist([filled], schema=schema))
    with Day(workspace, D1).connect("segments") as connection:
        assert connection.execute("SELECT as_of FROM segments").fetchall() == [(D1,)]


def test_a_step_cannot_write_another_day(workspace):
    schema = workspace.lake.read("peer_matches").schema
    row = {**dict.fromkeys(schema.names), "as_of": D2, "merchant_id": "m1"}
    with pytest.raises(ValueError, match="another day"):
        Day(workspace, D1).write("peer_matches", pa.Table.from_pylist([row], schema=schema))


def test_blocks_hold_every_merchant_once(workspace, deliver):
    deliver("merchants", D1, *({"merchant_id": f"m{number}", "status": "open"} for number in range(20)))
    blocks = Day(workspace, D1).blocks()
    assert sum(block.merchants for block in blocks) == 20
    assert sorted(bucket for block in blocks for bucket in block.buckets) == [0, 1]


def test_a_feed_asked_for_beside_a_mart_is_whole_though_the_mart_is_built_from_it(workspace, deliver):
    deliver("merchants", D1, {"merchant_id": "m1", "status": "open"})
    deliver("sales", D1, {"date": D1, "merchant_id": "m1", "sku_id": "", "units": 1.0})
    deliver("roster", D1, {"date": D2, "merchant_id": "m1", "hour": 9, "agents": 2.0})
    deliver("sales", D2, {"date": D1, "merchant_id": "m1", "sku_id": "", "units": 5.0})
    update_mart(workspace, "merchant_day")
    with Day(workspace, D1).connect("roster", "merchant_day") as connection:
        assert connection.execute("SELECT date, agents FROM roster").fetchall() == [(D2, 2.0)]
        assert connection.execute("SELECT sales_units FROM merchant_day").fetchall() == [(1.0,)]
