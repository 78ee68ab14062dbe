"""Own terms: habits are found, the equations hold, and neither neighbours nor the future change them."""

from __future__ import annotations

import numpy as np
import pytest

from models.forecasting.components.own_terms import (
    OwnTerms,
    fit_own_terms,
    kinds_of_day,
    stated_prior,
)
from models.forecasting.fitted import BlockFit
from models.forecasting.learn import learn
from models.forecasting.policy import OwnTermsPolicy

POLICY, DISPERSION, HISTORY = OwnTermsPolicy(), 0.08, 280


@pytest.fixture
def block(make_setting, make_panel):
    """Return a function that fits a block of orders on all of its history."""

    def fit(values: np.ndarray, **planned: np.ndarray) -> BlockFit:
        panel = make_panel({"orders": values}, **planned)
        history = values.shape[1]
        learned = learn(lambda: [panel], make_setting(history), ["orders"])["orders"]
        return learned.fit(panel, history)

    return fit


def terms_of(fit: BlockFit, policy: OwnTermsPolicy = POLICY) -> OwnTerms:
    return fit_own_terms(fit, policy, DISPERSION)


def test_a_saturday_of_its_own_is_found(block, counts) -> None:
    values = counts(30, HISTORY)
    values[7, 5::7] *= 1.5
    fit = block(values)
    factors = terms_of(fit).factors(fit, POLICY)[:, -28:]
    share = factors[:, 5::7].sum(axis=1) / factors.sum(axis=1)
    others = np.delete(share, 7).mean()
    assert share[7] / others == pytest.approx(1.5 * 7.0 / (7.0 + 0.5 * 0.7), rel=0.1)  # Saturday is .7 of a week's 7
    assert np.delete(share, 7).std() < 0.05 * others


def test_a_closed_day_has_no_volume_and_unknown_days_say_nothing(block, counts) -> None:
    values = counts(12, HISTORY)
    values[3, 40:90] = np.nan
    values[4] = np.nan
    values[5] = 0.0
    is_open = np.ones((12, HISTORY + 28), bool)
    is_open[1, HISTORY + 3] = False
    fit = block(values, open=is_open)
    terms = terms_of(fit)
    factors = terms.factors(fit, POLICY)
    assert np.isfinite(factors).all()
    assert factors[1, HISTORY + 3 - fit.start] == 0.0
    assert (terms.beta[[4, 5]] == 0).all()
    assert terms.rows[[3, 4]].tolist() == [HISTORY - 50, 0]


def test_a_spike_and_an_outage_are_no_habits(block, counts) -> None:
    values = counts(20, HISTORY, level=200.0)
    spoilt = values.copy()
    spoilt[2, 201], spoilt[3, 150:153] = 40 * values[2, 201], 0.0
    one, two = (terms_of(block(each)) for each in (values, spoilt))
    assert np.abs(one.beta[2:4] - two.beta[2:4]).max() < 0.05


def test_nothing_after_the_fit_changes_it(make_setting, make_panel, counts) -> None:
    values = counts(8, HISTORY)
    changed = values.copy()
    changed[:, HISTORY - 28 :] *= 5
    panel = make_panel({"orders": values})
    learned = learn(lambda: [panel], make_setting(HISTORY), ["orders"])["orders"]
    one, two = (learned.fit(make_panel({"orders": each}), HISTORY - 28) for each in (values, changed))
    np.testing.assert_array_equal(terms_of(one).beta, terms_of(two).beta)
    np.testing.assert_array_equal(terms_of(one).factors(one, POLICY), terms_of(two).factors(two, POLICY))


def test_neighbours_and_their_order_change_nothing(make_setting, make_panel, counts) -> None:
    values = counts(16, HISTORY)
    order = np.random.default_rng(3).permutation(16)
    whole = make_panel({"orders": values})
    learned = learn(lambda: [whole], make_setting(HISTORY), ["orders"])["orders"]
    expected = terms_of(learned.fit(whole, HISTORY))
    for part in (order[:5], order[5:]):
        found = terms_of(learned.fit(make_panel({"orders": values[part]}), HISTORY))
        np.testing.assert_allclose(found.beta, expected.beta[part], rtol=0, atol=1e-11)
        np.testing.assert_allclose(found.noise, expected.noise[part], rtol=1e-11)


def test_growth_on_a_short_history_is_no_season(block, counts) -> None:
    """A season needs a year: a merchant that doubled in nine months must not be said to halve again."""
    values = np.rint(counts(20, HISTORY) * np.linspace(1, 2, HISTORY))
    assert (np.abs(terms_of(block(values)).year) < 1e-6).all()


def test_a_year_of_its_own_is_found_where_two_were_seen(block) -> None:
    """Half of the shops sell in summer, the others in winter, so that together there is no season."""
    days, random = 760, np.random.default_rng(5)
    season = 0.25 * np.sin(2 * np.pi * np.arange(days) / 365.25)
    sign = np.where(np.arange(20) % 2 == 0, 1.0, -1.0)[:, None]
    values = random.poisson(200 * np.exp(sign * season)).astype(float)
    fit = block(values)
    factors = terms_of(fit).factors(fit, POLICY)[:, -224:]
    ratio = np.log(factors[0::2].mean(axis=0) / factors[1::2].mean(axis=0))
    expected = 2 * 0.25 * np.sin(2 * np.pi * (np.arange(days + 28)[-224:]) / 365.25)
    np.testing.assert_allclose(ratio - ratio.mean(), expected - expected.mean(), atol=0.15)


def test_the_equations_of_the_maximum_hold(block, counts) -> None:
    """Many rounds without a limit for outliers: pull of the data equals pull of the prior for every kind of day."""
    policy = POLICY.model_copy(update={"rounds": 60, "outlier": 1e6, "noise_days": 1e9, "changes": 0})
    fit = block(counts(3, HISTORY))
    terms = terms_of(fit, policy)
    fast, _ = kinds_of_day(policy)
    kind = fit.labels.weekday[:HISTORY] * 16
    base = fit.pooled.of_merchants(fit.panel.scope, fit.panel.state, 0, HISTORY)
    y = fit.panel.values["orders"][:, :HISTORY]
    for row in range(3):
        factor = np.exp(fast @ terms.beta[row])[kind] * base[row]
        week = (np.arange(HISTORY) - HISTORY) // 7
        # The slow part is read back: level and slope that leave no pull of their own, found by the same equations.
        slow = np.column_stack([np.ones(HISTORY), week - week.mean()])
        theta = np.zeros(2)
        theta[0] = np.log(y[row].sum() / factor.sum())
        for _ in range(60):
            mean = factor * np.exp(slow @ theta)
            weight = mean / (1 + DISPERSION * mean)
            theta += np.linalg.solve(slow.T @ (slow * weight[:, None]), slow.T @ (weight * (y[row] / mean - 1)))
        mean = factor * np.exp(slow @ theta)
        pull = fast[kind].T @ ((y[row] - mean) / (1 + DISPERSION * mean))
        np.testing.assert_allclose(pull, stated_prior(policy).precision @ terms.beta[row], atol=0.2)
