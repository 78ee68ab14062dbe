"""A fitted block: masks, closed days, volume strata, the size of a count."""

from __future__ import annotations

import numpy as np
import pytest

from models.forecasting.learn import learn

HISTORY = 84


def test_a_closed_day_ahead_has_no_volume(make_setting, make_panel, counts) -> None:
    values = counts(4, HISTORY)
    is_open = np.ones((4, HISTORY + 28), bool)
    is_open[1, HISTORY + 3] = False
    panel = make_panel({"orders": values}, open=is_open)
    fit = learn(lambda: [panel], make_setting(HISTORY), ["orders"])["orders"].fit(panel, HISTORY)
    ahead = fit.factors[:, fit.columns(HISTORY, HISTORY + 28)]
    assert ahead[1, 3] == 0.0
    assert (np.delete(ahead, 3, axis=1) > 0).all()


def test_strata_follow_counts_a_day_and_money_is_counted_in_orders(make_setting, make_panel) -> None:
    random = np.random.default_rng(1)
    orders = random.poisson(np.array([[0.3], [3.0], [50.0], [500.0]]) * np.ones((4, HISTORY))).astype(float)
    panel = make_panel({"orders": orders, "gmv": orders * 80.0})
    learned = learn(lambda: [panel], make_setting(HISTORY), ["orders", "gmv"])
    bounds = learned["orders"].setting.policy.calibration.strata
    assert learned["orders"].fit(panel, HISTORY).stratum(HISTORY, bounds).tolist() == [0, 1, 3, 4]
    money = learned["gmv"].fit(panel, HISTORY)
    assert money.unit == pytest.approx(80.0 * 1.5)
    assert money.stratum(HISTORY, bounds).tolist() == [0, 1, 3, 4]


def test_money_without_counts_still_has_a_unit(make_setting, make_panel, counts) -> None:
    panel = make_panel({"gmv": counts(5, HISTORY) * 40})
    fit = learn(lambda: [panel], make_setting(HISTORY), ["gmv"])["gmv"].fit(panel, HISTORY)
    assert (fit.unit > 0).all()
    assert np.isfinite(fit.dispersion).all()


def test_a_refit_looks_at_nothing_after_it(make_setting, make_panel, counts) -> None:
    values = counts(6, HISTORY)
    panel = make_panel({"orders": values})
    learned = learn(lambda: [panel], make_setting(HISTORY), ["orders"])["orders"]
    refit = learned.origins.refits[1]
    changed = values.copy()
    changed[:, refit:] *= 5
    one = learned.fit(panel, refit)
    other = learned.fit(make_panel({"orders": changed}), refit)
    np.testing.assert_array_equal(one.factors, other.factors)
    np.testing.assert_array_equal(one.dispersion, other.dispersion)
    known = np.array([refit])
    np.testing.assert_array_equal(one.levels_at(known).level, other.levels_at(known).level)


def test_a_busy_newcomer_stands_where_its_first_week_says_and_a_quiet_one_near_its_peers(
    make_setting, make_panel
) -> None:
    """Six weeks of peers at 20 a day; of the newcomers one sells 200 a day for a week, one 0.3."""
    values = np.full((22, HISTORY), 20.0)
    values[20:, : HISTORY - 7] = np.nan
    values[20, -7:], values[21, -7:] = 200.0, [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]
    panel = make_panel({"orders": values})
    fit = learn(lambda: [panel], make_setting(HISTORY), ["orders"])["orders"].fit(panel, HISTORY)
    levels = fit.levels_at(np.array([HISTORY]))
    busy, quiet = levels.level[fit.default, 20:, 0]
    assert busy == pytest.approx(200.0, rel=0.05)
    assert quiet == pytest.approx(2 / 7, abs=0.5)
    assert levels.peer_share[fit.default, 20, 0] < 0.05
