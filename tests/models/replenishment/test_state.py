from __future__ import annotations

import numpy as np
import pandas as pd

from models.replenishment.demand import Demand
from models.replenishment.inputs import supply_of
from models.replenishment.policy import ReplenishmentPolicy
from models.replenishment.state import State


def test_inbound_counts_deliveries_behind_the_forecast_too(policy: ReplenishmentPolicy) -> None:
    names = ["lead_time_days", "lead_time_sd_days", "review_period_days", "order_multiple", "min_order_qty",
             "max_cover_days", "shelf_life_days", "reserved"]  # fmt: skip
    products = pd.DataFrame(np.nan, index=range(2), columns=names).assign(
        inbound_later=[40.0, None], inbound_known=True
    )
    flat = np.ones((2, 3))
    supply = supply_of(products, policy.defaults)
    receipts = np.array([[1.0, 2.0, 0.0], [0.0, 0.0, 5.0]])
    state = State(products, np.array([1.0, 2.0]), receipts, np.full((2, 1), np.nan), Demand(flat, flat), supply, policy)
    assert state.inbound.tolist() == [43.0, 5.0]
