"""One count in money: the merchant's own value per order, the platform's where it has not sold."""

from __future__ import annotations

import numpy as np
import pytest

from models.forecasting.units import UnitSums, block_units, count_unit, merchant_units

MONEY = np.array([[100.0, 300.0, np.nan], [np.nan, np.nan, 50.0]])
ORDERS = np.array([[1.0, 3.0, 9.0], [2.0, 1.0, np.nan]])


def test_only_days_with_both_are_compared() -> None:
    assert count_unit(MONEY, ORDERS, platform=70.0).tolist() == [100.0, 70.0]


def test_orders_are_their_own_unit(make_panel) -> None:
    panel = make_panel({"orders": ORDERS})
    assert merchant_units(panel, "orders", 0, 3, 5.0, 1.5).tolist() == [1.0, 1.0]
    assert block_units(panel, "orders").value == 1.0


def test_money_is_counted_in_orders_before_units(make_panel) -> None:
    panel = make_panel({"gmv": MONEY, "units": ORDERS * 10, "orders": ORDERS})
    assert merchant_units(panel, "gmv", 0, 3, 70.0, 1.5).tolist() == [150.0, 105.0]
    assert block_units(panel, "gmv").value == pytest.approx(100.0)


def test_money_without_counts_has_a_share_of_a_day_as_its_unit(make_panel) -> None:
    panel = make_panel({"gmv": MONEY})
    assert block_units(panel, "gmv").value == pytest.approx(0.1 * 150.0)
    assert merchant_units(panel, "gmv", 0, 3, 15.0, 1.0).tolist() == [15.0, 15.0]


def test_blocks_add_up_and_an_empty_platform_has_a_unit(make_panel) -> None:
    total = UnitSums()
    assert total.value == 1.0
    for row in ([0], [1]):
        total.add(block_units(make_panel({"gmv": MONEY[row], "orders": ORDERS[row]}), "gmv"))
    assert total.value == pytest.approx(block_units(make_panel({"gmv": MONEY, "orders": ORDERS}), "gmv").value)
