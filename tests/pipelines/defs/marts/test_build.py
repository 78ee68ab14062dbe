from datetime import date, timedelta

from pipelines.day import Day
from pipelines.defs.marts.build import month_bounds, months_between
from pipelines.defs.marts.step import update_mart

D1, D2, D3 = date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 1)


def shop(**more):
    return {"merchant_id": "m1", "status": "open", **more}


def read(workspace, as_of, table, columns, since=None):
    with Day(workspace, as_of).connect(table, since=since) as connection:
        chosen = ", ".join(columns)
        return connection.sql(f"SELECT {chosen} FROM {table} ORDER BY ALL").fetchall()


def test_counts_of_feeds_stand_side_by_side_and_silence_is_null(workspace, deliver):
    deliver("merchants", D1, shop())
    deliver(
        "sales",
        D1,
        {"date": D1, "merchant_id": "m1", "sku_id": "a", "units": 3.0, "order_lines": 2, "gmv": 30.0},
        {"date": D1, "merchant_id": "m1", "sku_id": "b", "units": 1.5, "order_lines": 1, "gmv": 5.0},
    )
    deliver(
        "service",
        D1,
        {"date": D1, "merchant_id": "m1", "phase": "pre_sale", "sessions": 7},
        {"date": D1, "merchant_id": "m1", "phase": "after_sale", "sessions": 2},
    )
    update_mart(workspace, "merchant_day")
    columns = [
        "sales_units",
        "sales_order_lines",
        "sales_skus_sold",
        "service_pre_sale_sessions",
        "service_after_sale_sessions",
        "storefront_visitors",
        "stock_on_hand",
    ]
    assert read(workspace, D1, "merchant_day", columns) == [(4.5, 3, 2, 7, 2, None, None)]


def test_a_reader_of_an_earlier_day_sees_the_earlier_version(workspace, deliver):
    deliver("merchants", D1, shop())
    cohort = {"date": D1, "merchant_id": "m1", "carrier": "c", "warehouse": "w", "orders": 10}
    deliver("fulfilment", D1, {**cohort, "dispatched": 4})
    deliver("fulfilment", D3, {**cohort, "dispatched": 9})
    update_mart(workspace, "merchant_day")
    assert read(workspace, D1, "merchant_day", ["fulfilment_dispatched"]) == [(4,)]
    assert read(workspace, D2, "merchant_day", ["fulfilment_dispatched"]) == [(4,)]
    assert read(workspace, D3, "merchant_day", ["fulfilment_dispatched"]) == [(9,)]


def test_later_plans_and_rows_of_later_days_are_not_seen(workspace, deliver):
    deliver("merchants", D1, shop())
    deliver("sales", D1, {"date": D1, "merchant_id": "m1", "sku_id": "a", "units": 3.0})
    deliver("plans", D1, {"date": D2, "merchant_id": "m1", "sku_id": "", "promotion": 0.0})
    deliver("sales", D2, {"date": D2, "merchant_id": "m1", "sku_id": "a", "units": 5.0})
    deliver("plans", D3, {"date": D2, "merchant_id": "m1", "sku_id": "", "promotion": 1.0})
    update_mart(workspace, "merchant_day")
    assert read(workspace, D1, "merchant_day", ["date", "sales_units"]) == [(D1, 3.0)]
    assert read(workspace, D2, "merchant_day", ["sales_units", "plans_promotion"]) == [(3.0, None), (5.0, 0.0)]
    assert read(workspace, D3, "merchant_day", ["sales_units", "plans_promotion"]) == [(3.0, None), (5.0, 1.0)]


def test_building_again_changes_nothing_and_a_late_row_rebuilds_its_month(workspace, deliver):
    deliver("merchants", D1, shop())
    deliver("sales", D1, {"date": D1, "merchant_id": "m1", "sku_id": "a", "units": 3.0})
    assert update_mart(workspace, "merchant_day") == {"2026-01": 1}
    assert update_mart(workspace, "merchant_day") == {}
    deliver("sales", D3, {"date": D3, "merchant_id": "m1", "sku_id": "a", "units": 1.0})
    assert update_mart(workspace, "merchant_day") == {"2026-02": 1}
    deliver("sales", D3, {"date": D2, "merchant_id": "m1", "sku_id": "a", "units": 2.0})
    # From the late row's day on: the days before it stay as they lie.
    assert update_mart(workspace, "merchant_day") == {"2026-01": 1}
    assert read(workspace, D3, "merchant_day", ["date", "sales_units"]) == [(D1, 3.0), (D2, 2.0), (D3, 1.0)]


def test_products_without_a_row_sold_nothing_where_the_shop_sold_and_are_unknown_where_it_is_silent(workspace, deliver):
    deliver("merchants", D1, shop())
    deliver("sales", D1, {"date": D1, "merchant_id": "m1", "sku_id": "a", "units": 3.0})
    deliver(
        "stock",
        D1,
        {"date": D1, "merchant_id": "m1", "sku_id": "a", "on_hand": 9.0},
        {"date": D1, "merchant_id": "m1", "sku_id": "b", "on_hand": 4.0},
    )
    deliver("stock", D2, {"date": D2, "merchant_id": "m1", "sku_id": "b", "on_hand": 4.0})
    update_mart(workspace, "sku_day")
    rows = read(workspace, D2, "sku_day", ["date", "sku_id", "units", "gmv", "on_hand"])
    assert rows == [(D1, "a", 3.0, None, 9.0), (D1, "b", 0.0, 0.0, 4.0), (D2, "b", None, None, 4.0)]


def test_open_inbound_is_what_was_known_on_its_own_date(workspace, deliver):
    deliver("merchants", D1, shop())
    order = {"merchant_id": "m1", "purchase_order_id": "p", "sku_id": "a", "ordered_on": D1, "units_ordered": 10.0}
    for day in (D1, D2, D3):
        deliver("stock", day, {"date": day, "merchant_id": "m1", "sku_id": "a", "on_hand": 1.0})
    deliver("inbound", D1, {**order, "units_received": 0.0})
    deliver("inbound", D2, {**order, "units_received": 4.0})
    deliver("inbound", D3, {**order, "units_received": 10.0, "closed_on": D3})
    update_mart(workspace, "sku_day")
    assert read(workspace, D3, "sku_day", ["date", "inbound_open_units"]) == [(D1, 10.0), (D2, 6.0), (D3, None)]
    assert read(workspace, D2, "sku_day", ["date", "inbound_open_units"]) == [(D1, 10.0), (D2, 6.0)]


def test_a_product_is_delisted_from_the_day_that_says_so(workspace, deliver):
    deliver("merchants", D1, shop())
    for day, status in ((D1, "listed"), (D2, "delisted")):
        deliver("products", day, {"merchant_id": "m1", "sku_id": "a", "status": status})
        deliver("stock", day, {"date": day, "merchant_id": "m1", "sku_id": "a", "on_hand": 1.0})
    update_mart(workspace, "sku_day")
    assert read(workspace, D2, "sku_day", ["date", "status"]) == [(D1, "listed"), (D2, "delisted")]


def test_month_arithmetic():
    assert month_bounds("2024-02") == (date(2024, 2, 1), date(2024, 2, 29))
    assert months_between(date(2025, 12, 31), date(2026, 2, 1)) == ["2025-12", "2026-01", "2026-02"]
    assert months_between(D3, D3 - timedelta(days=40)) == []
