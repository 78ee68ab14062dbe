"""Shops of which only their last weeks are known, beside the same shops with all of their history (Rossmann).

A quarter of the stores loses everything before its last 28, 14 or 7 days; the others teach. `pytest -m real -s
tests/real/test_newcomers.py` prints the errors. The days lie before those that test_forecast_accuracy.py judges by.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.calendar.groups import build_day_groups
from models.forecasting.component import PooledLevel
from models.forecasting.components.log_prophet import LogProphet
from models.forecasting.components.priors import learned_prior
from models.forecasting.components.seasonal_median import SeasonalMedian
from models.forecasting.factors import DayLabels
from models.forecasting.learn import Setting, learn
from models.forecasting.panel import Panel, month_days, weekdays
from models.forecasting.policy import ForecastPolicy

POLICY, ORIGINS, AHEAD = ForecastPolicy(), ("2014-10-10", "2015-01-16", "2015-02-20"), 28
MOST = {28: 1.15, 14: 1.27, 7: 1.33}  # error over that with all of the history, half a tenth of room

pytestmark = pytest.mark.real


def scene(rossmann: Any, origin: str) -> tuple[Panel, Setting, np.ndarray]:
    panel, scopes, actual = rossmann.at(origin, AHEAD)
    history = panel.values["gmv"].shape[1]
    until, first = history + AHEAD, panel.first_day
    groups = build_day_groups([], scopes, first, until)
    labels = DayLabels(weekdays(first, until), month_days(first, until), groups, np.zeros(until))
    return panel, Setting(labels, history, POLICY, {}, first), actual


def means_of(panel: Panel, setting: Setting) -> dict[str, np.ndarray]:
    learned = learn(lambda: [panel], setting, ["gmv"])["gmv"]
    known = setting.history
    fit, half_life = learned.fit(panel, known), learned.calibration(known).half_life
    prior = learned_prior(fit, POLICY)
    models = (
        PooledLevel(half_life, POLICY.calibration.strata),
        LogProphet(half_life, POLICY, prior),
        SeasonalMedian(POLICY, prior),
    )
    return {model.name: model.means(fit, known, AHEAD) for model in models}


def wape(actual: np.ndarray, mean: np.ndarray) -> float:
    both = np.isfinite(actual) & np.isfinite(mean)
    return float(np.abs(actual - mean)[both].sum() / actual[both].sum())


def test_a_few_weeks_of_history_say_nearly_as_much_as_years(rossmann: Any) -> None:
    errors: dict[tuple[str, int | None], list[float]] = {}
    for origin in ORIGINS:
        panel, setting, actual = scene(rossmann, origin)
        random = np.random.default_rng(3)
        cut = np.sort(random.choice(len(actual), len(actual) // 4, replace=False))
        for days in (None, *MOST):
            values = panel.values["gmv"].copy()
            if days is not None:
                values[cut, : setting.history - days] = np.nan
            for name, mean in means_of(replace(panel, values={"gmv": values}), setting).items():
                errors.setdefault((name, days), []).append(wape(actual[cut], mean[cut]))
    found = {key: float(np.mean(each)) for key, each in errors.items()}
    for name in ("pooled_level", "log_prophet", "seasonal_median"):
        line = {days or "all": round(found[name, days], 4) for days in (None, *MOST)}
        print(f"\n{name}: WAPE by days known {line}")
    for days, most in MOST.items():
        assert found["pooled_level", days] < most * found["pooled_level", None]
        assert found["log_prophet", days] < most * found["log_prophet", None]
        assert found["log_prophet", days] < found["pooled_level", days]
    assert found["log_prophet", None] < 0.92 * found["pooled_level", None]
    assert found["log_prophet", 28] < found["pooled_level", None]
