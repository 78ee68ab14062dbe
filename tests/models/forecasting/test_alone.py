"""A shop that is open while others are closed sells on such days what it sold on them before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.forecasting.alone import alone_days
from models.forecasting.explain import explain
from models.forecasting.learn import learn
from models.forecasting.policy import ForecastPolicy

HISTORY, HORIZON, MERCHANTS = 240, 28, 40
DAYS = HISTORY + HORIZON
HOLIDAYS = np.array([31, 66, 108, 150, 185, HISTORY + 10])
OPEN = {3: 2.0, 17: 0.2, 30: 1.0}  # shops that are open then, and what they sell of an ordinary day
POLICY = ForecastPolicy()


@pytest.fixture(scope="module")
def platform():
    """Values (MERCHANTS, HISTORY), means and open days (MERCHANTS, DAYS)."""
    random = np.random.default_rng(6)
    mean = 100 * np.exp(random.normal(0, 0.5, MERCHANTS))[:, None] * np.ones(DAYS)
    is_open = np.ones(mean.shape, bool)
    is_open[:, HOLIDAYS] = False
    for row, ratio in OPEN.items():
        is_open[row, HOLIDAYS] = True
        mean[row, HOLIDAYS] *= ratio
    is_open[5, 40:60] = False  # one shop is rebuilt
    drawn = random.poisson(random.gamma(100.0, 1 / 100.0, mean.shape) * mean).astype(np.float64)
    return np.where(is_open, drawn, np.nan)[:, :HISTORY], np.where(is_open, mean, 0.0), is_open


@pytest.fixture
def panel(platform, make_panel):
    return make_panel({"orders": platform[0]}, HORIZON, open=platform[2])


def test_days_on_which_most_are_closed_are_found(panel) -> None:
    found = alone_days(panel, "orders", HISTORY, 1.0, POLICY)
    assert np.flatnonzero(found.days).tolist() == HOLIDAYS.tolist()
    assert found.open_then(panel).tolist() == sorted(OPEN)


def test_a_weekday_that_is_always_closed_is_no_such_day(make_panel) -> None:
    is_open = np.ones((MERCHANTS, DAYS), bool)
    is_open[:, 6::7] = False
    panel = make_panel({"orders": np.ones((MERCHANTS, HISTORY))}, HORIZON, open=is_open)
    assert alone_days(panel, "orders", HISTORY, 1.0, POLICY) is None


def test_each_shop_sells_on_the_next_holiday_as_on_those_before(platform, panel, make_setting) -> None:
    setting, rows = make_setting(HISTORY, HORIZON), sorted(OPEN)
    learned = learn(lambda: [panel], setting, ["orders"])["orders"]
    made = learned.made(panel, HORIZON)
    ratio = made.mean[rows] / platform[1][rows, HISTORY:]
    np.testing.assert_allclose(ratio[:, 10], 1.0, atol=0.15)
    np.testing.assert_allclose(np.delete(ratio, 10, axis=1), 1.0, atol=0.15)
    assert (np.delete(made.mean[:, 10], rows) == 0).all()
    found = explain(made, learned.factors[HISTORY], learned.half_life(HISTORY))
    np.testing.assert_allclose(found.level * np.prod(list(found.factors.values()), axis=0), made.mean, rtol=1e-9)
    assert found.factors["holiday"][3, 10] == pytest.approx(2.0, rel=0.15)
    assert found.factors["holiday"][17, 10] == pytest.approx(0.2, rel=0.15)


def test_nothing_after_the_day_is_looked_at(platform, panel, make_setting) -> None:
    learned = learn(lambda: [panel], make_setting(HISTORY, HORIZON), ["orders"])["orders"]
    later = {"orders": np.where(np.arange(HISTORY) >= 150, 1e6, platform[0])}
    factors = replace(learned.factors[HISTORY], alone=alone_days(panel, "orders", 150, 1.0, POLICY))
    one, other = (factors.open_alone(block) for block in (panel, replace(panel, values=later)))
    np.testing.assert_array_equal(one, other)
    assert one[17, HISTORY + 10] < -1.0


def test_a_block_does_not_depend_on_its_neighbours(panel, make_setting) -> None:
    factors = learn(lambda: [panel], make_setting(HISTORY, HORIZON), ["orders"])["orders"].factors[HISTORY]
    alone = factors.open_alone(panel.rows(np.array([17])))
    np.testing.assert_allclose(alone[0], factors.open_alone(panel)[17])
    assert factors.open_alone(panel.rows(np.array([1, 2]))) is None
