"""The step that plans every product's stock, block by block, so that memory does not grow with the platform."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from models.replenishment.plan import make_plan
from models.replenishment.policy import ReplenishmentPolicy
from models.side_by_side import in_order
from pipelines.day import Block, Day
from pipelines.defs.navigation.policy import replenishment_policy

Floats = NDArray[np.float64]


def replenishment_plan(day: Day) -> dict[str, int]:
    """Write the table `replenishment_plan` for the day; return the rows written."""
    policy = replenishment_policy(day.workspace)
    return {"replenishment_plan": day.write("replenishment_plan", _plans(day, policy))}


def _plans(day: Day, policy: ReplenishmentPolicy) -> Iterator[pd.DataFrame]:
    yield from in_order(lambda block: plan_of_block(day, block, policy), day.blocks())


def plan_of_block(day: Day, block: Block, policy: ReplenishmentPolicy) -> pd.DataFrame:
    """Plan of the products of a block of merchants, one row per product."""
    horizon = day.config.forecast.horizon_days
    since = day.as_of - timedelta(days=policy.history_days - 1)
    with day.connect(
        "merchants", "products", "sku_day", "inbound", "event_calendar", "sku_forecast",
        buckets=block.buckets, since=since,
    ) as connection:  # fmt: skip
        products = day.query(connection, __file__, "products.sql", **_parameters(day.as_of, horizon, policy))
        connection.register("plan_products", keys_of(products))
        horizon_on = day.as_of + timedelta(days=horizon)
        forecast = day.query(connection, __file__, "product_forecast.sql", horizon_on=horizon_on)
    mean, sd = forecast_matrices(forecast, products.num_rows, horizon)
    receipts = receipt_matrix(products.column("receipts"), horizon)
    arrivals = arrival_matrix(products.column("next_receipt_days"))
    frame = products.drop_columns(["receipts", "next_receipt_days"]).to_pandas()
    return make_plan(frame, mean, sd, receipts, arrivals, day.as_of, policy)


def _parameters(as_of: date, horizon: int, policy: ReplenishmentPolicy) -> dict[str, object]:
    weeks = policy.history_days // 7
    return {
        "stock_from": as_of - timedelta(days=policy.stock_age_days),
        "price_from": as_of - timedelta(days=policy.price_days),
        "weeks_from": as_of - timedelta(days=weeks * 7),
        "punctual_from": as_of - timedelta(days=policy.history_days),
        "lines_as_promised": policy.arrival.lines_as_promised,
        "shares_of_lines": list(policy.arrival.shares_of_lines),
        "lost_from": as_of - timedelta(days=policy.lost_receipt_days),
        "horizon_on": as_of + timedelta(days=horizon),
        "horizon": horizon,
        "weeks": weeks,
        "lead_time_days": policy.defaults.lead_time_days,
        "late_receipt_days": policy.late_receipt_days,
    }


def keys_of(products: pa.Table) -> pa.Table:
    """Row number and keys of the products, for joins that fill matrices."""
    return products.select(["merchant_id", "sku_id"]).append_column(
        "row_number", pa.array(np.arange(products.num_rows), pa.int64())
    )


def forecast_matrices(forecast: pa.Table, products: int, horizon: int) -> tuple[Floats, Floats]:
    """Mean and standard deviation as (products, horizon) matrices; a product with a day missing is all NaN.

    A forecast with a hole is not known: the running sum behind the hole would be too small.
    """
    mean, sd = np.full((products, horizon), np.nan), np.full((products, horizon), np.nan)
    rows, days = forecast.column("row").to_numpy(), forecast.column("day").to_numpy()
    mean[rows, days] = forecast.column("mean").to_numpy(zero_copy_only=False)
    sd[rows, days] = forecast.column("sd").to_numpy(zero_copy_only=False)
    mean[np.isnan(mean).any(axis=1)] = np.nan
    return mean, sd


def receipt_matrix(receipts: pa.ChunkedArray, horizon: int) -> Floats:
    """Units on the way as a (products, horizon) matrix by the day on which they are expected.

    Parameters
    ----------
    receipts
        Per product a list of {day: 1 ... horizon, units}, or NULL.
    """
    lists = _one_chunk(receipts)
    matrix = np.zeros((len(lists), horizon))
    parents = np.asarray(pc.list_parent_indices(lists))
    items = lists.flatten()
    if len(items):
        days = items.field("day").to_numpy(zero_copy_only=False).astype(np.int64)
        np.add.at(matrix, (parents, days - 1), items.field("units").to_numpy(zero_copy_only=False))
    return matrix


def arrival_matrix(days: pa.ChunkedArray) -> Floats:
    """Days on which the next receipt may come, as a (products, longest list or 1) matrix; NaN where a list has ended.

    Parameters
    ----------
    days
        Per product a list of days from 1 on, as likely as each other, or NULL where nothing is on the way.
    """
    lists = _one_chunk(days)
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    matrix = np.full((len(lists), max(int(lengths.max(initial=1)), 1)), np.nan)
    matrix[np.arange(matrix.shape[1]) < lengths[:, None]] = lists.flatten().to_numpy(zero_copy_only=False)
    return matrix


def _one_chunk(lists: pa.ChunkedArray) -> pa.ListArray:
    return lists.combine_chunks() if lists.num_chunks != 1 else lists.chunk(0)
