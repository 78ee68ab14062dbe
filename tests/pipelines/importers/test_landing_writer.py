"""Landing files by day of delivery, whole and in the columns of the contract."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.contracts.feeds import feeds
from pipelines.contracts.ingest import ingest
from pipelines.importers.landing_writer import write_history_file, write_landing_files

D1, D2 = date(2026, 10, 1), date(2026, 10, 2)


def rows(**columns):
    return pa.table({"date": [D2, D1, D2], "merchant_id": ["b", "a", "c"], "delivered_on": [D2, D1, D2], **columns})


def test_one_file_per_day_with_all_columns(workspace):
    assert write_landing_files(workspace, "storefront", rows(visitors=pa.array([2, 1, 3], pa.int32()))) == 3
    folder = workspace.landing / "storefront"
    assert sorted(path.name for path in folder.iterdir()) == ["2026-10-01.parquet", "2026-10-02.parquet"]
    table = pq.read_table(folder / "2026-10-02.parquet")
    assert table.schema == feeds()["storefront"].schema
    assert table.select(["merchant_id", "visitors", "orders"]).to_pylist() == [
        {"merchant_id": "b", "visitors": 2, "orders": None},
        {"merchant_id": "c", "visitors": 3, "orders": None},
    ]


def test_no_rows_write_no_file(workspace):
    assert write_landing_files(workspace, "storefront", rows(visitors=[2, 1, 3]).slice(0, 0)) == 0
    assert list((workspace.landing / "storefront").iterdir()) == []


def test_columns_of_nobody_and_missing_ones_are_refused(workspace):
    with pytest.raises(
        ValueError, match=r"feed storefront: needs delivered_on .*\['weather'\] are none of its columns"
    ):
        write_landing_files(workspace, "storefront", rows(weather=["w"] * 3))
    with pytest.raises(ValueError, match=r"required columns are missing: \['sku_id'\]"):
        write_landing_files(workspace, "stock", rows())
    assert not workspace.landing.exists()


def test_a_history_is_one_file_whose_rows_have_no_day_of_delivery(workspace):
    history = rows(visitors=[2, 1, 3]).drop_columns(["delivered_on"])
    assert write_history_file(workspace, "storefront", "shop", history) == 3
    assert [path.name for path in (workspace.landing / "storefront").iterdir()] == ["history-shop.parquet"]
    ingest(workspace, ["merchants", "storefront"])
    held = workspace.lake.read("held_rows").to_pylist()
    assert len(held) == 3  # their merchants are not known; that they were read is what counts here
    with pytest.raises(ValueError, match=r"\['delivered_on'\] are none of its columns"):
        write_history_file(workspace, "storefront", "shop", rows())
    with pytest.raises(ValueError, match=r"required columns are missing: \['sku_id'\]"):
        write_history_file(workspace, "stock", "shop", history)
