import numpy as np
import pytest

from models.forecasting.batched_prophet.changepoints import changepoint_rows
from models.forecasting.batched_prophet.columns import day_columns, event_columns
from models.forecasting.batched_prophet.normal_equations import window_of
from models.forecasting.batched_prophet.settings import ProphetSettings
from models.forecasting.batched_prophet.sums import products_of, sum_plan
from models.forecasting.batched_prophet.whitening import hinge_columns, whiten

SETTINGS = ProphetSettings()


def design_of(columns, scales):
    window = window_of(columns, scales, SETTINGS.trend_scale)
    t = window.columns[:, 0]
    places = changepoint_rows(len(t), SETTINGS)
    turned = whiten(window.columns, window.scales, hinge_columns(t, t[places]))
    return turned, sum_plan(window, places, turned)


def week_and_events(world, rows):
    first, events, days, horizon = world
    calendar = day_columns(first, event_columns(first, days + horizon, events)[0], SETTINGS)
    flags = calendar.used(False, True) & (calendar.values[:rows] != 0).any(axis=0)
    return calendar.values[:rows][:, flags], calendar.scales[flags]


@pytest.mark.parametrize("rows", [180, 168, 61])
def test_products_from_sums_are_the_products(world, rows):
    design, plan = design_of(*week_and_events(world, rows))
    rng = np.random.default_rng(4)
    values = 500 + rng.normal(0, 30, (7, rows + 12))
    scale = np.abs(values).max(axis=1)
    members = np.array([0, 3, 5])
    product, squares, level = products_of(values, members, 9, rows, scale[members], plan)
    y = values[members, 9 : 9 + rows] / scale[members, None]
    centred = y - y.mean(axis=1, keepdims=True)
    expected = centred @ np.concatenate([design.directions, design.hinges], axis=1)
    np.testing.assert_allclose(product, expected, atol=1e-12)
    np.testing.assert_allclose(squares, (centred**2).sum(axis=1), rtol=1e-12)
    np.testing.assert_allclose(level, y.mean(axis=1), rtol=1e-14)


def test_a_yearly_season_needs_the_product(world):
    columns, scales = week_and_events(world, 180)
    year = np.sin(2 * np.pi * np.arange(180)[:, None] / 365.25)
    _, plan = design_of(np.concatenate([columns, year], axis=1), np.append(scales, 10.0))
    assert plan is None


def test_a_short_history_needs_the_product(world):
    columns, scales = week_and_events(world, 50)
    assert design_of(columns, scales)[1] is None
