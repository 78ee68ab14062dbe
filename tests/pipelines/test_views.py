from datetime import date

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from pipelines.engine import connect
from pipelines.lake import Lake
from pipelines.tables import tables
from pipelines.views import Pruning, create_view, open_views, partitions_of, schema_of

D1, D2 = date(2026, 1, 1), date(2026, 1, 2)


def segments(lake, *days):
    schema = tables()["segments"].schema
    for day in days:
        row = {**dict.fromkeys(schema.names), "as_of": day, "merchant_id": "m1"}
        lake.replace_day("segments", day, pa.Table.from_pylist([row], schema=schema))


@pytest.mark.parametrize("table", ["sales", "consultations", "segments", "merchant_day", "sku_day", "run_log"])
def test_a_table_that_nobody_has_written_is_empty_and_typed(tmp_path, table):
    with open_views(Lake(str(tmp_path)), [table]) as connection:
        found = connection.sql(f"SELECT * FROM {table}").to_arrow_table()
    wanted = schema_of(table)
    assert found.num_rows == 0
    assert found.schema.names == wanted.names
    assert [field.type for field in found.schema] == [field.type for field in wanted]


def test_an_unknown_name_is_an_error(tmp_path):
    with pytest.raises(KeyError, match="sails"):
        open_views(Lake(str(tmp_path)), ["sails"])


def test_partition_values_come_from_the_path_and_are_decoded():
    path = "/month=2026-01/bucket=3/part%20one.parquet"
    assert partitions_of(path) == {"month": "2026-01", "bucket": "3"}
    assert partitions_of("/t/as_of=2026-01-01%2000/p.parquet") == {"as_of": "2026-01-01 00"}


def test_files_of_other_buckets_and_months_are_not_opened():
    january = {"month": "2026-01", "bucket": "3"}
    assert Pruning().keeps(january)
    assert Pruning(frozenset({3}), date(2026, 1, 31), D1).keeps(january)
    assert not Pruning(buckets=frozenset({2})).keeps(january)
    assert not Pruning(since=date(2026, 2, 1)).keeps(january)
    assert not Pruning(until=date(2025, 12, 31)).keeps(january)
    assert Pruning(frozenset({2}), until=date(2025, 12, 31)).keeps({})  # not partitioned: nothing is known


def test_a_view_reads_only_the_files_that_are_kept(tmp_path):
    lake = Lake(str(tmp_path))
    segments(lake, D1, D2)
    with connect() as connection:
        create_view(connection, lake, "segments", "first", keeps=lambda values: values["as_of"] == D1.isoformat())
        create_view(connection, lake, "segments", "none", keeps=lambda values: False)
        assert connection.execute("SELECT as_of FROM first").fetchall() == [(D1,)]
        assert connection.execute("SELECT as_of FROM none").fetchall() == []


@pytest.mark.parametrize("folder", ["owner's shop", "我的店 (2)", "a#b", "tenant=acme", 'say "go"'])
def test_a_workspace_may_lie_in_a_folder_of_any_name(tmp_path, folder):
    lake = Lake(str(tmp_path / folder))
    segments(lake, D1)
    assert set(lake.read("segments").schema.names) == set(tables()["segments"].schema.names)
    assert lake.read("segments", ["as_of", "merchant_id"]).to_pylist() == [{"as_of": D1, "merchant_id": "m1"}]
    row = {**dict.fromkeys(tables()["run_log"].schema.names), "step": "risk"}
    lake.append("run_log", pa.Table.from_pylist([row], schema=tables()["run_log"].schema))
    assert lake.read("run_log").to_pylist() == [row]


def test_partition_columns_have_their_types_though_they_are_text_in_the_path(workspace, deliver):
    deliver("merchants", D1, {"merchant_id": "m1"})
    segments(workspace.lake, D1)
    with open_views(workspace.lake, ["merchants", "segments"]) as connection:
        kinds = {row[0]: row[1] for row in connection.execute("DESCRIBE merchants").fetchall()}
        assert (kinds["known_month"], kinds["bucket"], kinds["known_on"]) == ("VARCHAR", "SMALLINT", "DATE")
        kinds = {row[0]: row[1] for row in connection.execute("DESCRIBE segments").fetchall()}
        assert kinds["as_of"] == "DATE"


def test_a_column_that_was_added_later_is_unknown_on_earlier_days(tmp_path):
    lake = Lake(str(tmp_path))
    schema = tables()["incidents"].schema
    row = {**dict.fromkeys(schema.names), "incident_id": "inc-1", "status": "open"}
    early = [name for name in schema.names if name not in ("effect_told", "worsened_on")]
    day = pa.Table.from_pylist([row | {"as_of": D1}], schema=schema).select(early)
    write_deltalake(lake.uri("incidents"), day, partition_by=["as_of"])  # as the release before wrote it
    with open_views(lake, ["incidents"]) as connection:
        assert connection.execute("SELECT incident_id, effect_told FROM incidents").fetchall() == [("inc-1", None)]
    lake.replace_day("incidents", D2, pa.Table.from_pylist([row | {"as_of": D2, "worsened_on": D2}], schema=schema))
    with open_views(lake, ["incidents"]) as connection:
        found = connection.execute("SELECT worsened_on FROM incidents ORDER BY as_of").fetchall()
    assert found == [(None,), (D2,)]
