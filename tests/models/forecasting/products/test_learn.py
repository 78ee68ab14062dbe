"""The backtest chooses half-lives as the data move, and reads the spread that is there."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from models.forecasting.policy import ProductPolicy
from models.forecasting.products.learn import learn_products, origins_of, poisson_deviance

POLICY = ProductPolicy()


def test_origins_lie_before_the_days_they_are_judged_by() -> None:
    assert origins_of(56) == [49, 42, 35, 28]
    assert origins_of(20) == []


def test_deviance_is_nothing_for_a_perfect_mean() -> None:
    assert poisson_deviance(np.array([3.0, 0.0, 2.0]), np.array([3.0, 0.0, 0.0])).tolist() == [0.0, 0.0, 0.0]
    assert poisson_deviance(np.array([0.0]), np.array([2.0]))[0] == 2.0


def test_the_spread_of_days_is_found(platform) -> None:
    found = learn_products(platform.panel, 2, POLICY, whole=True)
    assert found.unit == 1.0
    assert found.dispersion[3] == pytest.approx(0.2, abs=0.12)


def test_still_products_choose_long_and_moving_ones_short_half_lives(simulated) -> None:
    still = simulated(60, dispersion=0.05).panel
    assert POLICY.half_lives[learn_products(still, 2, POLICY, True).half_life[4]] >= 14
    random = np.random.default_rng(3)
    walk = np.exp(np.cumsum(random.normal(0, 0.35, still.units.shape), axis=1))
    moving = dataclasses.replace(still, units=random.poisson(10 * np.clip(walk, 0.05, 20)).astype(float))
    assert POLICY.half_lives[learn_products(moving, 2, POLICY, True).half_life[4]] <= 7


def test_weighed_goods_have_a_unit_of_their_own(simulated) -> None:
    panel = simulated(60, dispersion=0.05).panel
    tenth = dataclasses.replace(panel, units=panel.units * 0.1)
    assert learn_products(tenth, 2, POLICY, whole=False).unit == pytest.approx(0.1, rel=0.4)


def test_a_young_platform_keeps_the_policys_choices(platform) -> None:
    young = dataclasses.replace(
        platform.panel, units=platform.panel.units[:, :9], out=platform.panel.out[:, :9],
        promotion=platform.panel.promotion[:, :16],
    )  # fmt: skip
    found = learn_products(young, 2, POLICY, True)
    assert (found.half_life == POLICY.default_position).all()
    np.testing.assert_allclose(found.dispersion, POLICY.dispersion)
