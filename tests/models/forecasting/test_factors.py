"""Factors are found again where they are known, and borrowed along the chain where they are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from models.calendar.event import Event
from models.forecasting.cells import DayCells
from models.forecasting.factors import DayFactors, fit_factors
from models.forecasting.learned import Setting
from models.forecasting.panel import BESIDE_CLOSED, HOLIDAY, PROMOTION, STATES
from models.forecasting.policy import FactorPolicy
from models.forecasting.response import SLOPE, TERMS, PlanResponse

FIRST = date(2026, 3, 2)
SCOPES = (("food", ""), ("toys", ""))
INFORMATION = 1e6
PROMOTED = slice(70, 80)


def sale(family: str, first: int, last: int, phase: str = "peak", scope: str = "") -> Event:
    days = FIRST + timedelta(days=first), FIRST + timedelta(days=last)
    return Event(f"{family}{first}{phase}", family, (), phase, *days, scope, anchor=days[1])


def fitted(setting: Setting, lift: np.ndarray, state: np.ndarray | None = None) -> DayFactors:
    """Fit cells whose level is 1 and whose days sell `lift` (scopes, days)."""
    scopes, days = lift.shape
    cells = DayCells.empty(scopes, days)
    states = np.zeros(days, np.int64) if state is None else state
    for day in range(days):
        cells.promised[:, states[day], day] = INFORMATION
        cells.sold[:, states[day], day] = INFORMATION * lift[:, day]
    return fit_factors(cells, setting.labels, days, FactorPolicy(day_sd=0.01), setting.prior_lift)


def test_a_weekly_shape_is_found_again(make_setting) -> None:
    week = np.array([1.3, 1.1, 1.0, 0.9, 1.0, 0.7, 1.0])
    setting = make_setting(140, horizon=7)
    found = fitted(setting, np.tile(week, 20)[None, :]).total[0, 0, 140:]
    np.testing.assert_allclose(found / found.mean(), week / week.mean(), atol=0.01)


def test_an_event_of_last_time_comes_again(make_setting) -> None:
    events = [sale("double_11", 30, 31), sale("double_11", 110, 111)]
    lift = np.ones((1, 100))
    lift[0, 30], lift[0, 31] = 2.0, 4.0
    total = fitted(make_setting(100, 20, events, prior_lift={"peak": 1.5}), lift).total[0, 0]
    assert total[110] / total[105] == pytest.approx(2.0, rel=0.05)
    assert total[111] / total[105] == pytest.approx(4.0, rel=0.05)


def test_a_family_never_seen_takes_what_the_phase_did(make_setting) -> None:
    events = [sale("double_11", 30, 31), sale("black_friday", 110, 111)]
    lift = np.ones((1, 100))
    lift[0, 30:32] = 3.0
    total = fitted(make_setting(100, 20, events, prior_lift={"peak": 1.5}), lift).total[0, 0]
    assert 2.4 < total[110] / total[105] < 3.1


def test_a_platform_that_never_saw_an_event_takes_the_calendars_lift(make_setting) -> None:
    setting = make_setting(100, 20, [sale("double_11", 110, 111)], prior_lift={"peak": 1.5})
    total = fitted(setting, np.ones((1, 100))).total[0, 0]
    assert total[110] / total[105] == pytest.approx(1.5, rel=0.01)


def test_a_category_that_never_saw_an_event_takes_the_platforms_lift(make_setting) -> None:
    events = [sale("double_11", 30, 31, scope="food"), sale("double_11", 110, 111)]
    lift = np.ones((2, 100))
    lift[0, 30:32] = 3.0
    total = fitted(make_setting(100, 20, events, SCOPES), lift).total
    assert total[1, 0, 111] / total[1, 0, 105] == pytest.approx(3.0, rel=0.1)


def test_categories_differ_where_both_saw_the_event(make_setting) -> None:
    events = [sale("double_11", 30, 31), sale("double_11", 110, 111)]
    lift = np.ones((2, 100))
    lift[0, 30:32], lift[1, 30:32] = 4.0, 2.0
    total = fitted(make_setting(100, 20, events, SCOPES), lift).total
    assert total[0, 0, 111] / total[0, 0, 105] > 1.6 * total[1, 0, 111] / total[1, 0, 105]


@pytest.mark.parametrize("bit", [PROMOTION, HOLIDAY, BESIDE_CLOSED])
def test_what_is_planned_is_found_again(make_setting, bit: int) -> None:
    state = np.zeros(100, np.int64)
    state[PROMOTED] = bit
    lift = np.ones((1, 100))
    lift[0, PROMOTED] = 1.8
    total = fitted(make_setting(100, 7), lift, state).total[0]
    assert (total[bit, 101] / total[0, 101]) == pytest.approx(1.8, rel=0.05)


def test_days_that_must_not_be_looked_at_change_nothing(make_setting) -> None:
    setting = make_setting(100, 7)
    sold, promised = (np.random.default_rng(seed).gamma(5, 9, (1, STATES, 100)) for seed in (1, 2))
    cells = DayCells(sold, promised, np.zeros((2, 100)))
    one = fit_factors(cells, setting.labels, 60, FactorPolicy(), {})
    cells.sold[:, :, 60:] *= 7
    other = fit_factors(cells, setting.labels, 60, FactorPolicy(), {})
    np.testing.assert_array_equal(one.total, other.total)


def test_a_block_without_plans_beyond_on_and_off_has_the_factors_of_its_state(make_setting, make_panel) -> None:
    found = fitted(make_setting(140, horizon=7), np.ones((1, 140)))
    panel = make_panel({"orders": np.ones((3, 140))}, horizon=7)
    own = np.zeros((1, TERMS))
    own[0, SLOPE] = 2.0
    answered = replace(found, response=PlanResponse(own, np.zeros(TERMS), np.zeros((147, TERMS))))
    assert answered.beyond(panel) is None
    np.testing.assert_array_equal(answered.of_panel(panel), found.of_merchants(panel.scope, panel.state))
    depth = np.zeros((3, 147), np.float32)
    depth[1, 20] = 0.25
    deep = answered.of_panel(replace(panel, depth=depth), 10, 30) / found.of_panel(panel, 10, 30)
    assert deep[1, 10] == pytest.approx(np.exp(0.5), rel=1e-6)
    assert (np.delete(deep.ravel(), 20 + 10) == 1.0).all()
