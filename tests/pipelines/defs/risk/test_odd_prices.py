"""Sales on products whose price is far from their own usual one; see pipelines/defs/risk/sql/prices.sql."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipelines.defs.risk import panel

AS_OF = date(2026, 10, 28)
SQL = (Path(panel.__file__).parent / "sql" / "prices.sql").read_text(encoding="utf-8")


def sold(
    sku: str, price: float, days: int = 30, units: float = 10.0, today: float | None = None, **more: object
) -> list:
    """Rows of a product that sold every day, at another price today."""
    dates = [AS_OF - timedelta(days=back) for back in range(days)]
    return [
        {"merchant_id": "m1", "sku_id": sku, "date": day, "units": units, "list_price": price, "paid_price": price,
         "on_promotion": 0.0, **({"list_price": today, "paid_price": today, **more} if day == AS_OF and today else {})}
        for day in dates
    ]  # fmt: skip


def odd_share(rows: list) -> float:
    with duckdb.connect() as connection:
        connection.register("sku_day", pd.DataFrame(rows).astype({"list_price": float, "paid_price": float}))
        connection.register("block_merchants", pd.DataFrame({"merchant_id": ["m1"], "place": [0]}))
        parameters = {"first": AS_OF - timedelta(days=1), "usual_from": AS_OF - timedelta(days=29), "as_of": AS_OF}
        found = connection.execute(
            SQL, {**parameters, "usual_days": 28, "least_days": 3, "odd_price": 0.25}
        ).df()  # fmt: skip
    today = found[found["day"] == 1].iloc[0]
    return float(today["prices_units_odd"] / today["prices_units_known"])


def test_a_price_with_a_digit_too_few_is_odd_by_the_usual_sales_of_its_product() -> None:
    assert odd_share(sold("a", 100, units=30, today=10) + sold("b", 50, units=10)) == pytest.approx(0.75)


def test_a_price_far_too_high_counts_though_little_sells() -> None:
    rows = sold("a", 100, units=30, today=200) + sold("b", 50, units=10)
    rows[0]["units"] = 1.0
    assert odd_share(rows) == pytest.approx(0.75)


def test_a_price_test_and_a_promotion_are_no_mistakes() -> None:
    assert odd_share(sold("a", 100, today=110) + sold("b", 50)) == 0
    rows = sold("a", 100) + sold("b", 50)
    rows[0] |= {"paid_price": 60.0, "on_promotion": 0.4}  # the list price stands
    assert odd_share(rows) == 0
    rows[0]["list_price"] = None  # what was paid in a promotion says nothing of the price
    assert odd_share(rows) == 0


def test_what_was_paid_stands_in_where_no_list_price_is_delivered() -> None:
    rows = [{**row, "list_price": None} for row in sold("a", 100, today=20) + sold("b", 50)]
    assert odd_share(rows) == pytest.approx(0.5)


def test_a_product_that_hardly_ever_sold_has_no_usual_price() -> None:
    new = [row for row in sold("new", 100, today=10) if row["date"] > AS_OF - timedelta(days=3)]
    assert odd_share(new + sold("b", 50)) == 0
