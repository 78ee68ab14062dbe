"""What all parts of the plan look at: stock, what is on the way, demand and supply of n products."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.replenishment.demand import Demand
from models.replenishment.inputs import Supply, column
from models.replenishment.policy import ReplenishmentPolicy

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class State:
    """State of n products on a day.

    Parameters
    ----------
    products : DataFrame
        One row per product.
    free : (n,) array
        Units on hand and not reserved; NaN where the stock is not known.
    receipts : (n, h) array
        Units that are expected to arrive on day 1 ... h.
    arrivals : (n, k) array
        Days on which the next receipt may come, as likely as each other; NaN where there are fewer or none.
    demand, supply, policy
        Forecast, terms of supply, and the numbers of the policy.
    """

    products: pd.DataFrame
    free: Floats
    receipts: Floats
    arrivals: Floats
    demand: Demand
    supply: Supply
    policy: ReplenishmentPolicy

    @property
    def inbound(self) -> Floats:
        """Units on the way, those beyond the forecast included; (n,)."""
        return self.receipts.sum(axis=1) + np.nan_to_num(self.column("inbound_later"))

    def column(self, name: str) -> Floats:
        """A column of the products as floats; NULL becomes NaN."""
        return column(self.products, name)
