from datetime import date

import numpy as np
import pytest

from models.forecasting.batched_prophet.columns import day_columns
from models.forecasting.batched_prophet.fits import empty_fits
from models.forecasting.batched_prophet.histories import look_at
from models.forecasting.batched_prophet.predict import predict
from models.forecasting.batched_prophet.settings import ProphetSettings

CALENDAR = day_columns(date(2026, 1, 1), np.zeros((20, 0)), ProphetSettings(yearly_order=0, weekly_order=0))


def bent():
    """From day 2 to day 12 (scale 10): level 0.5, slope 0.1, from t = 0.5 slope 0.4."""
    values = np.full((1, 13), np.nan)
    values[0, 2:] = np.linspace(1, 10, 11)
    fits = empty_fits(look_at(values), 2, 0, 1)
    fits.slope[0], fits.level[0], fits.sigma[0] = 0.1, 0.5, 0.2
    fits.delta[0], fits.changepoints[0], fits.changes[0] = [0, 0.3], [2, 5], 2
    fits.own_beta[0], fits.own_mean[0], fits.own_sd[0] = 0.05, 4.0, 2.0
    return fits


def test_the_last_slope_goes_on_in_the_unit_of_the_values():
    mean, sd = predict(bent(), CALENDAR, np.array([2, 7, 12, 17]), np.full((1, 1, 4), 4.0))
    np.testing.assert_allclose(mean[0], [5.0, 5.5, 7.5, 9.5])
    np.testing.assert_allclose(sd[0, :3], 2.0)
    growing = 0.2**2 + 2 * 0.15**2 * 2 * 0.5**3 / 3
    np.testing.assert_allclose(sd[0, 3], 10 * growing**0.5, rtol=1e-6)


def test_the_variance_is_that_of_the_paths_that_prophet_draws():
    rng, changes, size, ahead = np.random.default_rng(0), 25, 0.1, 0.3
    paths = np.zeros(40_000)
    for i, count in enumerate(rng.poisson(changes * ahead, len(paths))):
        paths[i] = rng.laplace(0, size, count) @ (rng.random(count) * ahead)
    assert paths.var() == pytest.approx(2 * size**2 * changes * ahead**3 / 3, rel=0.05)


def test_covariates_are_standardized_as_in_the_fit():
    flat, _ = predict(bent(), CALENDAR, np.array([12]), np.full((1, 1, 1), 4.0))
    high, _ = predict(bent(), CALENDAR, np.array([12]), np.full((1, 1, 1), 8.0))
    np.testing.assert_allclose(high - flat, 10 * 0.05 * 2)


def test_a_series_without_a_fit_is_not_known():
    fits = empty_fits(look_at(np.array([[1.0, np.nan]])), 1, 0, 0)
    assert all(np.isnan(part).all() for part in predict(fits, CALENDAR, np.array([1, 2])))


def test_days_and_covariates_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="calendar's 0 to 19; got 3 to 20"):
        predict(bent(), CALENDAR, np.array([3, 20]))
    with pytest.raises(ValueError, match=r"own must be \(1, 1, 1\); got None"):
        predict(bent(), CALENDAR, np.array([3]))
