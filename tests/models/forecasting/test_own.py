"""A merchant's own weekdays and promotions, as far as its history can say."""

from __future__ import annotations

import numpy as np
import pytest

from models.forecasting.own import own_factors
from models.forecasting.policy import FactorPolicy

WEEKDAY = np.arange(112) % 7
UNIT = np.ones(1)


def own(values: np.ndarray, promotion: np.ndarray | None = None):
    planned = np.zeros((1, 112), bool) if promotion is None else promotion
    return own_factors(values, np.ones((1, 112)), WEEKDAY, planned, UNIT, 0.05, FactorPolicy(weekday_own_sd=0.5))


def test_a_shop_of_saturdays_is_found() -> None:
    values = np.where(WEEKDAY == 5, 200.0, 100.0)[None, :]
    weekday = own(values).weekday[0]
    assert weekday[5] / weekday[0] == pytest.approx(2.0, rel=0.1)


def test_a_quiet_shop_keeps_the_profile_of_its_category() -> None:
    values = np.zeros((1, 112))
    values[0, 5::28] = 1.0  # a sale on four Saturdays says little
    assert abs(own(values).weekday[0] - 1).max() < 0.6
    assert own(np.full((1, 112), np.nan)).weekday[0].tolist() == [1.0] * 7


def test_an_own_answer_to_promotions_is_found() -> None:
    promotion = np.zeros((1, 112), bool)
    promotion[0, 14:112:3] = True
    values = np.where(promotion, 150.0, 100.0)
    assert own(values, promotion).promotion[0] == pytest.approx(1.5, rel=0.12)


def test_without_promotions_there_is_no_own_answer() -> None:
    assert own(np.full((1, 112), 50.0)).promotion[0] == 1.0
    assert own(np.full((1, 112), 50.0), np.ones((1, 112), bool)).promotion[0] == 1.0


def test_a_day_on_promotion_says_less_of_the_level_until_the_lift_is_known() -> None:
    # Without a promotion seen: v = 1 / 50 + 0.05 = 0.07; v / (v + 5 x 0.4^2) = 0.0805.
    flat = np.full((1, 112), 50.0)
    assert own(flat).promotion_says[0] == pytest.approx(0.07 / 0.87)
    # After 30 days of it: s^2 = 1 / (1 / 0.16 + 30 / 0.07) = 0.0023; v / (v + 5 s^2) = 0.859.
    often = np.zeros((1, 112), bool)
    often[0, 22:112:3] = True
    assert own(flat, often).promotion_says[0] == pytest.approx(0.859, abs=0.001)


def test_two_weeks_are_needed() -> None:
    made = own_factors(
        np.ones((3, 10)), np.ones((3, 10)), WEEKDAY[:10], np.zeros((3, 10), bool), np.ones(3), 0.1, FactorPolicy()
    )
    assert made.weekday.shape == (3, 7)
    assert (made.weekday == 1).all()


def test_apply_multiplies_weekday_and_promotion() -> None:
    promotion = np.zeros((1, 112), bool)
    promotion[0, 0] = True
    made = own(np.where(WEEKDAY == 5, 200.0, 100.0)[None, :])._replace(promotion=np.array([2.0]))
    applied = made.apply(np.ones((1, 112)), WEEKDAY, promotion)
    assert applied[0, 0] == pytest.approx(2 * made.weekday[0, 0])
    assert applied[0, 7] == pytest.approx(made.weekday[0, 0])
