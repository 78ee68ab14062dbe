"""Two stores and two products for ten days in the layout of FreshRetailNet-50K."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.contracts.ingest import ingest
from pipelines.importers import IMPORTERS

FIRST = date(2024, 3, 28)
DAYS = 10


@pytest.fixture
def source(tmp_path_factory):
    rows = [
        {
            "city_id": 3, "store_id": store, "management_group_id": 0, "first_category_id": 5, "second_category_id": 6,
            "third_category_id": 7, "product_id": product, "dt": FIRST + timedelta(days=day),
            "sale_amount": 0.3 * product,
            "stock_hour6_22_cnt": 16 if day == 4 else 0, "discount": 0.8 if day == 9 and product == 1 else 1.0,
            "holiday_flag": int(day % 7 == 2), "activity_flag": int(day == 8 and product == 2),
        }
        for store in (1, 2) for product in (1, 2) for day in range(DAYS)
    ]  # fmt: skip
    folder = tmp_path_factory.mktemp("freshretailnet")
    pq.write_table(pa.Table.from_pylist(rows), folder / "daily.parquet")
    return folder


def test_the_layout_becomes_feeds_that_are_accepted_whole(source, workspace):
    written = IMPORTERS["freshretailnet"](source, workspace).rows
    assert written == {"merchants": 2, "products": 4, "sales": 40, "stock": 40, "plans": 2 * DAYS + 2 + 2}
    report = ingest(workspace)
    for feed, rows in written.items():
        assert (report.feeds[feed].accepted, report.feeds[feed].rejected, report.feeds[feed].held) == (rows, 0, 0)
    lake = workspace.lake
    merchants = lake.read("merchants", ["merchant_id", "region", "opened_on", "status"]).to_pylist()
    assert {"merchant_id": "store-1", "region": "city-3", "opened_on": None, "status": "open"} in merchants
    sold = lake.read(
        "sales", where=f"date = DATE '{FIRST}' AND merchant_id = 'store-2' AND sku_id = 'product-2'"
    ).to_pylist()
    assert [(row["units"], row["gmv"], row["known_on"]) for row in sold] == [(0.6, None, FIRST)]
    out = lake.read("stock", where="hours_out_of_stock > 0").to_pylist()
    assert {(row["date"], row["hours_out_of_stock"], row["on_hand"]) for row in out} == {
        (FIRST + timedelta(days=4), 16.0, None)
    }


def test_promotions_are_known_seven_days_ahead_and_no_sooner(source, workspace):
    IMPORTERS["freshretailnet"](source, workspace)
    ingest(workspace)
    plans = workspace.lake.read("plans", where="merchant_id = 'store-1'").to_pylist()
    by_product = {(row["sku_id"], row["date"], row["promotion"], row["known_on"]) for row in plans if row["sku_id"]}
    assert by_product == {
        ("product-1", FIRST + timedelta(days=9), 0.2, FIRST + timedelta(days=2)),
        ("product-2", FIRST + timedelta(days=8), 0.05, FIRST + timedelta(days=1)),
    }
    shop = {row["date"]: row for row in plans if not row["sku_id"]}
    assert shop[FIRST + timedelta(days=9)]["promotion"] == 0.1
    assert {day for day, row in shop.items() if row["holiday"]} == {
        FIRST + timedelta(days=2),
        FIRST + timedelta(days=9),
    }
    assert shop[FIRST + timedelta(days=6)]["known_on"] == FIRST


def test_a_missing_file_says_where_to_get_it(tmp_path, workspace):
    with pytest.raises(FileNotFoundError, match=r"daily\.parquet, train\.parquet.*huggingface\.co"):
        IMPORTERS["freshretailnet"](tmp_path, workspace)
