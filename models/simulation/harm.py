"""When trouble could first be seen, and when it did harm: not the onset, but the day on which the loss added up.

The idea: a strength is a share of a day's business (or of a day's parcels, chats, reviews) that goes wrong. Harm is
done on the day on which these shares, summed since the onset, reach `harm_sum`; it is felt `harm_lag_days` later, when
the parcel is late to the door or the refund is paid. What depends on stock (an empty shelf after a surge) is not
planned but observed while the simulation runs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.simulation.draws import Floats, Ints
from models.simulation.pressures import Pressure
from models.simulation.products import Products
from models.simulation.scenarios import Episodes, Scenario
from models.simulation.stock import StockDay
from models.simulation.world import NEVER

LONGEST = 400  # days after the onset in which harm is looked for


def seen_and_harmed(kind: Scenario, episodes: Episodes, rows: Ints) -> tuple[Ints, Ints]:
    """First day on which an effect can be seen, and first day on which its sum has done harm; NEVER where none.

    Parameters
    ----------
    rows : (n,)
        Rows of the episodes, all of this kind.
    """
    onset = episodes.onset[rows]
    strength = _strengths(episodes, rows) * episodes.part[rows]
    observable = _first(strength >= max(kind.observable_effect, 1e-9), onset, kind.observable_lag_days)
    harm = np.full(len(rows), NEVER)
    if kind.harm_sum is not None:
        harm = _first(np.cumsum(strength, axis=0) >= kind.harm_sum - 1e-9, onset, kind.harm_lag_days)
    elif kind.harm_after is not None:
        full = strength / np.maximum(episodes.magnitude[rows] * episodes.part[rows], 1e-12)
        harm = _first(np.cumsum(full, axis=0) >= kind.harm_after - 1e-9, onset, kind.harm_lag_days)
    # What does harm can be seen by then, however small it is.
    return np.minimum(observable, harm), harm


def _strengths(episodes: Episodes, rows: Ints) -> Floats:
    """Strength of rows by days after the onset, (LONGEST, n)."""
    ahead = np.arange(LONGEST)[:, None]
    risen = np.clip((ahead + 1) / (episodes.ramp[rows] + 1), 0.0, 1.0)
    left = episodes.last[rows] - episodes.onset[rows] + 1 - ahead
    falling = np.clip(left / (episodes.recovery[rows] + 1), 0.0, 1.0)
    return np.asarray(np.minimum(risen, falling) * episodes.magnitude[rows])


def _first(reached: NDArray[np.bool_], onset: Ints, lag: int) -> Ints:
    found = reached.any(axis=0)
    return np.where(found, onset + reached.argmax(axis=0) + lag, NEVER)


class SurgeHarm:
    """Watches surges: harm is done once customers who wanted to buy, or to be served, in sum got nothing.

    `harm` (rows of the episodes,) are day numbers, NEVER where a surge did none.
    """

    def __init__(self, episodes: Episodes, products: Products) -> None:
        self._episodes, self._products = episodes, products
        self._rows = np.flatnonzero(episodes.rows_of("surge"))
        needed = [kind.harm_sum or np.inf for kind in episodes.kinds]
        kind = episodes.kind[self._rows]
        self._needed = np.array(needed, dtype=np.float64)[kind] if needed else np.zeros(0)
        self._lag = np.array([kind.harm_lag_days for kind in episodes.kinds], dtype=np.int64)[kind] if needed else kind
        self._sum = np.zeros(len(self._rows))
        self.harm: Ints = np.full(len(episodes.number), NEVER)

    def observe(self, day: int, pressure: Pressure, stock_day: StockDay) -> None:
        """Add the day's loss, as a share of the usual business: empty shelves, and parcels that leave too late."""
        rows = self._rows
        active = (self._episodes.onset[rows] <= day) & (day <= self._episodes.last[rows])
        if not active.any():
            return
        empty = self._products.sum_by_merchant(self._products.share * stock_day.hours_out / 24)
        merchant = self._episodes.merchant[rows]
        load = 1 + pressure["surge"][merchant]
        lost = load * np.maximum(np.asarray(empty)[merchant], pressure.dispatch[merchant])
        self._sum += np.where(active, lost, 0.0)
        reached = active & (self._sum >= self._needed) & (self.harm[rows] == NEVER)
        self.harm[rows[reached]] = day + self._lag[reached]
