"""What products have in common: weekday, plans and time without stock, per category as far as it differs.

The idea: expected units = level of the product x day of the platform x weekday x promotion x price x what a day so long
without stock still sells. Factors are Poisson ratios (sold over promised), fitted in turn; a category's is pulled
towards the platform's by a gamma prior whose weight is the overdispersion of the data over the prior's variance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.forecasting.censored import served_share
from models.forecasting.panel import Floats, Ints
from models.forecasting.policy import ProductPolicy
from models.forecasting.products.panel import DEPTH_CODES, OUT_CODES, OUT_STEPS, PRICE_CODES, ProductPanel

ROUNDS = 4
WEEK = 7
PRIOR_SD = 0.5  # of a platform's factor about its start; only a nearly empty platform notices
TINY = 1e-12
LEANING = 1e-3
LEAST_OVERDISPERSION = 0.01  # a day or two fit exactly and would silence the priors


@dataclass(frozen=True)
class ProductFactors:
    """Factors by category; the last row is the platform's, which code -1 reads too.

    Parameters
    ----------
    weekday : array (categories + 1, 7)
    promotion : array (categories + 1, DEPTH_CODES)
    price : array (categories + 1, PRICE_CODES)
    relative : array (categories + 1, OUT_CODES)
        Sales of a day so long out of stock over those of a day in stock.
    served : array (categories + 1, OUT_CODES)
        Share of its demand that such a day serves.
    day : array (history,)
        Factor of each known day on the whole platform, mean 1.
    overdispersion : float
        Variance of a day's units over their mean.
    """

    weekday: Floats
    promotion: Floats
    price: Floats
    relative: Floats
    served: Floats
    day: Floats
    overdispersion: float

    def ahead(self, panel: ProductPanel) -> Floats:
        """Weekday, promotion and price of the days after the history, in stock; (products, horizon)."""
        return self._planned(panel, slice(panel.history, None))

    def in_stock(self, panel: ProductPanel) -> Floats:
        """Everything but level and time without stock, of the known days; (products, history)."""
        return self._planned(panel, slice(0, panel.history)) * self.day

    def sold(self, panel: ProductPanel) -> Floats:
        """What the time in stock lets sell; (products, history)."""
        return self.relative[panel.category[:, None], panel.out]

    def _planned(self, panel: ProductPanel, days: slice) -> Floats:
        weekday = self.weekday[panel.category][:, panel.weekday[days]]
        result: Floats = weekday * self.promotion[panel.category[:, None], panel.promotion[:, days]]
        if panel.price is not None:
            result *= self.price[panel.category[:, None], panel.price[:, days]]
        return result


def neutral(categories: int, history: int) -> ProductFactors:
    """Factors that nothing has been learned of: hours without stock sell nothing, everything else is 1."""
    in_stock = 1.0 - np.arange(OUT_CODES) / OUT_STEPS
    return ProductFactors(
        np.ones((categories + 1, WEEK)), np.ones((categories + 1, DEPTH_CODES)), np.ones((categories + 1, PRICE_CODES)),
        np.tile(in_stock, (categories + 1, 1)), np.tile(in_stock, (categories + 1, 1)),
        np.ones(history), 1.0,
    )  # fmt: skip


def fit_factors(panel: ProductPanel, categories: int, policy: ProductPolicy) -> ProductFactors:
    """Fit the factors on the known days of a sample of products.

    Parameters
    ----------
    categories : int
        Number of category codes.
    policy : ProductPolicy
        Prior spreads about the platform's factors.
    """
    found = neutral(categories, panel.history)
    known = np.isfinite(panel.units)
    if not (panel.units[known] > 0).any():
        return found
    units = np.where(known, panel.units, 0.0)
    codes: dict[str, Any] = {
        "weekday": np.broadcast_to(panel.weekday[: panel.history], units.shape),
        "promotion": panel.promotion[:, : panel.history],
        "relative": panel.out,
    }
    if panel.price is not None:
        codes["price"] = panel.price[:, : panel.history]
    spreads = {
        "weekday": policy.weekday_sd,
        "promotion": policy.promotion_sd,
        "relative": policy.out_of_stock_sd,
        "price": policy.price_sd,
    }
    for _ in range(ROUNDS):
        for name, code in codes.items():
            promised = _promised(panel, found, units, known)
            prior = found.overdispersion / np.array([PRIOR_SD, spreads[name]]) ** 2
            table = _updated(getattr(found, name), panel.category, code, units, promised, prior)
            if name == "price":  # of a price that nobody has seen nothing is known
                table[:, np.bincount(code[known], minlength=PRICE_CODES) == 0] = table[:, :1]
            found = _with(found, **{name: table / table[:, :1] if name != "weekday" else table})
        promised = _promised(panel, found, units, known)
        day = found.day * (units.sum(axis=0) + TINY) / (promised.sum(axis=0) + TINY)
        seen = promised.sum(axis=0) > 0
        day = np.where(seen, day / max(day[seen].mean(), TINY), 1.0)
        found = _with(found, day=day, overdispersion=_overdispersion(units, promised))
    return _with(found, served=_served(panel, found, _promised(panel, found, units, known)))


def _served(panel: ProductPanel, factors: ProductFactors, promised: Floats) -> Floats:
    """Share of demand served, by what each ratio rests on; a category leans on the platform a little."""
    rows, width = factors.relative.shape
    place = ((panel.category[:, None] % rows) * width + panel.out).ravel()
    evidence: Floats = np.bincount(place, promised.ravel(), rows * width).reshape(rows, width).astype(np.float64)
    evidence /= np.maximum(factors.relative, TINY)
    everyone = evidence.sum(axis=0)
    evidence += LEANING * everyone
    evidence[-1] = everyone
    return served_share(factors.relative, evidence)


def flat_level(sold: Floats, promised: Floats) -> Floats:
    """Units over what they were promised by factors alone, one number per product; 0 where nothing was promised."""
    total = promised.sum(axis=1)
    level = np.zeros(len(total))
    np.divide(sold.sum(axis=1), total, out=level, where=total > 0)
    return level


def _promised(panel: ProductPanel, factors: ProductFactors, units: Floats, known: Floats) -> Floats:
    base = np.where(known, factors.in_stock(panel) * factors.sold(panel), 0.0)
    return base * flat_level(units, base)[:, None]


def _updated(table: Floats, category: Ints, code: Ints, units: Floats, promised: Floats, prior: Floats) -> Floats:
    """Renew the factors of all categories and the platform; prior[0] weighs the platform's, prior[1] a category's."""
    rows, width = table.shape
    place = ((category[:, None] % rows) * width + code).ravel()
    sold = np.bincount(place, units.ravel(), rows * width).reshape(rows, width)
    # What each category was promised without its own factor.
    base = np.bincount(place, promised.ravel(), rows * width).reshape(rows, width) / np.maximum(table, TINY)
    own_share = table / np.maximum(table[-1], TINY)
    platform = (sold.sum(axis=0) + prior[0] * table[-1]) / ((base * own_share).sum(axis=0) + prior[0])
    renewed = (sold + prior[1] * platform) / (base + prior[1])
    renewed[-1] = platform
    return renewed


def _overdispersion(units: Floats, promised: Floats) -> float:
    total = float(promised.sum())
    return max(float(((units - promised) ** 2).sum() / total), LEAST_OVERDISPERSION) if total > 0 else 1.0


def _with(factors: ProductFactors, **changed: Floats | float) -> ProductFactors:
    return ProductFactors(**{**vars(factors), **changed})  # type: ignore[arg-type]
