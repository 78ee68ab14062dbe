"""Landing files by day of delivery, whole and in the columns of the contract."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.contracts.feeds import feeds
from pipelines.importers.landing_writer import write_landing_files

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


def test_columns_of_nobody_and_missing_ones_are_refused(workspace):
    with pytest.raises(
        ValueError, match=r"feed storefront: needs delivered_on .*\['weather'\] are none of its columns"
    ):
        write_landing_files(workspace, "storefront", rows(weather=["w"] * 3))
    with pytest.raises(ValueError, match=r"required columns are missing: \['sku_id'\]"):
        write_landing_files(workspace, "stock", rows())
    assert not workspace.landing.exists()
