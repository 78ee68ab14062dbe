"""Own terms times a local level: the terms stand still between refits, the level does not."""

from __future__ import annotations

import numpy as np
import pytest

from models.forecasting.component import Component
from models.forecasting.components.log_prophet import LogProphet, shape_of
from models.forecasting.components.own_terms import stated_prior
from models.forecasting.learn import learn
from models.forecasting.policy import ForecastPolicy

HISTORY, POLICY = 196, ForecastPolicy()
HALF_LIFE = np.full(len(POLICY.calibration.strata) + 1, 1)
MODEL: Component = LogProphet(HALF_LIFE, POLICY)


def fit_of(panel, setting, known: int):
    return learn(lambda: [panel], setting, ["orders"])["orders"].fit(panel, known)


def test_an_even_merchant_is_continued(make_setting, make_panel) -> None:
    values = np.tile([13.0, 11.0, 10.0, 9.0, 10.0, 7.0, 10.0], (5, HISTORY // 7)) * np.arange(1, 6)[:, None]
    panel = make_panel({"orders": values})
    made = MODEL.means(fit_of(panel, make_setting(HISTORY), HISTORY), HISTORY, 14)
    np.testing.assert_allclose(made, values[:, :14], rtol=0.02)


def test_the_level_moves_between_refits_and_nothing_later_is_seen(make_setting, make_panel, counts) -> None:
    values = counts(6, HISTORY)
    refit, origin = HISTORY - 28, HISTORY - 14
    doubled = values.copy()
    doubled[:, refit:] *= 2
    later = doubled.copy()
    later[:, origin:] *= 7
    panel, made = make_panel({"orders": values}), []
    learned = learn(lambda: [panel], make_setting(HISTORY), ["orders"])["orders"]
    for each in (values, doubled, later):
        fit = learned.fit(make_panel({"orders": each}), refit)
        made.append(MODEL.means(fit, origin, 14))
        assert len(fit.kept) == 1
        MODEL.means(fit, refit, 14)
        assert len(fit.kept) == 1
    ratio = (made[1] / made[0]).mean()
    assert ratio == pytest.approx(2 - 0.5 ** (14 / 7), rel=0.05)
    np.testing.assert_array_equal(made[1], made[2])


def test_priors_of_different_days_are_not_mixed_up(make_setting, make_panel, counts) -> None:
    fit = fit_of(make_panel({"orders": counts(6, HISTORY)}), make_setting(HISTORY), HISTORY)
    stated = stated_prior(POLICY.own_terms)
    strict = stated._replace(precision=stated.precision * 1e6)
    loose, tight = (shape_of(fit, POLICY, prior).factors for prior in (stated, strict))
    pooled = fit.pooled.of_merchants(fit.panel.scope, fit.panel.state, fit.start)
    np.testing.assert_allclose(tight, pooled, rtol=1e-3)
    assert np.abs(loose / pooled - 1).max() > 0.01


def test_closed_days_are_zero_and_the_unknown_stays_unknown(make_setting, make_panel, counts) -> None:
    values = counts(6, HISTORY)
    values[2, -60:] = np.nan
    is_open = np.ones((6, HISTORY + 28), bool)
    is_open[1, HISTORY + 4] = False
    fit = fit_of(make_panel({"orders": values}, open=is_open), make_setting(HISTORY), HISTORY)
    made = MODEL.means(fit, HISTORY, 28)
    assert made[1, 4] == 0.0
    assert np.isfinite(made).all()
    assert (np.delete(made, 4, axis=1) > 0).all()


def test_order_and_neighbours_change_nothing(make_setting, make_panel, counts) -> None:
    values, order = counts(14, HISTORY), np.random.default_rng(2).permutation(14)
    whole = make_panel({"orders": values})
    learned = learn(lambda: [whole], make_setting(HISTORY), ["orders"])["orders"]
    expected = MODEL.means(learned.fit(whole, HISTORY), HISTORY, 28)
    for part in (order[:6], order[6:]):
        found = MODEL.means(learned.fit(make_panel({"orders": values[part]}), HISTORY), HISTORY, 28)
        np.testing.assert_allclose(found, expected[part], rtol=1e-10)


def test_a_newcomer_behaves_as_its_category(make_setting, make_panel, counts) -> None:
    values = counts(30, HISTORY, level=100.0)
    values[4, :-7] = np.nan
    fit = fit_of(make_panel({"orders": values}), make_setting(HISTORY), HISTORY)
    made = MODEL.means(fit, HISTORY, 7)
    pooled = fit.pooled.of_merchants(fit.panel.scope, fit.panel.state, HISTORY, HISTORY + 7)
    own, category = made[4] / made[4].sum(), pooled[4] / pooled[4].sum()
    np.testing.assert_allclose(own, category, rtol=0.12)
    assert made[4].sum() == pytest.approx(values[4, -7:].sum(), rel=0.1)
