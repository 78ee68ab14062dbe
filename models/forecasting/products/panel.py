"""Products side by side on the same days: the layout that the calculations of this package work on.

Rows are products, in order of their shops; columns are days. Shares of a day without stock and depths of a promotion
are kept as small codes, because everything that is learned about them is learned per code.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from models.forecasting.panel import Flags, Floats, Ints, weekdays

Codes = npt.NDArray[np.int8]

OUT_STEPS = 16  # a day's share out of stock is told apart in sixteenths of its open hours
OUT_CODES = OUT_STEPS + 1
# Upper bounds of the depths of a promotion that are told apart; code 0 is none, the last one says only "promotion".
DEPTHS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.99)
DEPTH_CODES = len(DEPTHS) + 1
# Upper bounds of log planned over usual prices that are told apart; the middle one is the usual price, and code 0.
PRICES = (-0.35, -0.2, -0.1, -0.04, 0.04, 0.1, 0.2, 0.35)
PRICE_CODES = len(PRICES) + 1
USUAL = 4  # place of the usual price among the bands
HAIR = 1e-6


@dataclass(frozen=True)
class ProductPanel:
    """A block of products.

    Parameters
    ----------
    shop : array of int (products,)
        Position of each product's shop, from 0; whole shops only.
    shops : int
        Number of shops; one may have no product here.
    category : array of int (products,)
        Code of the category; -1 = one that nothing was learned of.
    first_day : date
        Day of column 0.
    units : array (products, history)
        NaN = not known, or not to be used: a day without stock of which no hours are known.
    out : array of int (products, history)
        `out_code` of the day's share of open hours without stock.
    promotion : array of int (products, history + horizon)
        `depth_code` of what is planned.
    price : array of int (products, history + horizon), optional
        `price_code` of what is planned; None = of no product.
    """

    shop: Ints
    shops: int
    category: Ints
    first_day: date
    units: Floats
    out: Codes
    promotion: Codes
    price: Codes | None = None

    @property
    def history(self) -> int:
        """Known days."""
        return int(self.units.shape[1])

    @property
    def weekday(self) -> Ints:
        """Weekday of each column, the horizon included."""
        return weekdays(self.first_day, self.promotion.shape[1])

    def rows(self, chosen: Flags | Ints | slice) -> ProductPanel:
        """Some of the products, of the same shops."""
        return ProductPanel(
            self.shop[chosen], self.shops, self.category[chosen], self.first_day, self.units[chosen],
            self.out[chosen], self.promotion[chosen], None if self.price is None else self.price[chosen],
        )  # fmt: skip


def out_code(share: Floats) -> Codes:
    """Code of the share of a day's open hours without stock: 0 = none, `OUT_STEPS` = all; begun steps count."""
    return np.ceil(np.clip(share, 0.0, 1.0) * OUT_STEPS - HAIR).astype(np.int8)


def depth_code(depth: Floats) -> Codes:
    """Code of the depth of a promotion (0.2 = a fifth off; 1 = of unknown depth)."""
    return np.searchsorted(np.asarray(DEPTHS) + HAIR, depth, side="left").astype(np.int8)


def price_code(relative: Floats) -> Codes:
    """Code of the log of a planned price over the usual one; 0 where it is about the usual one, or not known (NaN)."""
    band = np.searchsorted(np.asarray(PRICES), np.nan_to_num(relative), side="left")
    return np.where(band == USUAL, 0, band + (band < USUAL)).astype(np.int8)


def fill_unsold(units: Floats, told: Flags, shop: Ints, shops: int, first: Ints) -> Floats:
    """Days of a reporting shop without a row of the product are days on which it sold nothing.

    Parameters
    ----------
    units : array (products, history)
    told : array of bool (products, history)
        There is a row; what it leaves empty stays not known.
    shop : array of int (products,)
    first : array of int (products,)
        First column from which a missing row means nothing sold; `history` = never.
    """
    reported = np.zeros((shops, units.shape[1]), dtype=bool)
    np.logical_or.at(reported, shop, np.isfinite(units))
    unsold = ~told & reported[shop] & (np.arange(units.shape[1]) >= first[:, None])
    return np.where(unsold, 0.0, units)
