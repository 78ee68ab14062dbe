"""The merchants' buyers: look at the stock every few days, and order what the coming weeks need.

The idea: a good buyer orders up to the expected demand over lead time and review (events and promotions included, for
all of that is announced; before a feast, up to its end) plus safety for what cannot be known. A poor buyer keeps a part
of that. Healthy shops then mostly stay in stock, and the others run out for a reason.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.simulation.demand import Expectation
from models.simulation.draws import Floats, Ints
from models.simulation.parameters import SimulationParameters
from models.simulation.products import Products
from models.simulation.world import World


class Buyers:
    """What buyers know and how they decide; the estimate of each shop's current level is their only memory."""

    def __init__(
        self,
        parameters: SimulationParameters,
        world: World,
        products: Products,
        expectation: Expectation,
        feast_ends: Ints,
    ) -> None:
        self._feast_ends = feast_ends
        self._shape = parameters.stock
        self._units_per_order = parameters.demand.lines_per_order * (1 + parameters.demand.extra_units_per_line)
        self._products = products
        self._expectation = expectation
        poor = world.traits.in_tail["poor_buyers"]
        self._cover = np.where(poor, world.traits.rates["poor_buyers"], 1.0)
        self._safety = np.where(poor, 0.0, parameters.stock.safety_factor)
        self._noise = parameters.stock.demand_noise * np.sqrt(np.log1p(world.dispersion))
        self.level = np.ones(world.size)

    def learn(self, factor: Floats) -> None:
        """Take the day's demand, as a factor on what was expected (merchants,), into the estimate of the level."""
        memory = self._shape.level_memory
        self.level = np.clip(memory * self.level + (1 - memory) * factor, 0.2, 4.0)

    def expected_units(self, rows: Ints, day: int, horizon: Ints) -> Floats:
        """Units expected to be wanted of products `rows` in the `horizon` days after `day`."""
        until = self._expectation.orders_until
        merchant = self._products.merchant[rows]
        last = np.minimum(day + 1 + horizon, len(until) - 1)
        orders = until[last, merchant] - until[day + 1, merchant]
        return np.asarray(orders * self._units_per_order * self._products.share[rows] * self.level[merchant])

    def targets(self, rows: Ints, day: int) -> tuple[Floats, Floats]:
        """Reorder point and order-up-to level of products `rows`, units."""
        merchant = self._products.merchant[rows]
        horizon = (self._products.lead_time[rows] + self._products.review_days[rows]).astype(np.int64)
        horizon = np.maximum(horizon, self._feast_ends[day])
        need = self.expected_units(rows, day, horizon)
        deviation = np.sqrt(1.3 * need + (self._noise[merchant] * need) ** 2)
        cover = self._cover[merchant]
        floor = np.where(cover < 1, 0.0, 1.0)  # a good buyer never lets the last unit go unreplaced
        point = np.floor(cover * need + self._safety[merchant] * deviation) + floor
        extra = cover * need / horizon * self._shape.order_cover_days
        return point, point + extra

    def due_for_review(self, day: int) -> NDArray[np.bool_]:
        """Products whose shop looks at its stock on a day."""
        return (day + self._products.merchant) % self._products.review_days == 0

    def order(self, day: int, position: Floats, allowed: NDArray[np.bool_]) -> tuple[Ints, Ints]:
        """Decide the day's orders.

        Parameters
        ----------
        position : (products,) units on hand and on order, less those reserved
        allowed : (products,) whose supplier takes orders

        Returns
        -------
        rows, units
            Products ordered, and how many units of each: a multiple of the case, at least the smallest order.
        """
        rows = np.flatnonzero(self.due_for_review(day) & allowed)
        point, up_to = self.targets(rows, day)
        short = position[rows] < point
        rows, wanted = rows[short], (up_to - position[rows])[short]
        multiple = self._products.multiple[rows]
        units = np.maximum(np.ceil(wanted / multiple) * multiple, self._products.minimum[rows])
        return rows, units.astype(np.int64)
