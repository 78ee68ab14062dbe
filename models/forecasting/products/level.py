"""Where each product stands now: what it sold lately against what factors alone promised.

The idea: a level is a ratio of two weighted sums. The recent one (short half-life) is anchored in the product's own
long one, moved by how its category has moved since; the long one is anchored in the shop's mean product by a gamma
prior whose shape is estimated from how products differ within shops. A product without a past is its shop's mean
product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.forecasting.panel import Floats, Ints
from models.forecasting.policy import ProductPolicy
from models.forecasting.products.factors import ProductFactors
from models.forecasting.products.panel import ProductPanel

SHAPES = (0.1, 20.0)
DRIFT_SD = 0.2  # how far a category may have moved from its long level, log units


@dataclass(frozen=True)
class Sums:
    """Sold and promised units under one weighting of days; (products,)."""

    sold: Floats
    promised: Floats


def daily(panel: ProductPanel, factors: ProductFactors) -> tuple[Floats, Floats]:
    """Units and what factors promise for a level of 1, 0 on days that are not known; (products, history)."""
    known = np.isfinite(panel.units)
    promised = np.where(known, factors.in_stock(panel) * factors.sold(panel), 0.0)
    return np.where(known, panel.units, 0.0), promised


def weighted(units: Floats, promised: Floats, until: int, half_life: float) -> Sums:
    """Sums of the columns before `until`, newer ones weighing more."""
    weight = 0.5 ** (np.arange(until)[::-1] / half_life)
    return Sums(units[:, :until] @ weight, promised[:, :until] @ weight)


def rate_shape(panel: ProductPanel, sums: Sums, unit: float) -> float:
    """Shape of the gamma law of products' levels within their shops, by moments.

    Parameters
    ----------
    unit : float
        Variance of a small count over its mean: 1 for pieces.
    """
    mean = shop_mean(panel, sums)
    level = np.divide(sums.sold, sums.promised, out=np.zeros_like(sums.sold), where=sums.promised > 0)
    spread = (sums.promised * (level - mean) ** 2 - unit * mean)[sums.promised > 0].sum()
    size = (sums.promised * mean**2).sum()
    return float(np.clip(size / spread if spread > 0 else SHAPES[1], *SHAPES))


def shop_mean(panel: ProductPanel, sums: Sums) -> Floats:
    """Mean level of the products of each product's shop; the block's where a shop has sold nothing, else 1."""
    sold = np.bincount(panel.shop, sums.sold, panel.shops)
    promised = np.bincount(panel.shop, sums.promised, panel.shops)
    mean = np.zeros(panel.shops)
    np.divide(sold, promised, out=mean, where=promised > 0)
    # Only the products' proportions within the shop count where it never sold, so any number serves.
    result: Floats = np.where(mean > 0, mean, 1.0)[panel.shop]
    return result


def long_level(panel: ProductPanel, sums: Sums, shape: float, unit: float) -> Floats:
    """Level of each product over a long time, anchored in its shop's mean product; (products,)."""
    prior = shape * unit
    result: Floats = (sums.sold + prior) / (sums.promised + prior / shop_mean(panel, sums))
    return result


def category_drift(category: Ints, categories: int, recent: Sums, long: Floats, overdispersion: float) -> Floats:
    """How categories stand now against the long levels of their products; (categories + 1,), the last one is 1.

    The platform's own drift is left out: it moves all products alike, and the shop's forecast knows it.
    """
    place = category % (categories + 1)
    sold = np.bincount(place, recent.sold, categories + 1)
    promised = np.bincount(place, recent.promised * long, categories + 1)
    platform = sold.sum() / promised.sum() if promised.sum() > 0 else 1.0
    prior = overdispersion / DRIFT_SD**2
    drift: Floats = (sold + prior) / (promised * max(platform, 1e-12) + prior)
    drift[-1] = 1.0
    return drift


def recent_level(recent: Sums, long: Floats, drift: Floats, anchor_days: float) -> Floats:
    """Level now: the recent sums, with so many days of the long level moved by its category's drift; (products,)."""
    result: Floats = (recent.sold + anchor_days * long * drift) / (recent.promised + anchor_days)
    return result


def availability(panel: ProductPanel, factors: ProductFactors, policy: ProductPolicy) -> Floats:
    """Share of its sales in stock that each product may be expected to make, as it was in stock lately; (products,).

    Shrunk to the mean of all with `prior_days`; days without a row are not counted.
    """
    told = np.isfinite(panel.units) | (panel.out > 0)
    weight = told * 0.5 ** (np.arange(panel.history)[::-1] / policy.share_half_life)
    served = factors.sold(panel)
    own, days = (weight * served).sum(axis=1), weight.sum(axis=1)
    # No mean over the block: it would depend on how merchants are cut.
    result: Floats = (own + policy.prior_days) / (days + policy.prior_days)
    return np.maximum(result, 1e-3)
