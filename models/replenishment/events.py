"""The gap before a promotion: what will be left when it starts, against what it may sell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from models.replenishment.demand import Demand
from models.replenishment.inputs import Columns

Floats = NDArray[np.float64]


def upper_quantile(mean: Floats, sd: Floats, probability: float) -> Floats:
    """Quantile of a gamma variable with these moments; (n,) arrays, NaN stays NaN."""
    result = np.where(mean > 0, mean, 0.0) + np.where(np.isnan(mean), np.nan, 0.0)
    spread = (mean > 0) & (sd > 0)
    shape = (mean[spread] / sd[spread]) ** 2
    result[spread] = special.gammaincinv(shape, probability) * mean[spread] / shape
    return result


def event_figures(
    free_stock: Floats, receipts: Floats, demand: Demand, starts: Floats, ends: Floats, probability: float
) -> Columns:
    """Stock at the start of each product's next event against the demand of its days.

    Parameters
    ----------
    free_stock : (n,) array
        Units on hand and not reserved.
    receipts : (n, h) array
        Units that arrive on day 1 ... h.
    starts, ends : (n,) arrays
        First and last day of the event, counted from 1 = tomorrow; NaN where none is near. A start below 1 is an
        event that runs already.
    probability : float
        Quantile of the event's demand that should be covered.

    Returns
    -------
    dict of (n,) arrays
        `event_stock` (units left at the start), `event_demand` (units it may sell), `event_shortage` (units missing),
        `event_gap` (share missing, 0 = covered); NaN without an event inside the forecast.
    """
    known = (ends >= 1) & (starts <= demand.days)
    rows = np.arange(len(free_stock))
    before = np.where(known, np.clip(starts - 1, 0, demand.days), 0).astype(np.int64)
    last = np.where(known, np.clip(ends, 1, demand.days), 1).astype(np.int64)
    mean = demand.total[rows, last] - demand.total[rows, before]
    variance = demand.total_sd[rows, last] ** 2 - demand.total_sd[rows, before] ** 2
    wanted = upper_quantile(mean, np.sqrt(np.maximum(variance, 0.0)), probability)
    arrived = np.concatenate([np.zeros((len(rows), 1)), np.cumsum(receipts, axis=1)], axis=1)[rows, before]
    left = np.maximum(np.maximum(free_stock, 0.0) + arrived - demand.total[rows, before], 0.0)
    short = np.maximum(wanted - left, 0.0)
    gap = np.where(wanted > 0, short / np.where(wanted > 0, wanted, 1.0), 0.0 * short)
    figures = {"event_stock": left, "event_demand": wanted, "event_shortage": short, "event_gap": gap}
    return {name: np.where(known, values, np.nan) for name, values in figures.items()}
