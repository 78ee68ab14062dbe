"""Forecasts: right on average, quantiles in order and honest, counts whole, sums with their own spread."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from models.calendar.event import Event
from models.forecasting.calibration import horizon_groups
from models.forecasting.learn import learn
from models.forecasting.policy import ForecastPolicy
from models.forecasting.predict import forecast_days, forecast_sum

HISTORY, HORIZON = 280, 28
POLICY = ForecastPolicy()


def predicted(panel, setting, measure: str = "orders", whole: bool = True):
    learned = learn(lambda: [panel], setting, [measure])[measure]
    calibration = learned.calibration(setting.history)
    made = learned.made(panel, HORIZON)
    return made, calibration, forecast_days(made, calibration, POLICY, whole)


def test_horizon_groups_end_where_policy_says() -> None:
    assert horizon_groups(30, POLICY.calibration.horizons).tolist() == [0] + [1] * 2 + [2] * 4 + [3] * 7 + [4] * 16


def test_accuracy_and_coverage_on_a_steady_platform(make_setting, make_panel, counts) -> None:
    drawn = counts(400, HISTORY + HORIZON)
    _, _, forecast = predicted(make_panel({"orders": drawn[:, :HISTORY]}), make_setting(HISTORY))
    actual = drawn[:, HISTORY:]
    assert forecast.mean.sum() == pytest.approx(actual.sum(), rel=0.02)
    inside = (actual >= forecast.quantiles[1]) & (actual <= forecast.quantiles[5])
    assert 0.78 <= inside.mean() <= 0.86  # whole numbers hold a little more than they promise
    wider = (actual >= forecast.quantiles[0]) & (actual <= forecast.quantiles[6])
    assert 0.935 <= wider.mean() <= 0.975


def test_quantiles_are_ordered_and_never_negative(make_setting, make_panel, counts) -> None:
    _, _, forecast = predicted(make_panel({"orders": counts(60, HISTORY, level=2.0)}), make_setting(HISTORY))
    assert (forecast.quantiles >= 0).all()
    assert (np.diff(forecast.quantiles, axis=0) >= 0).all()
    small = forecast.mean < POLICY.calibration.whole_below
    assert small.any()
    assert (forecast.quantiles[:, small] % 1 == 0).all()


def test_a_merchant_of_zeros_is_forecast_zero(make_setting, make_panel, counts) -> None:
    drawn = counts(20, HISTORY)
    drawn[3] = 0.0
    _, _, forecast = predicted(make_panel({"orders": drawn}), make_setting(HISTORY))
    assert (forecast.mean[3] == 0).all()
    assert (forecast.quantiles[:, 3] == 0).all()


def test_a_newcomer_has_its_categorys_week_and_a_wide_interval(make_setting, make_panel, counts) -> None:
    drawn = counts(60, HISTORY)
    drawn[0] = np.nan
    drawn[1, : HISTORY - 3] = np.nan
    _, _, forecast = predicted(make_panel({"orders": drawn}), make_setting(HISTORY))
    week = forecast.mean[0, :7] / forecast.mean[0, :7].mean()
    np.testing.assert_allclose(week, forecast.mean[10, :7] / forecast.mean[10, :7].mean(), atol=0.2)
    width = (forecast.quantiles[5] - forecast.quantiles[1])[:, :7].sum(axis=1) / forecast.mean[:, :7].sum(axis=1)
    assert width[0] > width[1] > np.median(width)


def test_days_out_of_stock_do_not_lower_the_forecast(make_setting, make_panel, counts) -> None:
    drawn = counts(30, HISTORY)
    masked = drawn.copy()
    masked[0, -10:] = np.nan
    zeros = drawn.copy()
    zeros[0, -10:] = 0.0
    setting = make_setting(HISTORY)
    means = [predicted(make_panel({"orders": values}), setting)[2].mean[0].mean() for values in (drawn, masked, zeros)]
    assert means[1] == pytest.approx(means[0], rel=0.15)
    assert means[2] < 0.9 * means[1]


def test_an_event_ahead_lifts_and_widens(make_setting, make_panel, counts) -> None:
    setting = make_setting(HISTORY)
    first = setting.first_day
    events = [
        Event(f"e{start}", "sale", (), "peak", first + timedelta(days=start), first + timedelta(days=start + 1))
        for start in (100, HISTORY + 10)
    ]
    drawn = counts(100, HISTORY)
    drawn[:, 100:102] *= 3
    _, _, forecast = predicted(make_panel({"orders": drawn}), make_setting(HISTORY, events=events))
    lift = forecast.mean[:, 10:12].sum() / forecast.mean[:, 3:5].sum()  # the same weekdays a week before
    assert lift == pytest.approx(3.0, rel=0.12)
    big = forecast.mean[:, 3] > 20
    width = (forecast.quantiles[5] - forecast.quantiles[1]) / forecast.mean
    assert width[big, 10].mean() > 1.1 * width[big, 3].mean()


def test_a_sum_is_narrower_than_the_sum_of_daily_quantiles(make_setting, make_panel, counts) -> None:
    drawn = counts(200, HISTORY + HORIZON)
    made, calibration, daily = predicted(make_panel({"orders": drawn[:, :HISTORY]}), make_setting(HISTORY))
    chosen = np.ones((200, HORIZON), bool)
    total = forecast_sum(made, chosen, calibration, POLICY, True)
    np.testing.assert_allclose(total.mean[:, 0], daily.mean.sum(axis=1))
    own = total.quantiles[5, :, 0] - total.quantiles[1, :, 0]
    added = (daily.quantiles[5] - daily.quantiles[1]).sum(axis=1)
    assert np.median(own / added) < 0.5
    actual = drawn[:, HISTORY:].sum(axis=1)
    inside = (actual >= total.quantiles[1, :, 0]) & (actual <= total.quantiles[5, :, 0])
    assert 0.7 <= inside.mean() <= 0.92


def test_a_sum_of_no_days_is_zero(make_setting, make_panel, counts) -> None:
    made, calibration, _ = predicted(make_panel({"orders": counts(3, HISTORY)}), make_setting(HISTORY))
    total = forecast_sum(made, np.zeros((3, HORIZON), bool), calibration, POLICY, True)
    assert (total.mean == 0).all()
    assert (total.quantiles == 0).all()


@pytest.mark.parametrize("history", [1, 5, 14, 30])
def test_a_platform_of_a_few_days_is_forecast_too(make_setting, make_panel, counts, history: int) -> None:
    _, _, forecast = predicted(make_panel({"orders": counts(20, history)}), make_setting(history))
    assert np.isfinite(forecast.mean).all()
    assert np.isfinite(forecast.quantiles).all()
