"""Rows of `sku_forecast`: learned from a fixed sample of shops, then made a block of merchants at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import numpy as np
import pyarrow as pa

from models.forecasting.counts import count_quantiles
from models.forecasting.panel import Ints
from models.forecasting.products.learn import LearnedProducts, learn_products
from models.forecasting.products.predict import ProductForecast, forecast_products
from models.side_by_side import in_order
from pipelines.defs.forecasts.product_panels import ProductBlock, read_products
from pipelines.defs.forecasts.reading import Scene
from pipelines.defs.forecasts.rows import constant, flat
from pipelines.sampling import sample_of

WEEK = timedelta(days=7)
AT_ONCE = 20_000  # products whose rows are made together, on each core


def product_rows(scene: Scene) -> Iterator[pa.Table]:
    """Make the forecast of every listed product; nothing where units are not delivered."""
    if "units" not in scene.measures:
        return
    day, policy = scene.day, scene.setting.policy.products
    with day.connect("sku_day", since=day.as_of - WEEK) as connection:
        whole = day.query(connection, __file__, "units_whole.sql").to_pylist()[0]["whole"] is not False
    sample, codes = read_products(scene, sample_of(scene.merchants, policy.sample_merchants), None)
    learned = learn_products(sample.panel, len(codes), policy, whole)
    del sample
    for block in day.blocks():
        members = scene.merchants[scene.merchants["bucket"].isin(block.buckets)]
        if len(members):
            products, _ = read_products(scene, members, list(block.buckets), codes)
            made = partial(_rows, day.as_of, products, learned, whole)
            yield from in_order(made, pieces(products.panel.shop, AT_ONCE))


def pieces(shop: Ints, most: int) -> Iterator[slice]:
    """Cut products, in order of their shops, into runs of whole shops of about `most`."""
    if not len(shop):
        return
    ends = np.flatnonzero(np.r_[shop[1:] != shop[:-1], True]) + 1
    begin = 0
    for end, following in zip(ends, np.r_[ends[1:], np.iinfo(np.int64).max], strict=True):
        if following - begin > most:
            yield slice(begin, int(end))
            begin = int(end)


def _rows(made_on: date, block: ProductBlock, learned: LearnedProducts, whole: bool, rows: slice) -> pa.Table:
    panel = block.panel.rows(rows)
    made = forecast_products(panel, learned, block.shop_mean, block.shop_spread)
    known = np.isfinite(made.mean)
    horizon = made.mean.shape[1]
    place = np.repeat(np.arange(rows.start, rows.stop), horizon).reshape(known.shape)[known]
    ahead = np.datetime64(made_on) + np.broadcast_to(np.arange(1, horizon + 1), known.shape)[known]
    columns = {"mean": made.mean[known], **_quantiles(made, known, learned.unit, whole), "sales": made.sales[known]}
    for name in ("demand_28", "weekly_cv"):
        columns[name] = np.broadcast_to(getattr(made, name)[:, None], known.shape)[known]
    keys = block.keys.take(pa.array(place))
    return pa.table(
        {
            "made_on": constant(made_on, pa.date32(), len(place)),
            "merchant_id": keys.column("merchant_id"),
            "sku_id": keys.column("sku_id"),
            "target_date": pa.array(ahead.astype("datetime64[D]")),
            **{name: flat(values) for name, values in columns.items()},
        }
    )


def _quantiles(made: ProductForecast, known: np.ndarray, unit: float, whole: bool) -> dict[str, np.ndarray]:
    return count_quantiles(made.mean[known], made.dispersion[known], unit, whole)
