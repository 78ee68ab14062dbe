from __future__ import annotations

import numpy as np
import pandas as pd

from models.replenishment.inputs import names_of, supply_of, where_known
from models.replenishment.policy import Defaults

DEFAULTS = Defaults(
    lead_time_days=7,
    lead_time_sd_share=0.25,
    review_period_days=7,
    order_multiple=1,
    min_order_qty=1,
    max_cover_days=90,
)
NAMES = ["lead_time_days", "lead_time_sd_days", "review_period_days", "order_multiple", "min_order_qty",
         "max_cover_days", "shelf_life_days", "reserved", "inbound_known"]  # fmt: skip


def test_a_product_that_says_everything_assumes_nothing() -> None:
    supply = supply_of(pd.DataFrame([[9.0, 2.0, 3.0, 6.0, 12.0, 45.0, np.nan, 0.0, True]], columns=NAMES), DEFAULTS)
    assert (supply.lead_time[0], supply.lead_time_sd[0], supply.review_period[0]) == (9, 2, 3)
    assert (supply.multiple[0], supply.minimum[0], supply.longest_cover[0]) == (6, 12, 45)
    assert supply.assumed.tolist() == [""]


def test_what_is_missing_comes_from_the_policy_and_is_named() -> None:
    supply = supply_of(pd.DataFrame([[*[None] * 8, False], [8.0, *[None] * 7, True]], columns=NAMES), DEFAULTS)
    assert supply.lead_time.tolist() == [7, 8]
    assert supply.lead_time_sd.tolist() == [1.75, 2.0]
    assert supply.assumed.tolist() == [
        "lead_time_days,lead_time_sd_days,review_period_days,reserved,inbound",
        "lead_time_sd_days,review_period_days,reserved",
    ]


def test_a_case_of_zero_units_is_no_case() -> None:
    supply = supply_of(pd.DataFrame([[1.0, 0.0, 1.0, 0.0, 0.0, 0.0, np.nan, 0.0, True]], columns=NAMES), DEFAULTS)
    assert (supply.multiple[0], supply.minimum[0], supply.longest_cover[0]) == (1, 0, 90)


def test_goods_that_spoil_are_not_ordered_for_longer_than_they_keep() -> None:
    supply = supply_of(pd.DataFrame([[1.0, 0.0, 1.0, 1.0, 1.0, 30.0, 5.0, 0.0, True]], columns=NAMES), DEFAULTS)
    assert supply.longest_cover[0] == 5


def test_names_and_flags() -> None:
    flags = {"a": np.array([True, False, True]), "b": np.array([True, False, False])}
    assert names_of(flags).tolist() == ["a,b", "", "a"]
    assert where_known(np.array([True, False]), np.array([True, False])).tolist() == [True, None]
