"""What would have been bought on a day that was partly without stock.

A day that sold out is a censored observation: demand was at least what was sold. Where the hours without stock are
known, the hours with stock are a shorter observation of the same day, and the day's own rate is estimated from them.

Sources: demand within a day as a Poisson process whose rate varies between days by a gamma law, so that sold units and
observed share of the day are sufficient, also when stock decides when observation ends (Conrad, Sales data and the
estimation of demand, Operational Research Quarterly 27, 1976; Nahmias, Demand estimation in lost sales inventory
systems, Naval Research Logistics 41, 1994).
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import isotonic_regression

from models.forecasting.panel import Floats

LEAST_EVIDENCE = 1e-9


def served_share(relative: Floats, evidence: Floats) -> Floats:
    """Share of a day's demand that a day with so much time out of stock still serves.

    Parameters
    ----------
    relative : array (..., steps + 1)
        Sales of days that were 0/steps ... steps/steps of their open hours out of stock, over sales of the same
        products on days in stock. Busy days sell out, so short gaps may even sell more than days in stock; nothing
        is recovered there.
    evidence : array of the same shape
        What each ratio rests on, such as the units its denominator promised; shares that nobody has seen follow their
        neighbours.

    Returns
    -------
    array of the same shape
        1 at full stock, never rising, and at least the share of hours in stock: hours without stock are no busier than
        the rest, because stock runs out at the end of a day and comes back before it is busy.
    """
    steps = relative.shape[-1] - 1
    in_stock = 1.0 - np.arange(steps + 1) / steps
    weights = np.maximum(evidence, LEAST_EVIDENCE)
    falling = [
        isotonic_regression(ratios, weights=weight, increasing=False).x
        for ratios, weight in zip(relative.reshape(-1, steps + 1), weights.reshape(-1, steps + 1), strict=True)
    ]
    result: Floats = np.clip(np.reshape(falling, relative.shape), in_stock, 1.0)
    result[..., 0] = 1.0
    return result


def recovered(units: Floats, served: Floats, expected: Floats, weight: Floats, most: float) -> Floats:
    """Demand of each day, had stock lasted: what was sold plus what the rest of the day may be expected to ask for.

    Parameters
    ----------
    units : array
        Sold; NaN = not known, and stays so.
    served : array
        Share of the day's demand that stock could serve, in [0, 1].
    expected : array
        Units that the product sells on such a day in stock.
    weight : array
        What `expected` counts for, in units sold: unit size over the dispersion between days. The less of a day is
        seen, the more it is taken for an ordinary one.
    most : float
        A recovered day is at most this many times the larger of its sales and an ordinary day.

    Returns
    -------
    array
        units + (1 - served) * (weight + units) / (weight / expected + served); never below `units`.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = (weight + units) / (weight / expected + served)
    rate = np.where(expected > 0, rate, 0.0)
    demand = units + (1.0 - served) * rate
    bound = most * np.maximum(units, expected)
    return np.maximum(np.minimum(demand, bound), units)
