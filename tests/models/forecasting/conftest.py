"""Small platforms: panels and settings as the pipeline would make them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pytest

from models.calendar.event import Event
from models.calendar.groups import build_day_groups
from models.forecasting.factors import DayLabels
from models.forecasting.learned import Setting
from models.forecasting.panel import Floats, Panel, month_days, weekdays
from models.forecasting.policy import ForecastPolicy

FIRST = date(2026, 3, 2)  # a Monday
WEEK = np.array([1.3, 1.1, 1.0, 0.9, 1.0, 0.7, 1.0])

MakeSetting = Callable[..., Setting]
MakePanel = Callable[..., Panel]


@pytest.fixture
def make_setting() -> MakeSetting:
    """Return a function that makes a setting of so many known days and days ahead."""

    def make(
        history: int,
        horizon: int = 28,
        events: Sequence[Event] = (),
        scopes: Sequence[tuple[str, str]] = (("", ""),),
        first: date = FIRST,
        policy: ForecastPolicy | None = None,
        prior_lift: dict[str, float] | None = None,
    ) -> Setting:
        days = history + horizon
        groups = build_day_groups(list(events), scopes, first, days)
        labels = DayLabels(weekdays(first, days), month_days(first, days), groups, np.zeros(days))
        return Setting(labels, history, policy or ForecastPolicy(), prior_lift or {}, first)

    return make


@pytest.fixture
def make_panel() -> MakePanel:
    """Return a function that makes a panel from values by measure; everything is open and nothing planned."""

    def make(
        values: dict[str, Floats],
        horizon: int = 28,
        scope: np.ndarray | None = None,
        names: np.ndarray | None = None,
        first: date = FIRST,
        **planned: np.ndarray,
    ) -> Panel:
        merchants, history = next(iter(values.values())).shape
        shape = (merchants, history + horizon)
        plans = {"open": np.ones(shape, bool), "promotion": np.zeros(shape, bool), "holiday": np.zeros(shape, bool)}
        ids = np.array([f"m{place}" for place in range(merchants)], dtype=object) if names is None else names
        scopes = np.zeros(merchants, np.int32) if scope is None else scope
        return Panel(ids, scopes, first, values, **(plans | planned))

    return make


@pytest.fixture
def counts() -> Callable[..., Floats]:
    """Return a function that draws daily counts with a weekly shape and negative-binomial noise."""

    def draw(merchants: int, days: int, seed: int = 1, dispersion: float = 0.08, level: float = 30.0) -> Floats:
        random = np.random.default_rng(seed)
        levels = level * np.exp(random.normal(0, 0.8, merchants))
        mean = levels[:, None] * WEEK[np.arange(days) % 7]
        drawn = random.poisson(random.gamma(1 / dispersion, dispersion, mean.shape) * mean)
        return drawn.astype(np.float64)

    return draw
