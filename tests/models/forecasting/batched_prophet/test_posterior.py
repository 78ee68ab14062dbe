import numpy as np
import pytest
from scipy import stats

from models.forecasting.batched_prophet.fit import fit_many
from models.forecasting.batched_prophet.posterior import (
    Parameters,
    SeriesData,
    data_of,
    log_posterior,
    parameters_of,
    residuals,
    violation,
)
from models.forecasting.batched_prophet.settings import ProphetSettings

DATA = SeriesData(
    np.array([0.2, 0.5, 1.0]), np.array([0, 0.5, 1.0]), np.array([0.5]), np.eye(3)[:, :1], np.array([10.0])
)
AT = Parameters(0.3, 0.1, np.array([0.4]), np.array([0.2]), 0.5)


def test_residuals_are_values_minus_trend_and_columns():
    np.testing.assert_allclose(residuals(DATA, AT), [0.2 - 0.1 - 0.2, 0.5 - 0.25, 1.0 - 0.4 - 0.2])


def test_differences_are_those_of_the_named_distributions():
    def named(at):
        of_values = stats.norm.logpdf(residuals(DATA, at), scale=at.sigma).sum()
        priors = stats.norm.logpdf([at.k, at.m], scale=5).sum() + stats.norm.logpdf(at.beta, scale=10).sum()
        return (
            of_values
            + priors
            + stats.laplace.logpdf(at.delta, scale=0.05).sum()
            + stats.norm.logpdf(at.sigma, scale=0.5)
        )

    other = Parameters(-0.1, 0.4, np.array([-0.2]), np.array([1.0]), 0.3)
    mine = [log_posterior(DATA, at, ProphetSettings()) for at in (AT, other)]
    assert mine[0] - mine[1] == pytest.approx(named(AT) - named(other))


def test_a_step_away_from_the_maximum_violates_and_is_lower(mixed, calendar, settings):
    names, values, _ = mixed
    fits = fit_many(values, calendar, settings)
    i = names.index("plain")
    data, at = data_of(fits, i, values[i], calendar, settings), parameters_of(fits, i)
    assert violation(data, at, settings) < 1e-8
    for other in (at._replace(m=at.m + 1e-4), at._replace(sigma=at.sigma * 1.001), at._replace(delta=at.delta + 1e-3)):
        assert violation(data, other, settings) > 1e-5
        assert log_posterior(data, other, settings) < log_posterior(data, at, settings)
