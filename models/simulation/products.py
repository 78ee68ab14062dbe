"""What each merchant sells and how it is supplied: one array per property over all products of all merchants.

Products lie merchant by merchant, so a sum per merchant is one `reduceat`, and a merchant's value per product one take.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.simulation.draws import Floats, Ints, Streams
from models.simulation.parameters import SimulationParameters
from models.simulation.words import Words, product_name_codes, product_name_table
from models.simulation.world import World

SHARE_SIGMA = 0.9  # of products' shares within a shop (lognormal)


@dataclass(frozen=True)
class Products:
    """Products as arrays (products,), sorted by merchant.

    `merchant` is a code into the world, `number` counts from 0 within a shop, `starts` (merchants,) is where each shop
    begins, `counts` how many it has; `share` sums to 1 within a shop; times in days, money in the platform's currency.
    """

    names: list[str]
    merchant: Ints
    number: Ints
    starts: Ints
    counts: Ints
    name: NDArray[np.int32]
    share: Floats
    price: Floats
    cost: Floats
    lead_time: Floats
    lead_time_sd: Floats
    review_days: Ints
    multiple: Ints
    minimum: Ints
    shelf_life: Floats
    listed: Ints

    @property
    def size(self) -> int:
        """Number of products."""
        return len(self.merchant)

    @cached_property
    def best(self) -> Ints:
        """Index of each merchant's best-selling product, (merchants,)."""
        return np.lexsort((-self.share, self.merchant))[self.starts]

    def sum_by_merchant(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        """Sum of values (products,) per merchant."""
        total: NDArray[np.generic] = np.add.reduceat(values, self.starts)
        return total

    def mean_price(self) -> Floats:
        """Price of a typical unit of each merchant, weighted by share."""
        return np.asarray(np.add.reduceat(self.share * self.price, self.starts))


def make_products(
    parameters: SimulationParameters, words: Words, world: World, detail_start: int, streams: Streams
) -> Products:
    """Draw the products of all merchants.

    Parameters
    ----------
    detail_start
        First day on which products exist in the feeds; all are listed by then, or when their shop opens.
    """
    rng = streams.of("products")
    merchant = np.repeat(np.arange(world.size), world.products)
    starts = np.concatenate([[0], np.cumsum(world.products)[:-1]])
    number = np.arange(len(merchant)) - starts[merchant]
    size = len(merchant)
    weight = np.exp(SHARE_SIGMA * rng.standard_normal(size))
    categories = list(parameters.categories.values())
    category = world.category[merchant]
    median = np.array([entry.price[0] for entry in categories])[category]
    sigma = np.array([entry.price[1] for entry in categories])[category]
    shop_level = np.repeat(rng.standard_normal(world.size), world.products)
    price = np.maximum(median * np.exp(sigma * (0.7 * shop_level + 0.7 * rng.standard_normal(size))), 2.0)
    price = np.where(price > 20, np.rint(price) - 0.1, np.round(price, 1))
    lead = np.array([entry.lead_days for entry in categories])[category]
    lead = np.clip(np.rint(lead * np.exp(parameters.stock.lead_time_spread * rng.standard_normal(size))), 1, 45)
    multiple = rng.choice(np.array(parameters.stock.order_multiples), size)
    names, name_starts = product_name_table(words, world.locales, world.categories)
    offset = rng.integers(0, 10_000, world.size)[merchant]
    shelf_life = np.array([entry.shelf_life or np.nan for entry in categories])[category]
    longest_ago = np.minimum(detail_start - world.opens[merchant], 900)
    listed = np.where(
        world.opens[merchant] >= detail_start - 1,
        world.opens[merchant],
        detail_start - 1 - (rng.random(size) * np.maximum(longest_ago - 1, 0)).astype(np.int64),
    )
    return Products(
        names=names,
        merchant=merchant,
        number=number,
        starts=starts,
        counts=np.asarray(world.products, dtype=np.int64),
        name=product_name_codes(name_starts, world.locale[merchant], category, number + offset),
        share=weight / np.add.reduceat(weight, starts)[merchant],
        price=price,
        cost=np.round(price * rng.uniform(0.45, 0.7, size), 2),
        lead_time=lead,
        lead_time_sd=np.round(np.maximum(lead * parameters.stock.lead_time_sd_share, 0.5), 1),
        review_days=rng.choice(np.array(parameters.stock.review_days), world.size)[merchant],
        multiple=multiple,
        minimum=multiple * rng.choice(np.array([1, 1, 2]), size),
        shelf_life=shelf_life,
        listed=listed.astype(np.int64),
    )
