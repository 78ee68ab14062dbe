from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from models.replenishment.demand import Demand
from models.replenishment.events import event_figures, upper_quantile


def figures(stock: float, start: float, end: float, receipts: dict[int, float] | None = None) -> dict[str, float]:
    mean = np.full((1, 28), 10.0)
    mean[0, 11] = 100.0
    arriving = np.zeros((1, 28))
    for day, units in (receipts or {}).items():
        arriving[0, day - 1] = units
    demand = Demand(mean, np.sqrt(mean))
    found = event_figures(np.array([stock]), arriving, demand, np.array([start]), np.array([end]), 0.8)
    return {name: float(values[0]) for name, values in found.items()}


def test_quantile_agrees_with_the_gamma_distribution() -> None:
    found = upper_quantile(np.array([100.0, 0.0]), np.array([10.0, 0.0]), 0.8)
    assert found[0] == pytest.approx(stats.gamma(a=100, scale=1).ppf(0.8))
    assert found[1] == 0


def test_the_gap_is_what_the_event_may_sell_less_what_is_left() -> None:
    event = figures(150.0, 12, 12)
    assert event["event_stock"] == pytest.approx(150 - 11 * 10)
    assert event["event_demand"] == pytest.approx(stats.gamma(a=100, scale=1).ppf(0.8))
    assert event["event_shortage"] == pytest.approx(event["event_demand"] - 40)
    assert event["event_gap"] == pytest.approx(event["event_shortage"] / event["event_demand"])


def test_deliveries_before_the_event_count_and_later_ones_do_not() -> None:
    assert figures(150.0, 12, 12, {11: 100})["event_gap"] == 0
    assert figures(150.0, 12, 12, {12: 100}) == figures(150.0, 12, 12)


def test_an_event_that_runs_counts_its_remaining_days() -> None:
    event = figures(30.0, -1, 2)
    assert event["event_stock"] == 30
    assert event["event_demand"] == pytest.approx(stats.gamma(a=20, scale=1).ppf(0.8))


@pytest.mark.parametrize(("start", "end"), [(np.nan, np.nan), (40, 41), (-9, -8)])
def test_without_an_event_ahead_nothing_is_said(start: float, end: float) -> None:
    assert all(np.isnan(value) for value in figures(10.0, start, end).values())
