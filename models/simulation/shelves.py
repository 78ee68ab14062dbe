"""Feeds by product: sales, stock and inbound; and, before products are told apart, sales of whole shops."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from models.simulation.chain import ChainDay, Platform
from models.simulation.inbound import Lines, join_lines
from models.simulation.stock import StockDay
from models.simulation.tables import coded, days_as_dates, maybe_empty, sku_ids, table

PRICE_NOISE = 0.03  # of the mean price paid: coupons and bundles


class Shelves:
    """Makes the tables by product."""

    def __init__(self, platform: Platform, merchant_ids: pa.Array) -> None:
        self._platform, self._ids = platform, merchant_ids
        self.sku_ids = sku_ids(platform.products)
        self._shop_price = np.round(platform.products.mean_price(), 2)
        self._is_first = platform.products.number == 0
        self._offers = platform.offers

    def tables(self, chain: ChainDay) -> dict[str, list[pa.Table]]:
        """Feed tables of the day."""
        if chain.stock is None:
            return {"sales": [self._shop_sales(chain)]}
        return {
            "sales": [self._sales(chain, chain.stock)],
            "stock": [self._stock(chain, chain.stock)],
            "inbound": [self._inbound(chain.day, chain.stock)],
        }

    def _prices(self, day: int, listed: NDArray[np.float64], depth: NDArray[np.float64]) -> NDArray[np.float64]:
        noise = self._platform.streams.of("prices", day).normal(1.0, PRICE_NOISE, len(listed))
        return np.asarray(np.round(np.maximum(listed * (1 - depth) * np.minimum(noise, 1.0), 0.01), 2))

    def _list_price(self, day: int, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Prices of products as shown in the shop on a day, mistakes and tests included."""
        price = self._platform.products.price
        return np.round(price * self._offers.price(day), 2)[rows] if self._offers.any else price[rows]

    def _shop_prices(self, day: int) -> NDArray[np.float64]:
        """Price of a typical unit of each shop on a day."""
        if not self._offers.any:
            return self._shop_price
        products = self._platform.products
        weight = products.share * self._offers.appeal(day)
        price = products.sum_by_merchant(weight * products.price * self._offers.price(day))
        return np.asarray(np.round(price / np.maximum(products.sum_by_merchant(weight), 1e-9), 2))

    def _shop_sales(self, chain: ChainDay) -> pa.Table:
        merchant = np.flatnonzero(chain.is_open)
        sku = coded(np.zeros(len(merchant), dtype=np.int64), [""])
        listed, units, lines = self._shop_prices(chain.day)[merchant], chain.units[merchant], chain.lines[merchant]
        return self._sales_rows(chain, merchant, sku, listed, units, lines)

    def _sales(self, chain: ChainDay, stock: StockDay) -> pa.Table:
        """Products that sold, and one empty row of each open shop that sold nothing: silence would mean not known."""
        products = self._platform.products
        nothing = (chain.lines == 0) & chain.is_open
        rows = np.flatnonzero((stock.lines_sold > 0) | (self._is_first & nothing[products.merchant]))
        sku = coded(products.number[rows], self.sku_ids)
        listed, units, lines = self._list_price(chain.day, rows), stock.units_sold[rows], stock.lines_sold[rows]
        return self._sales_rows(chain, products.merchant[rows], sku, listed, units, lines)

    def _sales_rows(
        self,
        chain: ChainDay,
        merchant: NDArray[np.int64],
        sku: pa.Array,
        listed: NDArray[np.float64],
        units: NDArray[np.int64],
        lines: NDArray[np.int64],
    ) -> pa.Table:
        """Rows of the feed from arrays with an entry per row; a row that sold nothing has no price paid."""
        paid = self._prices(chain.day, listed, chain.depth[merchant])
        return table(
            {
                "date": days_as_dates(self._platform.world.first_day, chain.day, len(merchant)),
                "merchant_id": coded(merchant, self._ids),
                "sku_id": sku,
                "order_lines": lines,
                "units": units.astype(np.float64),
                "gmv": np.round(units * paid, 2),
                "list_price": listed,
                "paid_price": maybe_empty(pa.array(paid), units > 0),
                "on_promotion": np.round(chain.depth[merchant], 2),
            }
        )

    def _stock(self, chain: ChainDay, stock: StockDay) -> pa.Table:
        products = self._platform.products
        rows = np.flatnonzero(chain.is_open[products.merchant] & self._offers.is_listed(chain.day))
        return table(
            {
                "date": days_as_dates(self._platform.world.first_day, chain.day, len(rows)),
                "merchant_id": coded(products.merchant[rows], self._ids),
                "sku_id": coded(products.number[rows], self.sku_ids),
                "on_hand": stock.on_hand[rows].astype(np.float64),
                "reserved": stock.reserved[rows].astype(np.float64),
                "hours_out_of_stock": stock.hours_out[rows],
            }
        )

    def _inbound(self, day: int, stock: StockDay) -> pa.Table:
        """Lines that changed: ordered (open), received (closed, all units), called off (closed, none)."""
        # A line that is ordered and called off on one day appears once, as called off.
        parts = (stock.ordered, stock.received, stock.called_off)
        lines = join_lines(list(parts))
        kind = np.repeat([0, 1, 2], [len(part.product) for part in parts])
        world, products = self._platform.world, self._platform.products
        merchant = products.merchant[lines.product]
        closed = days_as_dates(world.first_day, day, len(kind))
        return table(
            {
                "merchant_id": coded(merchant, self._ids),
                "purchase_order_id": self._order_ids(lines),
                "sku_id": coded(products.number[lines.product], self.sku_ids),
                "ordered_on": days_as_dates(world.first_day, lines.ordered),
                "due_on": days_as_dates(world.first_day, lines.due),
                "units_ordered": lines.units.astype(np.float64),
                "units_received": np.where(kind == 1, lines.units, 0).astype(np.float64),
                "closed_on": maybe_empty(closed, kind > 0),
            }
        )

    def _order_ids(self, lines: Lines) -> pa.Array:
        """One id per shop and day of ordering: a shop orders all it needs at once."""
        days = days_as_dates(self._platform.world.first_day, lines.ordered)
        text = pa.compute.strftime(days, format="PO%y%m%d")
        return pa.array(text, pa.string())
