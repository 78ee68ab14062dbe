"""How real the simulated platform is: the figures that were measured on public merchant data, taken from ours.

The idea: an invented platform is only as good a judge as it is like real ones, so the likeness is measured by the same
figures, and anyone who changes parameters sees what it does to them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.simulation.draws import Floats

MIN_DAYS = 56  # shops with fewer ordinary days say nothing about their own week or level
MIN_MEAN = 0.5  # orders per day below which dispersion cannot be told from Poisson noise


def count_realism(orders: Floats, weekday: NDArray[np.int64], ordinary: NDArray[np.bool_]) -> dict[str, float]:
    """Figures of daily counts.

    Parameters
    ----------
    orders : (days, merchants)
        NaN where a shop is not open.
    weekday : (days,)
        0 = Monday.
    ordinary : (days,)
        Days without event; the others would pass for dispersion.

    Returns
    -------
    dict
        `dispersion_q10`, `_q50`, `_q90` (alpha of a negative-binomial count around the shop's own week),
        `autocorrelation_lag_1`, `_lag_7` (of standardized residuals, pooled), `zero_days` (share),
        `weekend_spread` (standard deviation of the log of weekend against weekday orders), `gini` (of shops' orders).
    """
    usual = orders[ordinary]
    enough = (np.isfinite(usual).sum(axis=0) >= MIN_DAYS) & (np.nanmean(_or_zero(usual), axis=0) >= MIN_MEAN)
    mean = _week_means(usual[:, enough], weekday[ordinary])
    alpha = _dispersion(usual[:, enough], mean)
    residual = (usual[:, enough] - mean) / np.sqrt(mean + alpha * mean**2)
    low, middle, high = np.quantile(alpha, [0.1, 0.5, 0.9])
    ratio = _weekend_ratio(usual[:, enough], weekday[ordinary])
    return {
        "dispersion_q10": float(low),
        "dispersion_q50": float(middle),
        "dispersion_q90": float(high),
        "autocorrelation_lag_1": _autocorrelation(residual, 1),
        "autocorrelation_lag_7": _autocorrelation(residual, 7),
        "zero_days": float(np.mean(orders[np.isfinite(orders)] == 0)),
        "weekend_spread": float(np.std(np.log(ratio[ratio > 0]))),
        "gini": gini(np.nansum(orders, axis=0)),
    }


def late_realism(
    dispatch_due: Floats, dispatched_late: Floats, delivery_due: Floats, delivered_late: Floats
) -> dict[str, float]:
    """Figures of lateness by merchant; all arguments (merchants,) are sums over a time that is mature."""
    seen = (dispatch_due >= 30) & (delivery_due >= 30)
    to_carrier, to_customer = dispatched_late[seen] / dispatch_due[seen], delivered_late[seen] / delivery_due[seen]
    middle, high, top = np.quantile(to_carrier, [0.5, 0.9, 0.99])
    return {
        "late_to_carrier_q50": float(middle),
        "late_to_carrier_q90": float(high),
        "late_to_carrier_q99": float(top),
        "late_correlation": float(np.corrcoef(to_carrier, to_customer)[0, 1]),
    }


def gini(totals: Floats) -> float:
    """Gini coefficient of non-negative totals: 0 = all equal, 1 = one has all."""
    ordered = np.sort(np.asarray(totals, dtype=np.float64))
    size, whole = len(ordered), ordered.sum()
    if whole <= 0:
        return 0.0
    return float((2 * np.arange(1, size + 1) - size - 1) @ ordered / (size * whole))


def _or_zero(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, 0.0)


def _week_means(counts: Floats, weekday: NDArray[np.int64]) -> Floats:
    """Mean of each shop on the weekday of each day, (days, merchants)."""
    means = np.empty_like(counts)
    for number in range(7):
        on_day = weekday == number
        filled = np.isfinite(counts[on_day])
        total = np.where(filled, counts[on_day], 0.0).sum(axis=0)
        means[on_day] = total / np.maximum(filled.sum(axis=0), 1)
    return np.maximum(means, 1e-9)


def _dispersion(counts: Floats, mean: Floats) -> Floats:
    """Alpha by moments: variance = mean + alpha mean^2."""
    extra = np.nansum((counts - mean) ** 2 - mean, axis=0)
    known = np.isfinite(counts)
    return np.maximum(extra / np.maximum((mean**2 * known).sum(axis=0), 1e-9), 0.0)


def _autocorrelation(residual: Floats, lag: int) -> float:
    early, late = residual[:-lag], residual[lag:]
    both = np.isfinite(early) & np.isfinite(late)
    return float(np.corrcoef(early[both], late[both])[0, 1])


def _weekend_ratio(counts: Floats, weekday: NDArray[np.int64]) -> Floats:
    weekend = np.nanmean(counts[weekday >= 5], axis=0)
    week = np.nanmean(counts[weekday < 5], axis=0)
    return np.asarray(weekend / np.maximum(week, 1e-9))
