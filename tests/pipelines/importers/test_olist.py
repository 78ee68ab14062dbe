"""A few orders in the layout of Olist, whose fulfilment can be followed by hand from day to day."""

from __future__ import annotations

import shutil
from datetime import date, datetime

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipelines.contracts.ingest import ingest
from pipelines.day import Day
from pipelines.importers import IMPORTERS
from pipelines.importers.sources import LayoutError
from pipelines.workspace import Workspace

D = [date(2018, 3, number) for number in range(1, 32)]
LAST = datetime(2018, 3, 31, 9)


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2018, 3, day, hour)


# order, status, purchased, approved, handed over, delivered, promised
ORDERS = [
    ("in_time", "delivered", at(1), at(1, 13), at(2), at(5), at(10, 0)),
    ("late", "delivered", at(1), at(2), at(8), at(20), at(10, 0)),
    ("waiting", "processing", at(1), at(1), None, None, at(10, 0)),
    ("given_up", "canceled", at(1), at(1), None, None, at(10, 0)),
    ("lost_time", "delivered", at(1), at(1), None, at(4), at(10, 0)),
    ("two_sellers", "delivered", at(12), at(12), at(13), at(14), at(20, 0)),
    ("unpaid", "created", LAST, None, None, None, datetime(2018, 4, 20)),
    ("no_items", "unavailable", at(3), at(3), None, None, at(20, 0)),
]
ITEMS = [
    ("in_time", 1, "shoe", "anna", at(4), 10.0),
    ("in_time", 2, "shoe", "anna", at(4), 10.0),
    ("late", 1, "shoe", "anna", at(4), 10.5),
    ("waiting", 1, "hat", "anna", at(4), 7.0),
    ("given_up", 1, "hat", "anna", at(4), 7.0),
    ("lost_time", 1, "hat", "anna", at(4), 7.0),
    ("two_sellers", 1, "hat", "anna", at(14), 7.0),
    ("two_sellers", 2, "lamp", "bela", at(12, 13), 99.0),
    ("unpaid", 1, "shoe", "anna", datetime(2018, 4, 4), 10.0),
]
REVIEWS = [
    ("r1", "in_time", 5, " Ótimo ", "Chegou\nrápido", at(6)),
    ("r1", "late", 1, None, None, at(21)),
    ("r2", "two_sellers", 4, None, "bom", at(15)),
    ("r3", "no_items", 1, None, "nada", at(22)),
]
FRAMES = {
    "olist_orders_dataset": pd.DataFrame(ORDERS, columns=[
        "order_id", "order_status", "order_purchase_timestamp", "order_approved_at", "order_delivered_carrier_date",
        "order_delivered_customer_date", "order_estimated_delivery_date",
    ]).assign(customer_id=lambda rows: "c-" + rows["order_id"]),
    "olist_order_items_dataset": pd.DataFrame(
        ITEMS, columns=["order_id", "order_item_id", "product_id", "seller_id", "shipping_limit_date", "price"]
    ),
    "olist_order_reviews_dataset": pd.DataFrame(REVIEWS, columns=[
        "review_id", "order_id", "review_score", "review_comment_title", "review_comment_message",
        "review_answer_timestamp",
    ]),
    "olist_customers_dataset": pd.DataFrame({
        "customer_id": [f"c-{order[0]}" for order in ORDERS], "customer_unique_id": ["same"] * 2 + list("abcdef"),
    }),
    "olist_products_dataset": pd.DataFrame({
        "product_id": ["shoe", "hat", "lamp", "rare"], "product_category_name": ["calcados", "moda", None, "raro"],
    }),
    "olist_sellers_dataset": pd.DataFrame({
        "seller_id": ["anna", "bela", "cleo"], "seller_state": ["SP", "RJ", "MG"],
    }),
    "product_category_name_translation": pd.DataFrame({
        "product_category_name": ["calcados", "moda"], "product_category_name_english": ["shoes", "fashion"],
    }),
}  # fmt: skip
HASHED = pd.DataFrame(
    [("elsewhere", 1, "rare", "cleo", at(9), 3.0), ("late", 1, "shoe", "anna", at(4), 10.5)],
    columns=FRAMES["olist_order_items_dataset"].columns,
)
QUARTERS = pd.DataFrame({"seller_active_quarter": ["2017Q1"], "seller_id": ["seller_1"], "is_churn": [True]})


