"""Money at risk: gmv expected to be lost in the next two weeks if nothing is done, by one formula per kind of trouble.

Every sum can be named on a page: stock-out = the forecast of the products concerned over their days without stock;
volume drop = the forecast before the drop less what came, carried on; limit breach = probability x forecast x the
share that a sanction costs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from models.metrics.lights import AMBER, LightArray

FloatArray = npt.NDArray[np.float64]


def breach_money(probability: FloatArray, gmv_ahead: FloatArray, sanction_share: float) -> FloatArray:
    """Probability of breach x forecast gmv of the days ahead x share of it that a sanction costs."""
    return probability * gmv_ahead * sanction_share


def drop_money(expected: FloatArray, actual: FloatArray, gmv_ahead: FloatArray, light: LightArray) -> FloatArray:
    """Share by which the volume is below its forecast x gmv of the days ahead; 0 where the leg shows no trouble.

    Parameters
    ----------
    expected, actual : arrays
        Forecast made before the drop, and what came, of the same days.
    gmv_ahead : array
        What the merchant would sell in the days ahead without the drop.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.clip(1 - actual / expected, 0, 1)
    lost = np.where(np.isfinite(share), share, np.nan) * gmv_ahead
    return np.where(light >= AMBER, lost, np.where(np.isnan(lost), np.nan, 0.0))


def total_money(parts: Sequence[FloatArray]) -> FloatArray:
    """Sum of the known parts; NaN where none is known."""
    stacked = np.stack(parts)
    return np.where(np.isnan(stacked).all(axis=0), np.nan, np.nansum(stacked, axis=0))


def priority(p_bad: FloatArray, money: FloatArray, recoverable: FloatArray) -> FloatArray:
    """P(bad) x money at risk x recoverable share; money that is not known counts as 0."""
    return p_bad * np.nan_to_num(money) * recoverable


def ranks(priorities: FloatArray, p_values: FloatArray) -> npt.NDArray[np.int64]:
    """Order of merchants from 1: highest priority first, then smallest p-value, then as they come."""
    order = np.lexsort((np.nan_to_num(p_values, nan=2.0), -np.nan_to_num(priorities)))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(1, len(order) + 1)
    return place
