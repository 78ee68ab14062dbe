"""Simulated products whose factors, levels and true demand are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest

from models.forecasting.products.panel import ProductPanel, depth_code, out_code

MONDAY = date(2026, 9, 7)
HISTORY, AHEAD = 56, 7
WEEK = np.array([[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], [0.6, 0.8, 0.8, 0.8, 1.0, 1.6, 1.4]])


@dataclass(frozen=True)
class Simulated:
    """A panel and what lies behind it: levels (products,), means and demand (products, all days)."""

    panel: ProductPanel
    level: np.ndarray
    mean: np.ndarray
    demand: np.ndarray


def simulate(shops: int = 60, each: int = 10, seed: int = 1, lift: float = 1.5, dispersion: float = 0.2) -> Simulated:
    """Shops with products of two categories: one day in ten promoted by a fifth, one in five half sold out."""
    random = np.random.default_rng(seed)
    products, days = shops * each, HISTORY + AHEAD
    shop = np.repeat(np.arange(shops), each)
    category = np.arange(products) % 2
    level = random.lognormal(0.5, 0.7, shops)[shop] * random.gamma(2.0, 0.5, products)
    depth = np.where(random.random((products, days)) < 0.1, 0.2, 0.0)
    mean = level[:, None] * WEEK[category][:, np.arange(days) % 7] * np.where(depth > 0, lift, 1.0)
    rate = mean * random.gamma(1 / dispersion, dispersion, mean.shape)
    gone = np.where(random.random(mean.shape) < 0.2, 0.5, 0.0)
    # The hours without stock would have sold a fifth of the day.
    before = random.poisson(rate * np.where(gone > 0, 0.8, 1.0))
    demand = before + np.where(gone > 0, random.poisson(rate * 0.2), 0)
    sold = before.astype(float)
    panel = ProductPanel(
        shop, shops, category, MONDAY, sold[:, :HISTORY], out_code(gone[:, :HISTORY]), depth_code(depth)
    )
    return Simulated(panel, level, mean, demand.astype(float))


@pytest.fixture(scope="session")
def simulated() -> Callable[..., Simulated]:
    """Return the function that simulates products."""
    return simulate


@pytest.fixture(scope="session")
def platform() -> Simulated:
    """A platform of sixty shops."""
    return simulate()