@pytest.fixture(scope="module")
def official(tmp_path_factory):
    """All files as the official CSV."""
    folder = tmp_path_factory.mktemp("olist")
    for name, frame in FRAMES.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    return folder


@pytest.fixture
def sample(tmp_path_factory):
    """Parquet copies: samples of orders, whole tables, items of other orders, and the seller-quarters."""
    folder = tmp_path_factory.mktemp("olist_sample")
    for name, frame in FRAMES.items():
        whole = "sellers" in name or "products" in name or "translation" in name
        frame.to_parquet(folder / f"{'full' if whole else 'sample'}_{name}.parquet")
    HASHED.to_parquet(folder / "sample_order_items_hash_first9998.parquet")
    QUARTERS.to_parquet(folder / "seller_quarter_churn_2017Q1_Q3.parquet")
    return folder


@pytest.fixture(scope="module")
def taken(official, tmp_path_factory):
    """The official files in the lake of a workspace that tests only read, and what the importer said."""
    workspace = Workspace.at(tmp_path_factory.mktemp("shop"))
    report = IMPORTERS["olist"](official, workspace)
    read = ingest(workspace).feeds
    for feed, rows in report.rows.items():
        assert (read[feed].read, read[feed].accepted + read[feed].unchanged) == (rows, rows)
        assert (read[feed].rejected, read[feed].held) == (0, 0)
    return workspace, report


def rows_as_of(workspace, feed, day, **where):
    with Day(workspace, day).connect(feed) as connection:
        rows = connection.sql(f'FROM "{feed}"').to_arrow_table().to_pylist()
    return [row for row in rows if all(row[name] == value for name, value in where.items())]


def test_a_cohort_is_what_was_known_on_each_day(taken):
    workspace, _ = taken

    def cohort(day):
        (row,) = rows_as_of(workspace, "fulfilment", D[day - 1], merchant_id="anna", date=D[0])
        return {name: row[name] for name in (
            "orders", "dispatched", "dispatch_due", "dispatched_late", "pickup_due_48h", "picked_up_48h",
            "delivery_due", "delivered_late",
        )}  # fmt: skip

    placed = dict.fromkeys(cohort(1), 0) | {"orders": 5}
    assert cohort(1) == placed
    assert cohort(2) == placed | {"dispatched": 1}
    # 48 hours are over for in_time, late and waiting; whether given_up and lost_time were due, nobody says.
    assert cohort(3) == placed | {"dispatched": 1, "pickup_due_48h": 3, "picked_up_48h": 1}
    two_late = {"dispatch_due": 3, "dispatched_late": 2, "pickup_due_48h": 3, "picked_up_48h": 1}
    assert cohort(4) == placed | {"dispatched": 1} | two_late
    assert cohort(9) == placed | {"dispatched": 2} | two_late
    # lost_time came in time, though the hand-over is not told; late and waiting have not come by the promised day.
    promised = {"delivery_due": 4, "delivered_late": 2}
    assert cohort(10) == placed | {"dispatched": 2} | two_late | promised
    assert cohort(25) == cohort(10)
    (row,) = rows_as_of(workspace, "fulfilment", D[30], merchant_id="anna", date=D[0])
    unknown = ("cancelled_by_seller", "cancelled_by_buyer", "tracked_valid", "on_time_and_tracked")
    assert [row[name] for name in unknown] == [None] * 4


def test_each_seller_of_an_order_has_its_own_ship_by_time(taken):
    workspace, _ = taken
    late = {row["merchant_id"]: (row["dispatch_due"], row["dispatched_late"])
            for row in rows_as_of(workspace, "fulfilment", D[14], date=D[11])}  # fmt: skip
    assert late == {"anna": (1, 0), "bela": (1, 1)}


