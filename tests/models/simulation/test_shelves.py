import numpy as np
import pandas as pd
import pytest


def test_sales_are_of_whole_shops_before_detail_and_of_products_after(made):
    sales = made.versions("sales")
    world, start = made.simulation.platform.world, made.simulation.platform.detail_start
    first = pd.Timestamp(world.first_day) + pd.Timedelta(days=start)
    detail = pd.to_datetime(sales.date) >= first
    assert (sales.sku_id[~detail] == "").all()
    assert (sales.sku_id[detail] != "").all()
    assert not sales.duplicated(["date", "merchant_id", "sku_id"]).any()


def test_every_open_shop_has_a_row_every_day(made):
    sales = made.versions("sales").groupby("date").merchant_id.nunique()
    shops = made.versions("storefront").groupby("date").merchant_id.nunique()
    assert (sales == shops).all()


def test_money_is_units_times_price(made):
    sales = made.versions("sales")
    sold = sales[sales.units > 0]
    assert sold.gmv.to_numpy() == pytest.approx((sold.units * sold.paid_price).to_numpy(), abs=0.006)
    assert (sold.paid_price <= sold.list_price + 1e-9).all()
    nothing = sales[sales.units == 0]
    assert nothing.paid_price.isna().all()
    assert not nothing.gmv.any()


def test_shelves_balance_over_the_feeds(made):
    """Free units today = free units yesterday + received - sold, from the delivered files alone."""
    key = ["merchant_id", "sku_id"]
    stock = made.versions("stock").set_index([*key, "date"]).sort_index()
    free = (stock.on_hand - stock.reserved).rename("free")
    sold = made.versions("sales").set_index([*key, "date"]).units
    inbound = made.versions("inbound")
    received = inbound[inbound.units_received > 0].groupby([*key, "closed_on"], observed=True).units_received.sum()
    received.index.names = [*key, "date"]
    frame = pd.concat([free, sold, received], axis=1).dropna(subset=["free"]).fillna(0)
    change = frame.groupby(level=[0, 1], observed=True).free.diff()
    expected = frame.units_received - frame.units
    compared = change.dropna()
    assert len(compared) > 10_000
    assert (compared == expected.loc[compared.index]).all()


def test_a_purchase_order_line_opens_and_closes(made):
    inbound = made.versions("inbound").sort_values("known_on", kind="stable")
    key = ["merchant_id", "purchase_order_id", "sku_id"]
    assert not inbound.duplicated([*key, "known_on"]).any()
    first = inbound.drop_duplicates(key)
    assert first.closed_on.isna().all()
    assert (first.known_on == first.ordered_on).all()
    closed = inbound[inbound.closed_on.notna()]
    full = closed.units_received == closed.units_ordered
    assert full.mean() > 0.9
    assert (closed.units_received[~full] == 0).all()  # called off
    due = pd.to_datetime(inbound.due_on) - pd.to_datetime(inbound.ordered_on)
    assert np.all(due.dt.days >= 1)


def test_stock_rows_are_sound(made):
    stock = made.versions("stock")
    assert (stock.reserved <= stock.on_hand).all()
    assert stock.hours_out_of_stock.between(0, 24).all()


def test_suppliers_mostly_keep_their_promise(made):
    inbound = made.versions("inbound")
    received = inbound[inbound.units_received > 0]
    late = pd.to_datetime(received.closed_on) > pd.to_datetime(received.due_on)
    assert 0.005 < late.mean() < 0.1
