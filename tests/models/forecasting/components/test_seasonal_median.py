"""The median level: worked numbers, spikes, outages, an event ahead."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from models.calendar.event import Event
from models.forecasting.component import Component
from models.forecasting.components.seasonal_median import SeasonalMedian, median_ratio
from models.forecasting.learn import learn
from models.forecasting.policy import ForecastPolicy

HISTORY, POLICY, FIRST = 196, ForecastPolicy(), date(2026, 3, 2)
MODEL: Component = SeasonalMedian(POLICY)


def means_of(panel, setting, days: int = 14) -> np.ndarray:
    fit = learn(lambda: [panel], setting, ["orders"])["orders"].fit(panel, HISTORY)
    return MODEL.means(fit, HISTORY, days)


def test_worked_numbers() -> None:
    values = np.array([
        [10.0, 22.0, 12.0, np.nan, 900.0],  # ratios 10, 11, 12, 900
        [3.0, 2.0, 1.0, 9.0, 5.0],  # 3, 1, 1, 9, 5
        [5.0, np.nan, np.nan, np.nan, np.nan],  # too few
        [0.0, 0.0, 0.0, 4.0, 0.0],  # the median misses what is sold
        [0.0, 0.0, 0.0, 0.0, 0.0],
    ])  # fmt: skip
    factors = np.array([1.0, 2.0, 1.0, 1.0, 1.0]) * np.ones((5, 1))
    np.testing.assert_allclose(median_ratio(values, factors, 3), [11.5, 3.0, np.nan, np.nan, 0.0])


def test_closed_days_neither_count_nor_sell(make_setting, make_panel, counts) -> None:
    values = counts(6, HISTORY)
    is_open = np.ones((6, HISTORY + 28), bool)
    is_open[1, [HISTORY - 3, HISTORY + 4]] = False
    values[1, -3] = np.nan
    made = means_of(make_panel({"orders": values}, open=is_open), make_setting(HISTORY))
    assert made[1, 4] == 0.0
    assert (np.delete(made, 4, axis=1) > 0).all()


def test_neither_a_spike_nor_an_outage_moves_it(make_setting, make_panel, counts) -> None:
    values = counts(20, HISTORY, level=300.0, dispersion=0.005)
    spoilt = values.copy()
    spoilt[2, -2:], spoilt[3, -4:-1] = 30 * values[2, -2:], 0.0
    plain, robust = (means_of(make_panel({"orders": each}), make_setting(HISTORY)) for each in (values, spoilt))
    np.testing.assert_allclose(robust[[2, 3]], plain[[2, 3]], rtol=0.15)


def test_an_event_ahead_is_lifted_although_none_lies_in_the_weeks_behind(make_setting, make_panel, counts) -> None:
    events = []
    for year, day in enumerate((100, HISTORY + 5)):
        on = FIRST + timedelta(days=day)
        events.append(Event(f"sale{year}", "sale", (), "peak", on, on, anchor=on))
    values = counts(20, HISTORY, level=100.0, dispersion=0.005)
    values[:, 100] *= 3.0
    made = means_of(make_panel({"orders": values}), make_setting(HISTORY, events=events))
    assert made[:, 5].sum() / made[:, 12].sum() == pytest.approx(3.0, rel=0.3)
    assert made[:, 4].sum() / made[:, 11].sum() == pytest.approx(1.0, rel=0.05)


def test_order_neighbours_and_the_future_change_nothing(make_setting, make_panel, counts) -> None:
    values, order = counts(14, HISTORY + 28), np.random.default_rng(2).permutation(14)
    known = values[:, :HISTORY]
    whole = make_panel({"orders": known})
    learned = learn(lambda: [whole], make_setting(HISTORY), ["orders"])["orders"]
    refit = learned.origins.refits[1]
    expected = MODEL.means(learned.fit(whole, refit), refit + 7, 14)
    changed = known.copy()
    changed[:, refit + 7 :] += 1000
    for part in (order[:6], order[6:]):
        found = MODEL.means(learned.fit(make_panel({"orders": changed[part]}), refit), refit + 7, 14)
        np.testing.assert_allclose(found, expected[part], rtol=1e-10)