def test_what_is_paid_counts_on_the_day_of_approval(taken):
    workspace, _ = taken
    sold = {(row["date"], row["merchant_id"], row["sku_id"]): (row["order_lines"], row["units"], row["gmv"])
            for row in rows_as_of(workspace, "sales", D[30])}  # fmt: skip
    assert sold == {
        (D[0], "anna", "shoe"): (1, 2.0, 20.0),
        (D[0], "anna", "hat"): (3, 3.0, 21.0),
        (D[1], "anna", "shoe"): (1, 1.0, 10.5),
        (D[11], "anna", "hat"): (1, 1.0, 7.0),
        (D[11], "bela", "lamp"): (1, 1.0, 99.0),
    }
    (first,) = rows_as_of(workspace, "storefront", D[0])
    assert (first["orders"], first["buyers"], first["visitors"]) == (4, 4, None)
    assert rows_as_of(workspace, "sales", D[0], date=D[1]) == []


def test_reviews_are_of_one_seller_and_known_when_answered(taken):
    workspace, report = taken
    rows = {row["review_id"]: row for row in rows_as_of(workspace, "reviews", D[30])}
    assert set(rows) == {"r1-in_time", "r1-late"}
    first = rows["r1-in_time"]
    assert (first["sku_id"], first["rating"], first["text"], first["language"], first["known_on"]) == (
        "shoe", 5, "Ótimo\nChegou\nrápido", "pt", D[5],
    )  # fmt: skip
    assert (rows["r1-late"]["text"], rows["r1-late"]["language"]) == (None, None)
    assert "2 reviews are of orders with no or several sellers" in str(report)
    assert "1 orders have no items" in str(report)
    assert "1 orders of a seller were given up" in str(report)
    assert "1 orders of a seller lack the time of the hand-over" in str(report)
    assert "sample" not in str(report)


def test_sellers_have_their_state_and_main_category_and_a_sample_says_so(sample, workspace):
    report = IMPORTERS["olist"](sample, workspace)
    assert ingest(workspace, ["merchants", "products"]).feeds["products"].accepted == report.rows["products"]
    sellers = {row["merchant_id"]: row for row in rows_as_of(workspace, "merchants", D[0])}
    assert {name: (row["category"], row["region"]) for name, row in sellers.items()} == {
        "anna": ("fashion", "SP"), "bela": (None, "RJ"), "cleo": ("raro", "MG"),
    }  # fmt: skip
    assert sellers["anna"]["merchant_name"] == "Olist seller anna (sample, rates not real)"
    assert report.notes[0].startswith("the orders are a sample chosen by their outcome")
    assert "1 items are of orders whose times are not in the files" in str(report)
    products = {(row["merchant_id"], row["sku_id"]): row for row in rows_as_of(workspace, "products", D[30])}
    assert products["cleo", "rare"]["known_on"] == D[8]
    assert products["anna", "shoe"]["known_on"] == D[0]
    assert products["anna", "shoe"]["unit_price"] is None


def test_the_seller_quarters_are_a_truth_and_no_feed(sample, taken, workspace):
    without, said = taken
    assert "seller-quarters" not in str(said)
    assert not without.truth.exists()
    report = IMPORTERS["olist"](sample, workspace)
    path = workspace.truth / "olist_seller_quarters.parquet"
    assert f"1 seller-quarters lie in {path}" in str(report)
    assert pd.read_parquet(path).equals(QUARTERS)
    assert b"joins with no seller" in pq.read_schema(path).metadata[b"about"]
    ingest(workspace, ["merchants"])
    assert "seller_1" not in {row["merchant_id"] for row in rows_as_of(workspace, "merchants", D[30])}


def test_a_missing_file_says_where_to_get_it(official, tmp_path, workspace):
    for name in ("olist_orders_dataset.csv", "olist_order_items_dataset.csv", "olist_order_reviews_dataset.csv"):
        shutil.copy(official / name, tmp_path)
    with pytest.raises(FileNotFoundError, match=r"olist_customers_dataset\.csv.*kaggle\.com"):
        IMPORTERS["olist"](tmp_path, workspace)


def test_a_file_of_another_layout_leaves_nothing(official, tmp_path, workspace):
    for path in official.iterdir():
        shutil.copy(path, tmp_path)
    (tmp_path / "olist_order_reviews_dataset.csv").write_text("review_id,order_id\nr1,in_time\n", encoding="utf-8")
    with pytest.raises(LayoutError, match=r"olist_reviews\.sql: .*review_answer_timestamp"):
        IMPORTERS["olist"](tmp_path, workspace)
    assert not workspace.landing.exists()
