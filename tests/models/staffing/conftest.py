"""Simulated service desks whose law is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import yaml

from models.staffing.desk import LEAD_DAYS, Desks
from models.staffing.policy import StaffingPolicy

SHIPPED = Path(__file__).parents[3] / "data" / "policy" / "staffing.yaml"
DAYS, AHEAD = 28, 14
PROFILE = np.array([1, 1, 1, 1, 1, 1, 2, 3, 5, 7, 8, 8, 7, 7, 8, 8, 8, 7, 7, 9, 11, 12, 9, 5], dtype=float)
PROFILE /= PROFILE.sum()


@pytest.fixture(scope="session")
def policy() -> StaffingPolicy:
    """The policy as it is shipped."""
    return StaffingPolicy.model_validate(yaml.safe_load(SHIPPED.read_text(encoding="utf-8")))


def simulate(
    merchants: int = 200,
    seed: int = 1,
    shape: float = 8.0,
    weight: float = 60.0,
    size: float = 300.0,
    noise: float = 0.2,
) -> tuple[Desks, np.ndarray]:
    """Desks of two categories, and what the days ahead really brought; (n, 2, ahead, 24).

    Ratios are gamma of `shape`, hours Dirichlet of `weight`; a day's hours vary about their mean by a gamma law with
    the dispersion `noise`. The drivers ahead are known without error.
    """
    random = np.random.default_rng(seed)
    days = LEAD_DAYS + DAYS + AHEAD
    category = np.arange(merchants) % 2
    scale = size * random.lognormal(0, 1, merchants)
    visitors = random.poisson(scale[:, None] * random.gamma(25, 1 / 25, (merchants, days))).astype(float)
    orders = visitors * 0.05
    usual = np.array([[0.03, 1.2], [0.06, 2.0]])[category]
    ratio = usual * random.gamma(shape, 1 / shape, (merchants, 2))
    hours = random.dirichlet(weight * PROFILE, (merchants, 2))
    drivers = np.stack([visitors, orders], axis=1)[:, :, LEAD_DAYS:]
    mean = (ratio[:, :, None] * drivers)[:, :, :, None] * hours[:, :, None, :]
    drawn = random.poisson(mean * random.gamma(1 / noise, noise, mean.shape)).astype(float)
    sessions = drawn[:, :, :DAYS]
    total = sessions.sum(axis=(2, 3))
    human = np.round(total * 0.4)
    series = np.stack([visitors, orders, np.full_like(orders, np.nan)], axis=1)
    spread = np.zeros((merchants, 3, AHEAD))
    return Desks(category, sessions, human, human * 300.0, series, spread), drawn[:, :, DAYS:]


@pytest.fixture(scope="session")
def simulated() -> Callable[..., tuple[Desks, np.ndarray]]:
    """Return the function that simulates desks."""
    return simulate
