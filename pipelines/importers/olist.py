"""Olist's Brazilian marketplace into feeds: what sellers sold, how fast they handed over, how customers rated them.

The data: Kaggle's `olistbr/brazilian-ecommerce`, licence CC BY-NC-SA 4.0; name the source wherever it is shown.
Download the set and run `merchant-gps import olist --from FOLDER`. Parquet copies whose names begin with `sample_` are
read too: they hold chosen orders (all that went wrong, some that went well), so **their rates and volumes mean
nothing**, and the sellers' names say so on every page.

The idea: `olist_parts.sql` makes one row per order and seller with its times; each feed is one more `.sql` file.
- **Fulfilment** has a version of each cohort for every day on which a time of one of its orders falls, so a reader of
  that day sees what was late then. What the times do not tell stays empty: who cancelled, when, scans of the carrier.
- **Sales** and **storefront** count on the day of the payment's approval, without freight. Visitors are not told.
- **Products** are known from their first order on; names, prices and lead times are not told.
- **Reviews** count on the day of the answer, and only where an order has one seller; nobody says whom others rate.
- **Seller-quarters** (a table by another team, with a label of who stopped selling) are a truth, not a feed: they lie
  in `truth/olist_seller_quarters.parquet` for an evaluator. Their sellers are renumbered and join with nothing here.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.importers.landing_writer import write_landing_files
from pipelines.importers.report import ImportReport
from pipelines.importers.sources import open_sources, read_sql, run_sql
from pipelines.workspace import Workspace


def _names(table: str) -> tuple[str, ...]:
    return tuple(f"{prefix}{table}.{suffix}" for prefix in ("", "full_", "sample_") for suffix in ("csv", "parquet"))


FILES = {
    "orders": _names("olist_orders_dataset"),
    "items": _names("olist_order_items_dataset"),
    "reviews": _names("olist_order_reviews_dataset"),
    "customers": _names("olist_customers_dataset"),
    "products": _names("olist_products_dataset"),
    "sellers": _names("olist_sellers_dataset"),
    "translation": _names("product_category_name_translation"),
    # More items say which seller sells which product; their orders are not among the orders, so they are no sales.
    "more_items": ("sample_order_items_hash_first9998.parquet", *_names("olist_order_items_dataset")),
}
FEEDS = ("merchants", "products", "sales", "storefront", "fulfilment", "reviews")
WHERE = "download the set from https://www.kaggle.com/datasets/olistbr/brazilian-ecommerce and name its folder"
QUARTERS = "seller_quarter_churn_2017Q1_Q3.parquet"
TRUTH = "olist_seller_quarters.parquet"
ABOUT = "seller-quarters of Olist (CC BY-NC-SA 4.0); seller_id is renumbered and joins with no seller of the feeds"
SAMPLE = (
    "the orders are a sample chosen by their outcome: rates and volumes mean nothing, and the sellers' names say so; "
    "the code can be tried on them, sellers cannot be judged"
)


def import_olist(source: Path, workspace: Workspace) -> ImportReport:
    """Write the landing files of six feeds, and the seller-quarters into `truth/` where they are there.

    Raises
    ------
    FileNotFoundError
        When a file is missing; says where to download it.
    """
    with duckdb.connect() as connection:
        found = open_sources(connection, source, FILES, WHERE)
        sample = found["orders"].name.startswith("sample_")
        run_sql(connection, __file__, "olist_parts.sql")
        suffix = {"suffix": " (sample, rates not real)" if sample else ""}
        data = {
            feed: read_sql(connection, __file__, f"olist_{feed}.sql", **(suffix if feed == "merchants" else {}))
            for feed in FEEDS
        }
        left_out = read_sql(connection, __file__, "olist_left_out.sql").to_pylist()
    rows = {feed: write_landing_files(workspace, feed, table) for feed, table in data.items()}
    notes = [f"{row['number']:,} {row['what']}" for row in left_out if row["number"]]
    if (source / QUARTERS).is_file():
        notes.append(_keep_truth(source / QUARTERS, workspace))
    return ImportReport(rows, ((SAMPLE,) if sample else ()) + tuple(notes))


def _keep_truth(path: Path, workspace: Workspace) -> str:
    """Put the seller-quarters beside the simulator's truth, which no run reads."""
    data: pa.Table = pq.read_table(path)
    data = data.replace_schema_metadata({"about": ABOUT})
    workspace.truth.mkdir(parents=True, exist_ok=True)
    hidden = workspace.truth / f".{TRUTH}.part"
    pq.write_table(data, hidden, compression="zstd")
    where = workspace.truth / TRUTH
    hidden.replace(where)
    return f"{data.num_rows:,} seller-quarters lie in {where}; they are a truth, and no run reads them"
