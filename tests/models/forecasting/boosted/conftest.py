"""A platform on which the first day of a promotion sells most: what pooled factors have no words for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.forecasting.boosted.train import train
from models.forecasting.components.log_prophet import LogProphet
from models.forecasting.learn import learn
from models.forecasting.learned import OWN_TERMS
from models.forecasting.policy import ForecastPolicy

HISTORY, HORIZON, MERCHANTS = 210, 28, 60
RUN = np.array([1.9, 1.3, 1.0])  # lift of the days of a promotion
POLICY = ForecastPolicy.model_validate(
    {
        "boosted": {
            "rows": 12000,
            "least_rows": 5000,
            "trees": 40,
            "least_rows_of_leaf": 40,
            "days_of_merchant": 14,
            "shrink_days": 9,
            "least_days": 140,
        }
    }
)


def planned(merchants: int, days: int) -> tuple[np.ndarray, np.ndarray]:
    """Promotions of three days, each merchant's on days of its own, and the lift of each day."""
    on, lift = np.zeros((merchants, days), bool), np.ones((merchants, days))
    for merchant in range(merchants):
        for start in range(merchant % 10, days - 2, 10):
            on[merchant, start : start + 3], lift[merchant, start : start + 3] = True, RUN
    return on, lift


def cut(panel, known: int, values=None):
    """Return the panel as it is `known` columns into its history, with values of choice."""
    return replace(panel, values={name: table[:, :known] for name, table in (values or panel.values).items()})


@pytest.fixture(scope="session")
def platform():
    """Values with noise, means without, and plans (merchants, HISTORY + HORIZON)."""
    random = np.random.default_rng(3)
    on, lift = planned(MERCHANTS, HISTORY + HORIZON)
    level = 40 * np.exp(random.normal(0, 0.7, MERCHANTS))
    week = np.array([1.2, 1.1, 1.0, 0.9, 1.0, 0.8, 1.0])[np.arange(HISTORY + HORIZON) % 7]
    mean = level[:, None] * week * lift
    is_open = np.ones(mean.shape, bool)
    is_open[3::7, 6::7] = False
    drawn = random.poisson(random.gamma(50.0, 1 / 50.0, mean.shape) * mean).astype(np.float64)
    return np.where(is_open, drawn, np.nan), np.where(is_open, mean, 0.0), {"open": is_open, "promotion": on}


@pytest.fixture
def trained(platform, make_panel, make_setting):
    """Return a function that learns and trains on some merchants in some order; gives learned, panel and model."""

    def make(order=None, history: int = HISTORY, policy: ForecastPolicy = POLICY, values=None):
        order = np.arange(MERCHANTS) if order is None else order
        table = (platform[0] if values is None else values)[order, :history]
        names = np.array([f"m{place:03d}" for place in order], dtype=object)
        plans = {name: plan[order, : history + HORIZON] for name, plan in platform[2].items()}
        panel = make_panel({"orders": table}, HORIZON, names=names, **plans)
        learned = learn(lambda: [panel], make_setting(history, HORIZON, policy=policy), ["orders"])["orders"]
        sample = panel.rows(np.argsort(panel.merchants.astype(str), kind="stable"))
        base = LogProphet(learned.half_life(history, OWN_TERMS), policy, learned.priors.get(history))
        return learned, panel, train(learned, sample, history, base)

    return make
