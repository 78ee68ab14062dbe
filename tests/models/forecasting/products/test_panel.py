"""Codes of days, and which missing rows are zeros."""

from __future__ import annotations

import dataclasses

import numpy as np

from models.forecasting.products.panel import (
    DEPTH_CODES,
    OUT_STEPS,
    PRICE_CODES,
    depth_code,
    fill_unsold,
    out_code,
    price_code,
)


def test_begun_sixteenths_of_a_day_out_of_stock_count() -> None:
    assert out_code(np.array([0.0, 1 / 16, 0.07, 0.5, 1.0, 7.0])).tolist() == [0, 1, 2, 8, OUT_STEPS, OUT_STEPS]


def test_depths_of_promotions() -> None:
    assert depth_code(np.array([0.0, 0.05, 0.2, 0.21, 0.35, 0.6, 1.0])).tolist() == [0, 1, 4, 5, 6, 7, DEPTH_CODES - 1]


def test_prices_about_the_usual_one_and_unknown_ones_are_code_0() -> None:
    relative = np.log([1.0, 1.03, 0.97, 1.07, 1.18, 1.3, 2.0, 0.5, 0.75, 0.85, 0.94])
    assert price_code(relative).tolist() == [0, 0, 0, 5, 6, 7, 8, 1, 2, 3, 4]
    assert price_code(np.array([np.nan])).tolist() == [0]
    assert PRICE_CODES == 9


def test_days_of_a_reporting_shop_without_a_row_sold_nothing_from_a_products_first_day_on() -> None:
    nan = np.nan
    units = np.array([[5.0, 5.0, nan, 5.0], [nan, nan, nan, nan], [nan, 2.0, nan, nan], [nan, nan, nan, 1.0]])
    told = np.isfinite(units)
    told[1, 3] = True  # a row that leaves the units empty
    shop, first = np.array([0, 0, 0, 1]), np.array([4, 1, 0, 0])
    found = fill_unsold(units, told, shop, 2, first)
    expected = [[5.0, 5.0, nan, 5.0], [nan, 0.0, nan, nan], [0.0, 2.0, nan, 0.0], [nan, nan, nan, 1.0]]
    np.testing.assert_array_equal(found, expected)


def test_rows_keep_their_shops(platform) -> None:
    part = platform.panel.rows(slice(10, 30))
    assert part.shops == platform.panel.shops
    assert sorted(set(part.shop)) == [1, 2]
    assert part.history == platform.panel.history
    assert part.price is None
    priced = dataclasses.replace(platform.panel, price=platform.panel.promotion)
    np.testing.assert_array_equal(priced.rows(slice(10, 30)).price, platform.panel.promotion[10:30])
