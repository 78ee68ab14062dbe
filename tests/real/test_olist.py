"""What could be had of Olist, from its files to the lake: every row, and no version that knows the future."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from pipelines.contracts.ingest import ingest
from pipelines.importers import IMPORTERS

DATA = Path(os.environ.get("MERCHANT_GPS_REAL_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
SOURCE = DATA / "olist_partial"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not SOURCE.exists(), reason=f"what could be had of the public set Olist is not at {SOURCE}"),
]


def test_every_row_arrives_and_what_is_no_feed_stays_out(workspace):
    report = IMPORTERS["olist"](SOURCE, workspace)
    assert report.rows == {
        "merchants": 3_095, "products": 9_890, "sales": 7_514, "storefront": 7_058, "fulfilment": 37_228,
        "reviews": 7_373,
    }  # fmt: skip
    said = str(report)
    assert "rates and volumes mean nothing" in said
    assert "775 orders have no items" in said
    assert "9,278 items are of orders whose times are not in the files" in said
    taken = ingest(workspace)
    for feed, rows in report.rows.items():
        read = taken.feeds[feed]
        assert (read.read, read.accepted + read.unchanged, read.rejected, read.held) == (rows, rows, 0, 0)
    names = workspace.lake.read("merchants", ["merchant_name"]).column("merchant_name").to_pylist()
    assert all(name.endswith("(sample, rates not real)") for name in names)
    # What was late in the end is what the times of the orders say.
    newest = (
        workspace.lake.read("fulfilment").to_pandas().sort_values("known_on").groupby(["date", "merchant_id"]).last()
    )
    orders = pd.read_parquet(SOURCE / "sample_olist_orders_dataset.parquet").set_index("order_id")
    items = pd.read_parquet(SOURCE / "sample_olist_order_items_dataset.parquet")
    parts = (
        items.groupby(["order_id", "seller_id"])["shipping_limit_date"].max().reset_index().join(orders, on="order_id")
    )
    assert newest["orders"].sum() == len(parts) == 7_433
    handed = parts["order_delivered_carrier_date"]
    told = ~(handed.isna() & parts["order_status"].isin(["canceled", "unavailable", "shipped", "delivered"]))
    late = told & (handed.isna() | (handed > parts["shipping_limit_date"]))
    seen = (parts["shipping_limit_date"] - parts["order_purchase_timestamp"].dt.normalize()).dt.days <= 90
    assert newest["dispatched_late"].sum() == (late & seen).sum()


def test_the_seller_quarters_can_be_read_by_an_evaluator(workspace):
    IMPORTERS["olist"](SOURCE, workspace)
    quarters = pd.read_parquet(workspace.truth / "olist_seller_quarters.parquet")
    assert (len(quarters), int(quarters["is_churn"].sum())) == (2_477, 586)
    assert quarters.groupby("seller_active_quarter").size().to_dict() == {"2017Q1": 657, "2017Q2": 810, "2017Q3": 1_010}
    assert {"n_orders", "n_orders_late_to_carrier", "median_review_score"} <= set(quarters.columns)
