"""From the product mart to panels: which products the shops of a block have, and their days as arrays.

Columns are the `share_days` newest days, then the days ahead; rows are products in the order of shops and ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from models.forecasting.panel import Floats
from models.forecasting.products.panel import ProductPanel, depth_code, fill_unsold, out_code, price_code
from pipelines.defs.forecasts.reading import Scene

TABLES = ("sku_day", "merchant_day", "products", "plans", "volume_forecast")
Columns = dict[str, Any]


@dataclass(frozen=True)
class ProductBlock:
    """Products of some shops.

    Parameters
    ----------
    keys : Table
        merchant_id and sku_id of each row of the panel.
    panel : ProductPanel
    shop_mean, shop_spread : arrays (shops, horizon)
        The shops' forecast of units, and its standard deviation over its mean; NaN = none.
    """

    keys: pa.Table
    panel: ProductPanel
    shop_mean: Floats
    shop_spread: Floats


def read_products(
    scene: Scene, merchants: pd.DataFrame, buckets: Sequence[int] | None, categories: dict[str, int] | None = None
) -> tuple[ProductBlock, dict[str, int]]:
    """Read the products of some merchants.

    Parameters
    ----------
    merchants : DataFrame
        merchant_id and category of the scene's merchants.
    categories : dict of str -> int, optional
        Codes of categories; made from these products where there are none yet.

    Returns
    -------
    ProductBlock, and the codes of categories
    """
    day, policy = scene.day, scene.setting.policy
    horizon = min(policy.products.horizon_days, scene.horizon)
    since = day.as_of - timedelta(days=policy.products.share_days)
    until = day.as_of + timedelta(days=horizon)
    shops = pd.DataFrame(
        {
            "merchant_id": merchants["merchant_id"].to_numpy(),
            "category": merchants["category"].to_numpy(),
            "shop": np.arange(len(merchants)),
        }
    )
    with day.connect(*TABLES, buckets=buckets, since=since + timedelta(days=1)) as connection:
        connection.register("block_shops", shops)
        listed = day.query(connection, __file__, "product_list.sql", since=since)
        keys = listed.select(["merchant_id", "sku_id"])
        connection.register("block_products", keys.append_column("product_row", pa.array(np.arange(len(keys)))))
        days = _columns(
            day.query(
                connection, __file__, "product_history.sql", since=since, open_hours=policy.history.open_hours
            )
        )  # fmt: skip
        plans = _columns(day.query(connection, __file__, "product_plans.sql", since=since, until=until))
        shop_days = _columns(day.query(connection, __file__, "product_shops.sql", until=until))
    codes = categories if categories is not None else _codes(listed.column("category"))
    panel = _panel(scene, listed, days, plans, codes, len(shops), (policy.products.share_days, horizon))
    mean, spread = (
        _matrix((len(shops), horizon), shop_days["shop"], shop_days["ahead"], shop_days[name])
        for name in ("mean", "spread")
    )
    return ProductBlock(keys, panel, mean, spread), codes


def _panel(
    scene: Scene, listed: pa.Table, days: Columns, plans: Columns, codes: dict[str, int], shops: int,
    length: tuple[int, int],
) -> ProductPanel:  # fmt: skip
    history, horizon = length
    shape = (len(listed), history)
    shop = listed.column("shop").to_numpy().astype(np.int64)
    place = (days["product_row"], days["panel_column"])
    told = np.zeros(shape, dtype=bool)
    told[place] = True
    out = np.zeros(shape)
    out[place] = days["out_share"]
    stock_told = np.zeros(len(listed), dtype=bool)
    np.logical_or.at(stock_told, days["product_row"], days["stock_told"].astype(bool))
    first = _first_columns(listed, told, stock_told)
    units = fill_unsold(_matrix(shape, *place, days["units"]), told, shop, shops, first)
    depth, relative = (
        _matrix((len(listed), history + horizon), plans["product_row"], plans["panel_column"], plans[name])
        for name in ("depth", "relative_price")
    )
    category = np.array([codes.get(name or "", -1) for name in listed.column("category").to_pylist()], dtype=np.int64)
    first_day = scene.day.as_of - timedelta(days=history - 1)
    price = price_code(relative)
    return ProductPanel(
        shop, shops, category, first_day, units, out_code(out), depth_code(np.nan_to_num(depth)),
        price if price.any() else None,
    )  # fmt: skip


def _first_columns(listed: pa.Table, told: np.ndarray, stock_told: np.ndarray) -> np.ndarray:
    """Column from which a missing row means nothing sold: since listed, else first seen; never beside stock rows."""
    history = told.shape[1]
    seen = np.where(told.any(axis=1), told.argmax(axis=1), history)
    since_listed = listed.column("listed_column").to_numpy(zero_copy_only=False).astype(np.float64)
    first = np.where(np.isnan(since_listed), seen, np.clip(np.nan_to_num(since_listed), 0, history))
    columns: np.ndarray = np.where(stock_told, history, first).astype(np.int64)
    return columns


def _codes(categories: pa.ChunkedArray) -> dict[str, int]:
    return {name: code for code, name in enumerate(sorted({one or "" for one in categories.unique().to_pylist()}))}


def _columns(table: pa.Table) -> Columns:
    return {name: table.column(name).to_numpy() for name in table.column_names}


def _matrix(shape: tuple[int, int], rows: np.ndarray, columns: np.ndarray, values: np.ndarray) -> Floats:
    matrix = np.full(shape, np.nan)
    matrix[rows, columns] = values
    return matrix
