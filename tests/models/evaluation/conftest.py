"""A small platform whose forecast has been learned, for what is walked over its past."""

from datetime import date

import numpy as np
import pytest

from models.calendar.groups import build_day_groups
from models.forecasting.factors import DayLabels
from models.forecasting.learn import learn
from models.forecasting.learned import Setting
from models.forecasting.panel import Panel, month_days, weekdays
from models.forecasting.policy import ForecastPolicy

FIRST, HISTORY, MERCHANTS = date(2026, 1, 5), 150, 60


@pytest.fixture(scope="package")
def small_platform():
    """Orders (merchants, days), what was learned of them, and a function from orders to a panel."""
    rng, total = np.random.default_rng(8), HISTORY + 28
    values = rng.poisson(120 * rng.lognormal(0, 0.3, (MERCHANTS, 1)), (MERCHANTS, HISTORY)).astype(float)
    groups = build_day_groups([], [("", "")], FIRST, total)
    labels = DayLabels(weekdays(FIRST, total), month_days(FIRST, total), groups, np.zeros(total))
    base = ForecastPolicy()
    policy = base.model_copy(
        update={
            "calibration": base.calibration.model_copy(update={"origins": 13}),
            "ensemble": base.ensemble.model_copy(update={"models": ("pooled_level",)}),
        }
    )

    def panel_of(orders):
        shape = (len(orders), total)
        ids = np.array([f"m{row}" for row in range(len(orders))], dtype=object)
        plans = (np.ones(shape, bool), np.zeros(shape, bool), np.zeros(shape, bool))
        return Panel(ids, np.zeros(len(orders), np.int32), FIRST, {"orders": orders}, *plans)

    setting = Setting(labels, HISTORY, policy, {}, FIRST)
    return values, learn(lambda: [panel_of(values)], setting, ["orders"])["orders"], panel_of
