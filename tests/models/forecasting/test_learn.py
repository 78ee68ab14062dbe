"""The answer depends neither on the blocks, nor on the order of merchants, nor on anything after the day."""

from __future__ import annotations

import numpy as np
import pytest

from models.forecasting.learn import learn
from models.forecasting.policy import ForecastPolicy
from models.forecasting.predict import forecast_days

HISTORY, HORIZON, MERCHANTS = 150, 28, 40
SCOPES = (("food", ""), ("toys", ""))
POLICY = ForecastPolicy()


@pytest.fixture
def platform(counts):
    values = counts(MERCHANTS, HISTORY)
    values[5, :100] = np.nan
    return values, (np.arange(MERCHANTS) % 2).astype(np.int32)


def forecast_of(panels, setting) -> dict[str, np.ndarray]:
    learned = learn(lambda: panels, setting, ["orders"])["orders"]
    found = {}
    for panel in panels:
        made = forecast_days(learned.made(panel, HORIZON), learned.calibration(HISTORY), POLICY, False)
        for row, name in enumerate(panel.merchants):
            found[name] = np.append(made.mean[row], made.quantiles[:, row].ravel())
    return found


def cut(values, scope, parts, make_panel):
    names = np.array([f"m{place}" for place in range(MERCHANTS)], dtype=object)
    return [make_panel({"orders": values[part]}, scope=scope[part], names=names[part]) for part in parts]


def test_neither_blocks_nor_order_change_a_forecast(make_setting, make_panel, platform) -> None:
    values, scope = platform
    setting = make_setting(HISTORY, HORIZON, scopes=SCOPES)
    order = np.random.default_rng(1).permutation(MERCHANTS)
    whole = forecast_of(cut(values, scope, [np.arange(MERCHANTS)], make_panel), setting)
    for parts in ([order], np.array_split(order, 3), np.array_split(np.arange(MERCHANTS), 7)):
        other = forecast_of(cut(values, scope, parts, make_panel), setting)
        for name, made in whole.items():
            np.testing.assert_allclose(other[name], made, rtol=1e-9, atol=1e-9)


def test_nothing_after_the_day_changes_what_was_made_on_it(make_setting, make_panel, platform) -> None:
    values, scope = platform
    earlier = HISTORY - 30
    panel = make_panel({"orders": values}, scope=scope)
    setting = make_setting(HISTORY, HORIZON, scopes=SCOPES)
    learned = learn(lambda: [panel], setting, ["orders"])["orders"]
    changed = values.copy()
    changed[:, earlier:] = np.random.default_rng(9).permutation(changed[:, earlier:].ravel()).reshape(MERCHANTS, 30) * 4
    other = learn(lambda: [make_panel({"orders": changed}, scope=scope)], setting, ["orders"])["orders"]
    usable = learned.origins.usable(earlier, POLICY)
    np.testing.assert_array_equal(learned.origins.usable(earlier, POLICY), other.origins.usable(earlier, POLICY))
    cut_short = make_setting(earlier, HORIZON, scopes=SCOPES)
    short = [make_panel({"orders": table[:, :earlier]}, scope=scope) for table in (values, changed)]
    one, two = (forecast_of_short(part, cut_short, earlier) for part in short)
    np.testing.assert_array_equal(one, two)
    assert usable.any()


def forecast_of_short(panel, setting, known: int) -> np.ndarray:
    learned = learn(lambda: [panel], setting, ["orders"])["orders"]
    return forecast_days(learned.made(panel, HORIZON), learned.calibration(known), POLICY, False).quantiles


def test_a_measure_without_any_number_is_learned_without_complaint(make_setting, make_panel) -> None:
    panel = make_panel({"orders": np.full((3, 60), np.nan)})
    learned = learn(lambda: [panel], make_setting(60), ["orders"])["orders"]
    assert np.isnan(learned.platform.newcomer).all()
    assert learned.errors.bins.sum() == 0


def test_calibrations_are_made_once(make_setting, make_panel, counts) -> None:
    panel = make_panel({"orders": counts(5, 60)})
    learned = learn(lambda: [panel], make_setting(60), ["orders"])["orders"]
    assert learned.calibration(60) is learned.calibration(60)
