"""The forecast of products: the shop's units shared out by level, weekday, promotion and price of each product.

The idea: products' sales, at the availability they have had lately, add up to their shop's forecast; `mean` is what the
same product sells on a day in stock, which is what stock has to be planned for. Its spread is the product's own (shrunk
to products that sell as much) and the shop's together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.forecasting.censored import recovered
from models.forecasting.panel import Floats, Ints
from models.forecasting.products.learn import DISPERSIONS, LearnedProducts
from models.forecasting.products.level import availability, daily, long_level, recent_level, weighted
from models.forecasting.products.panel import ProductPanel

WEEK, LEAST_WEEKS = 7, 4
FOUR_WEEKS = 28


@dataclass(frozen=True)
class ProductForecast:
    """Forecast of n products over h days.

    Parameters
    ----------
    mean, sales, dispersion : arrays (n, h)
        Units of a day in stock; units at usual availability, which add up to the shop's forecast; dispersion of a day
        in stock beyond `unit * mean`. NaN where the shop has no forecast.
    demand_28, weekly_cv : arrays (n,)
        Units of the last 28 days, had there been stock; coefficient of variation of such weeks. NaN = not known.
    """

    mean: Floats
    sales: Floats
    dispersion: Floats
    demand_28: Floats
    weekly_cv: Floats


def forecast_products(
    panel: ProductPanel, learned: LearnedProducts, shop_mean: Floats, shop_spread: Floats
) -> ProductForecast:
    """Forecast the products of a block.

    Parameters
    ----------
    shop_mean : array (shops, horizon)
        Units of the whole shop; NaN = no forecast.
    shop_spread : array (shops, horizon)
        Standard deviation of that forecast over its mean.
    """
    policy, factors = learned.policy, learned.factors
    units, promised = daily(panel, factors)
    long = long_level(
        panel, weighted(units, promised, panel.history, policy.long_half_life), learned.shape, learned.unit
    )
    stratum = learned.stratum(long)
    level = _level(panel, learned, units, promised, long, stratum)
    served = availability(panel, factors, policy)
    wanted = level[:, None] * factors.ahead(panel)
    mean = share_out(panel, wanted, served, shop_mean)
    own = own_dispersion(panel, learned, units, promised, level, stratum)
    dispersion = np.clip(own[:, None] + np.nan_to_num(shop_spread[panel.shop]) ** 2, *DISPERSIONS)
    demand = recovered_days(panel, learned, level, own)
    return ProductForecast(mean, mean * served[:, None], dispersion, last_weeks(demand), weekly_cv(demand))


def _level(
    panel: ProductPanel, learned: LearnedProducts, units: Floats, promised: Floats, long: Floats, stratum: Ints
) -> Floats:
    chosen = learned.half_life[stratum]
    level = long.copy()
    for position in np.unique(chosen):
        mine = chosen == position
        recent = weighted(units[mine], promised[mine], panel.history, learned.policy.half_lives[position])
        drift = learned.drift[position][panel.category[mine]]
        level[mine] = recent_level(recent, long[mine], drift, learned.policy.anchor_days)
    return level


def share_out(panel: ProductPanel, wanted: Floats, served: Floats, shop_mean: Floats) -> Floats:
    """Units of each product in stock, such that sales at `served` add up to the shop's; (products, horizon).

    A shop whose products promise nothing is shared out evenly.
    """
    wanted = np.maximum(wanted, 1e-12)
    total = np.stack([np.bincount(panel.shop, day, panel.shops) for day in (wanted * served[:, None]).T], axis=1)
    result: Floats = wanted * (shop_mean / np.where(total > 0, total, 1.0))[panel.shop]
    return result


def own_dispersion(
    panel: ProductPanel, learned: LearnedProducts, units: Floats, promised: Floats, level: Floats, stratum: Ints
) -> Floats:
    """Dispersion of each product's days in stock, mixed with that of its stratum; (products,)."""
    full = (panel.out == 0) & (promised > 0)
    mean = np.where(full, level[:, None] * promised, 0.0)
    # About the product's own mean of these days, so that a level that moved is not taken for noise.
    sold = np.where(full, units, 0.0).sum(axis=1)
    total = mean.sum(axis=1)
    mean *= np.divide(sold, total, out=np.zeros_like(total), where=total > 0)[:, None]
    square = (mean**2).sum(axis=1)
    excess = np.where(full, (units - mean) ** 2, 0.0).sum(axis=1) - learned.unit * sold
    own = np.divide(excess, square, out=np.zeros_like(square), where=square > 0)
    days = np.where(square > 0, full.sum(axis=1), 0)
    prior = learned.policy.dispersion_days
    result: Floats = np.clip((days * own + prior * learned.dispersion[stratum]) / (days + prior), *DISPERSIONS)
    return result


def recovered_days(panel: ProductPanel, learned: LearnedProducts, level: Floats, dispersion: Floats) -> Floats:
    """Demand of each known day, had there been stock; (products, history). A day of which no hours are known is NaN."""
    served = learned.factors.served[panel.category[:, None], panel.out]
    expected = level[:, None] * learned.factors.in_stock(panel)
    weight = (learned.unit / dispersion)[:, None]
    return recovered(panel.units, served, expected, weight, learned.policy.recovered_most)


def last_weeks(demand: Floats) -> Floats:
    """Units of the newest 28 days; days that are not known count like the others. NaN without a known day."""
    return _mean(demand[:, -FOUR_WEEKS:]) * FOUR_WEEKS


def weekly_cv(demand: Floats) -> Floats:
    """Coefficient of variation of whole weeks up to the newest day; NaN with fewer than four weeks, or no demand."""
    weeks = demand.shape[1] // WEEK
    newest = demand[:, demand.shape[1] - weeks * WEEK :].reshape(len(demand), weeks, WEEK)
    week = _mean(newest)
    known = np.isfinite(week).sum(axis=1)
    total = _mean(week)
    spread = np.sqrt(_mean((week - total[:, None]) ** 2))
    usable = (known >= LEAST_WEEKS) & (total > 0)
    return np.where(usable, spread / np.where(usable, total, 1.0), np.nan)


def _mean(values: Floats) -> Floats:
    """Mean of the last axis over what is known; NaN where nothing is."""
    known = np.isfinite(values)
    count = known.sum(axis=-1)
    total = np.where(known, values, 0.0).sum(axis=-1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
