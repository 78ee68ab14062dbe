"""What episodes do to single products: a wrong price, a price test, a new product; and what of it is planned.

The idea: each is a factor on the price of some products and a factor on the demand for them; prices, plans and the
product list show the same factors, so that the cause can be found in the data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.simulation.draws import Floats, Ints
from models.simulation.products import Products
from models.simulation.scenarios import Episodes
from models.simulation.strain import Strain

PRICES = {"price_low": -1.0, "price_high": 1.0, "price_test": 1.0}  # effect and the direction of its price
LAUNCH_PLAN_DAYS = 28  # from its launch on, a new product stands in the plans


@dataclass(frozen=True)
class PlannedProduct:
    """Rows of plans of a day: products (indices) and their planned price."""

    product: Ints
    price: Floats


def best_products(products: Products, merchant: int, demand_share: float) -> Ints:
    """Best-selling products of a merchant that together make at least a share of its demand."""
    own = np.arange(products.starts[merchant], products.starts[merchant] + products.counts[merchant])
    order = own[np.argsort(-products.share[own], kind="stable")]
    enough = int(np.searchsorted(np.cumsum(products.share[order]), demand_share - 1e-9)) + 1
    return order[:enough]


def with_launches(products: Products, episodes: Episodes) -> Products:
    """Products of which the last of each launching shop is new from the onset on.

    Its lasting demand is `magnitude` of what the shop sold before.
    """
    rows = np.flatnonzero(episodes.rows_of("launch"))
    if not len(rows):
        return products
    merchants, lift = episodes.merchant[rows], episodes.magnitude[rows]
    new = products.starts[merchants] + products.counts[merchants] - 1
    share, listed = products.share.copy(), products.listed.copy()
    others = np.ones(len(products.counts))
    others[merchants] = 1 / ((1 + lift) * (1 - share[new]))
    share *= others[products.merchant]
    share[new] = lift / (1 + lift)
    listed[new] = episodes.onset[rows]
    return replace(products, share=share, listed=listed)


class Offers:
    """Factors of products by day."""

    def __init__(self, episodes: Episodes, products: Products, strain: Strain) -> None:
        self._episodes, self._products, self._strain = episodes, products, strain
        rows = np.flatnonzero(np.any([episodes.rows_of(effect) for effect in PRICES], axis=0))
        shares = [episodes.kinds[episodes.kind[row]].demand_share for row in rows]
        parts = [
            best_products(products, int(episodes.merchant[row]), share) for row, share in zip(rows, shares, strict=True)
        ]
        self._row = np.repeat(rows, [len(part) for part in parts]).astype(np.int64)
        self._product = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
        effects = np.array([kind.effect for kind in episodes.kinds], dtype=object)
        self._direction = np.array([PRICES[effects[episodes.kind[row]]] for row in self._row])
        self._is_test = np.array([effects[episodes.kind[row]] == "price_test" for row in self._row], dtype=bool)
        launched = np.flatnonzero(episodes.rows_of("launch"))
        merchants = episodes.merchant[launched]
        self._new = products.starts[merchants] + products.counts[merchants] - 1

    @property
    def any(self) -> bool:
        """Whether a product's price or demand ever differs from its usual one."""
        return bool(len(self._product) or len(self._new))

    def is_listed(self, day: int) -> NDArray[np.bool_]:
        """Products (products,) that are on sale on a day, as far as launches say."""
        result = np.ones(self._products.size, dtype=bool)
        result[self._new] = self._products.listed[self._new] <= day
        return result

    def launched(self, day: int) -> Ints:
        """Products that are new on a day."""
        return self._new[self._products.listed[self._new] == day]

    def price(self, day: int) -> Floats:
        """Factor on the price of each product (products,)."""
        result = np.ones(self._products.size)
        result[self._product] = self._factors(day)
        return result

    def appeal(self, day: int) -> Floats:
        """Factor on the demand of each product (products,)."""
        strain = self._strain
        answer = np.minimum(self._factors(day) ** -strain.price_elasticity, strain.price_demand_most)
        result = np.ones(self._products.size)
        result[self._product] = answer
        age = day - self._products.listed[self._new]
        hype = 1 + strain.launch_hype * np.exp(-age / strain.launch_hype_days)
        result[self._new] = np.where(age >= 0, hype, 0.0)
        return result

    def underpriced(self, day: int) -> Floats:
        """How far prices lie below the right ones by mistake, (merchants,), weighted by usual demand."""
        below = np.maximum(1 - self._factors(day), 0.0) * self._products.share[self._product]
        merchants, size = self._products.merchant[self._product], len(self._products.counts)
        return np.asarray(np.bincount(merchants, weights=below, minlength=size), dtype=np.float64)

    def planned(self, day: int) -> PlannedProduct:
        """Products of which plans speak on a day: those in a price test, and new ones."""
        factors = self._factors(day)
        tested = self._is_test & (factors != 1.0)
        age = day - self._products.listed[self._new]
        new = self._new[(age >= 0) & (age < LAUNCH_PLAN_DAYS)]
        product = np.concatenate([self._product[tested], new])
        factor = np.concatenate([factors[tested], np.ones(len(new))])
        return PlannedProduct(product, np.round(self._products.price[product] * factor, 2))

    def _factors(self, day: int) -> Floats:
        strength = self._episodes.strength_of_rows(day)[self._row] if len(self._row) else np.zeros(0)
        return np.asarray(np.maximum(1 + self._direction * strength, 0.05))
