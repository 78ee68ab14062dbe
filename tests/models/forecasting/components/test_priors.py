"""What merchants with a history teach of those without."""

from __future__ import annotations

import numpy as np
import pytest

from models.forecasting.components.own_terms import OwnTerms, kinds_of_day, stated_prior
from models.forecasting.components.priors import TermSums, learned_prior
from models.forecasting.learn import learn
from models.forecasting.policy import ForecastPolicy, OwnTermsPolicy

POLICY = OwnTermsPolicy()
TERMS = kinds_of_day(POLICY)[0].shape[1]


def terms(merchants: int, rows: int = 400) -> OwnTerms:
    random = np.random.default_rng(1)
    beta = random.normal(0, 0.1, (merchants, TERMS))
    beta[:, 7] = -beta[:, 6]  # who is strong on Sunday answers promotions less
    whole = np.full(merchants, rows >= 365)
    year = np.full((merchants, 2 * len(POLICY.year_sd)), 0.02)
    return OwnTerms(beta, year, np.full(merchants, 0.5), whole, np.full(merchants, rows))


def test_without_merchants_the_policy_speaks() -> None:
    prior = TermSums.empty(POLICY).prior(POLICY)
    stated = stated_prior(POLICY)
    np.testing.assert_allclose(prior.precision, stated.precision, rtol=1e-12)
    assert prior.noise == 1.0
    assert (prior.year == 0).all()


def test_blocks_add_up() -> None:
    every = terms(300)
    parts = TermSums.empty(POLICY)
    for rows in (slice(0, 120), slice(120, 300)):
        parts.add(TermSums.of(OwnTerms(*(getattr(every, name)[rows] for name in every.__dataclass_fields__)), POLICY))
    one, two = TermSums.of(every, POLICY).prior(POLICY), parts.prior(POLICY)
    np.testing.assert_allclose(one.precision, two.precision, rtol=1e-9)
    assert one.noise == pytest.approx(two.noise)


def test_ties_noise_and_the_common_year_are_learned() -> None:
    prior = TermSums.of(terms(5000), POLICY).prior(POLICY)
    covariance = np.linalg.inv(prior.precision)
    correlation = covariance[6, 7] / np.sqrt(covariance[6, 6] * covariance[7, 7])
    assert correlation < -0.95
    assert covariance[0, 0] ** 0.5 == pytest.approx(0.1, rel=0.05)
    assert prior.noise == pytest.approx(0.5, rel=0.02)
    np.testing.assert_allclose(prior.year, 0.02, rtol=0.02)


def test_young_merchants_teach_nothing() -> None:
    assert TermSums.of(terms(50, rows=60), POLICY).merchants == 0


def test_a_platform_that_differs_little_teaches_tight_spreads(make_setting, make_panel, counts) -> None:
    """All merchants share one week, so that what is learned of weekdays is tighter than what the policy states."""
    panel = make_panel({"orders": counts(400, 196, level=200.0, dispersion=0.02)})
    fit = learn(lambda: [panel], make_setting(196), ["orders"])["orders"].fit(panel, 196)
    prior = learned_prior(fit, ForecastPolicy())
    spread = np.sqrt(np.diag(np.linalg.inv(prior.precision)))
    assert (spread[:7] < 0.6 * POLICY.weekday_sd).all()
    assert prior.noise == pytest.approx(0.02 / 0.08, rel=0.4)
