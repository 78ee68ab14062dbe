"""Rows of `sku_forecast`: the shop's units split by share, a block of merchants at a time, in SQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pyarrow as pa

from models.forecasting.counts import EXACT_BELOW, MEAN_STEP, MEANS, SMALLEST_MEAN, quantile_table
from pipelines.defs.forecasts.reading import Scene

WEEK = timedelta(days=7)


def product_rows(scene: Scene) -> Iterator[pa.Table]:
    """Make the forecast of every listed product; nothing where units are not delivered."""
    if "units" not in scene.measures:
        return
    day, policy = scene.day, scene.setting.policy
    products, since = policy.products, scene.day.as_of - timedelta(days=policy.products.share_days - 1)
    with day.connect("sku_day", since=day.as_of - WEEK) as connection:
        whole = day.query(connection, __file__, "units_whole.sql").to_pylist()[0]["whole"]
    quantiles = quantile_table(whole is not False)
    for block in day.blocks():
        tables = ("sku_day", "merchant_day", "products", "volume_forecast")
        with day.connect(*tables, buckets=block.buckets, since=since) as connection:
            connection.register("count_quantiles", quantiles)
            day.query(
                connection,
                __file__,
                "product_rates.sql",
                share_days=products.share_days,
                half_life=products.share_half_life,
                open_hours=policy.history.open_hours,
                prior_days=products.prior_days,
                dispersion=products.dispersion,
            )
            yield day.query(
                connection,
                __file__,
                "product_days.sql",
                smallest_mean=SMALLEST_MEAN,
                mean_step=MEAN_STEP,
                means=MEANS,
                exact_below=EXACT_BELOW,
                horizon_days=products.horizon_days,
            )
