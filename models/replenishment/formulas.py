"""The textbook formulas of stock planning, on arrays.

The idea: demand that varies and a lead time that varies are independent, so their variances add; everything else is a
normal quantile. Functions take totals over an interval as well as daily figures, so that a forecast with an event in
it needs no second set of formulas.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]


def safety_stock(
    service_level: ArrayLike,
    demand_rate: ArrayLike,
    interval_sd: ArrayLike,
    lead_time_sd: ArrayLike,
) -> Floats:
    """Stock against demand and lead times that turn out worse than their means.

    Parameters
    ----------
    service_level
        Probability of lasting until the next receipt, in (0, 1).
    demand_rate
        Mean units per day over the interval.
    interval_sd
        Standard deviation of the units demanded over the whole interval (lead time, or lead time + review period);
        for independent days `sd * sqrt(days)`.
    lead_time_sd
        Standard deviation of the lead time in days.

    Returns
    -------
    ndarray
        Units, never below 0.

    Notes
    -----
    z * sqrt(interval_sd^2 + demand_rate^2 * lead_time_sd^2); Silver, Pyke and Thomas, Inventory and Production
    Management in Supply Chains, 4th ed., section 6.10.
    """
    rate, spread, lead_sd = (np.asarray(value, dtype=np.float64) for value in (demand_rate, interval_sd, lead_time_sd))
    quantile = special.ndtri(np.asarray(service_level, dtype=np.float64))
    return np.maximum(quantile, 0.0) * np.sqrt(spread**2 + (rate * lead_sd) ** 2)


def newsvendor(mean: ArrayLike, sd: ArrayLike, holding_cost: ArrayLike, stock_out_cost: ArrayLike) -> Floats:
    """Best single order before an event or for short-lived goods, for normal demand.

    Parameters
    ----------
    mean, sd
        Units demanded until the goods are worthless.
    holding_cost, stock_out_cost
        Cost of a unit left over and of a unit short; only their ratio counts.

    Returns
    -------
    ndarray
        Units, never below 0.
    """
    under = np.asarray(stock_out_cost, dtype=np.float64)
    ratio = under / (under + np.asarray(holding_cost, dtype=np.float64))
    return np.maximum(np.asarray(mean, dtype=np.float64) + np.asarray(sd, dtype=np.float64) * special.ndtri(ratio), 0.0)


def order_quantity(needed: ArrayLike, multiple: ArrayLike, minimum: ArrayLike, most: ArrayLike) -> Floats:
    """Turn a need into an order that a supplier takes.

    Parameters
    ----------
    needed
        Units wanted; nothing is ordered at 0 or below.
    multiple
        Units per case, above 0.
    minimum
        Smallest order the supplier takes.
    most
        Units that the order may not exceed (maximum cover).

    Returns
    -------
    ndarray
        A multiple of `multiple` in [minimum, most], or 0: also where the smallest order already exceeds `most`.
    """
    need, case, least, limit = np.broadcast_arrays(
        *(np.asarray(value, dtype=np.float64) for value in (needed, multiple, minimum, most))
    )
    # A hair of tolerance, so that 3 cases of 0.1 are not rounded up to 4.
    wanted = np.ceil(np.maximum(need, least) / case - 1e-9) * case
    allowed = np.floor(np.maximum(limit, 0.0) / case + 1e-9) * case
    quantity = np.minimum(wanted, allowed)
    possible = (need > 0) & (quantity >= least * (1 - 1e-12)) & (quantity > 0)
    return np.where(np.isnan(need) | np.isnan(limit), np.nan, np.where(possible, quantity, 0.0))
