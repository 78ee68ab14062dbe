"""The loop of `response`: the log factor of every day in one pass, because a forecast asks for it dozens of times."""

from __future__ import annotations

from models.forecasting.batched_prophet.compiled import compiled
from models.forecasting.panel import Flags, Floats, Ints, Known


@compiled
def add_own_terms(
    depth: Known, price: Known, promotion: Flags, scope: Ints, told: Flags, own: Floats, bend: float, most: float,
    first: int, log_factor: Floats,
) -> None:  # fmt: skip
    """Add what a merchant's own depth and price do to its log factors (merchants, days) from day `first` on.

    Parameters
    ----------
    depth, price, promotion : arrays (merchants, all days)
        NaN = not known; without days = of no merchant. See `response.planned_terms` for the terms.
    told : array of bool (merchants,)
        Merchants without more than on and off keep 0.
    own : array (scopes, 4)
        Coefficients of step, slope, bent slope and log price.
    bend, most : float
        Where the slope may bend, and the largest log price.
    """
    has_depth, has_price = depth.shape[1] > 0, price.shape[1] > 0
    for i in range(len(told)):
        if not told[i]:
            log_factor[i] = 0.0
            continue
        step, slope, bent, by_price = own[scope[i]]
        for place in range(log_factor.shape[1]):
            t = first + place
            if has_depth and depth[i, t] > 0 and depth[i, t] < 1:
                deep = float(depth[i, t])
                log_factor[i, place] += slope * deep + bent * max(deep - bend, 0.0)
                if promotion[i, t]:
                    log_factor[i, place] += step
            if has_price and price[i, t] == price[i, t]:
                log_factor[i, place] += by_price * min(max(float(price[i, t]), -most), most)
