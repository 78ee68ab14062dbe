"""The laws behind simulated desks are found again."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from numpy.testing import assert_allclose

from models.staffing.desk import LEAD_DAYS
from models.staffing.pooled import pool
from tests.models.staffing.conftest import PROFILE


@pytest.fixture(scope="module")
def found(simulated, policy):
    return pool(simulated(600)[0], 2, policy)


def test_ratios_of_each_category(found) -> None:
    assert found.ratio[0, 0, 0] == pytest.approx(0.03, rel=0.1)
    assert found.ratio[1, 0, 0] == pytest.approx(0.06, rel=0.1)
    assert found.ratio[0, 1, 1] == pytest.approx(1.2, rel=0.1)
    assert found.ratio[0, 0, 0] < found.ratio[-1, 0, 0] < found.ratio[1, 0, 0]


def test_how_much_merchants_differ_in_ratio_and_hours(found) -> None:
    assert (found.shape > 8 / 1.6).all()
    assert (found.shape < 8 * 1.6).all()
    assert_allclose(found.profile[:, :], np.broadcast_to(PROFILE, found.profile.shape), atol=0.012)
    # Hours of a day vary beyond chance (dispersion 0.2), which is read as merchants that differ a little more.
    assert (found.weight > 60 / 2).all()
    assert (found.weight < 60 * 1.5).all()


def test_merchants_that_are_alike_count_little_for_themselves(simulated, policy) -> None:
    alike = pool(simulated(300, shape=400.0, weight=3000.0, noise=0.01)[0], 2, policy)
    assert (alike.shape > 60).all()
    assert (alike.weight > 400).all()


def test_the_spread_of_hours(found) -> None:
    assert_allclose(found.dispersion, 0.2, rtol=0.25)


def test_a_category_nobody_saw_is_the_platform(simulated, policy) -> None:
    pooled = pool(simulated(100)[0], 3, policy)
    assert pooled.ratio[2, 0, 0] == pytest.approx(pooled.ratio[-1, 0, 0])
    assert_allclose(pooled.profile[2], pooled.profile[-1])
    assert_allclose(pooled.weight[2], pooled.weight[-1])


@pytest.mark.parametrize("lag", [1, 7])
def test_how_long_orders_ask_is_read_from_the_days(simulated, policy, lag: int) -> None:
    desks, _ = simulated(200, noise=0.05, size=3000.0)
    random = np.random.default_rng(2)
    drivers = desks.drivers.copy()
    drivers[:, 1] = random.gamma(2, 20, drivers[:, 1].shape)
    orders = drivers[:, 1]
    asked = np.stack(
        [orders[:, LEAD_DAYS + day - lag + 1 : LEAD_DAYS + day + 1].mean(axis=1) for day in range(28)], axis=1
    )
    sessions = desks.sessions.copy()
    sessions[:, 1] = random.poisson(asked[:, :, None] * PROFILE)
    assert pool(dataclasses.replace(desks, sessions=sessions, drivers=drivers), 2, policy).after_sale_days == lag


def test_the_order_of_merchants_changes_nothing(simulated, policy) -> None:
    desks, _ = simulated(150)
    back = slice(None, None, -1)
    turned = dataclasses.replace(desks, **{name: values[back] for name, values in vars(desks).items()})
    one, other = pool(desks, 2, policy), pool(turned, 2, policy)
    for name in ("ratio", "shape", "profile", "weight", "dispersion", "human", "seconds"):
        assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-10)


def test_without_any_consultation_everything_is_finite(simulated, policy) -> None:
    desks, _ = simulated(4)
    silent = dataclasses.replace(
        desks, sessions=np.zeros_like(desks.sessions), human_sessions=np.zeros((4, 2)), handle_seconds=np.zeros((4, 2))
    )
    pooled = pool(silent, 2, policy)
    assert (pooled.seconds == policy.handle_seconds).all()
    for name in ("ratio", "shape", "profile", "weight", "dispersion", "human"):
        assert np.isfinite(getattr(pooled, name)).all()
