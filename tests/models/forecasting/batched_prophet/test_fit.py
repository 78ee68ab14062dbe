"""The promise: the maximum of Prophet's own posterior, for every kind of series, however they are cut into blocks."""

import numpy as np
import pytest

from models.forecasting.batched_prophet.fit import fit_many
from models.forecasting.batched_prophet.histories import CONSTANT, FITTED, TOO_SHORT, UNBOUNDED
from models.forecasting.batched_prophet.posterior import data_of, log_posterior, parameters_of, violation
from models.forecasting.batched_prophet.predict import predict
from models.forecasting.batched_prophet.reference import fit_prophet

FIELDS = ("slope", "level", "sigma", "delta", "beta", "own_beta")


def test_log_posterior_and_forecast_against_prophet(mixed, calendar, settings, world):
    first, events, days, horizon = world
    names, values, _ = mixed
    fits = fit_many(values, calendar, settings)
    mean, _ = predict(fits, calendar, np.arange(days, days + horizon))
    apart, size = {True: 0.0, False: 0.0}, {True: 0.0, False: 0.0}
    for i, name in enumerate(names):
        near = bool(fits.histories.rows[i] < 100)  # there Prophet takes Newton's way, which comes close to the maximum
        theirs = fit_prophet(values[i], first, calendar, events, None, horizon)
        data = data_of(fits, i, values[i], calendar, settings)
        np.testing.assert_allclose(theirs.changes, data.changes, atol=1e-12, err_msg=name)
        ours = log_posterior(data, parameters_of(fits, i), settings)
        assert ours >= log_posterior(data, theirs.parameters, settings) - 1e-6, name
        apart[near] += np.abs(mean[i] - theirs.mean).sum()
        size[near] += np.abs(theirs.mean).sum()
    assert apart[True] / size[True] < 0.003
    assert apart[False] / size[False] < 0.02  # where Prophet stops short of its maximum


@pytest.mark.parametrize("with_own", [False, True])
def test_the_conditions_of_a_maximum_hold(mixed, calendar, settings, with_own):
    names, values, own = mixed
    own = own if with_own else None
    fits = fit_many(values, calendar, settings, own)
    assert [names[i] for i in np.flatnonzero(fits.status != FITTED)] == ["constant", "zero"]
    for i in np.flatnonzero(fits.status == FITTED):
        data = data_of(fits, i, values[i], calendar, settings, None if own is None else own[i])
        assert violation(data, parameters_of(fits, i), settings) < 1e-8, names[i]


def test_neither_block_nor_order_nor_company_changes_a_series(mixed, calendar, settings):
    _, values, own = mixed
    rng = np.random.default_rng(0)
    many = np.concatenate([values, values[:3] + rng.normal(0, 3, (3, values.shape[1])), values[[0] * 12]])
    many[-12:] += rng.normal(0, 5, (12, values.shape[1]))  # enough whole series of one span for the shared way
    covariates = np.concatenate([own, own[:3], own[[0] * 12]])
    for extra in (None, covariates):
        whole = fit_many(many, calendar, settings, extra)
        order = rng.permutation(len(many))
        shuffled = fit_many(many[order], calendar, settings, None if extra is None else extra[order], block=5)
        for name in FIELDS:
            np.testing.assert_allclose(getattr(shuffled, name), getattr(whole, name)[order], atol=1e-9, rtol=1e-9)
        for i in (0, 1, len(many) - 1):
            alone = fit_many(many[i : i + 1], calendar, settings, None if extra is None else extra[i : i + 1])
            for name in FIELDS:
                np.testing.assert_allclose(getattr(alone, name)[0], getattr(whole, name)[i], atol=1e-9, rtol=1e-9)


def test_products_in_float32_move_the_forecast_by_less_than_a_thousandth(mixed, calendar, settings):
    values = np.random.default_rng(0).normal(0, 5, (20, mixed[1].shape[1])) + mixed[1][0]
    days = np.arange(180, 194)
    exact, quick = (predict(fit_many(values, calendar, settings, single=s), calendar, days)[0] for s in (False, True))
    assert not np.array_equal(exact, quick)
    assert np.abs(exact - quick).sum() / exact.sum() < 1e-4


def test_series_that_need_no_fit_are_as_prophet_has_them(calendar, settings):
    values = np.full((5, 100), np.nan)
    values[0], values[1], values[2] = 7.0, 0.0, -3.0
    values[3, 50] = 2.0
    values[4] = np.arange(100) + 1.0
    fits = fit_many(values, calendar, settings)
    assert fits.status.tolist() == [CONSTANT, CONSTANT, CONSTANT, TOO_SHORT, UNBOUNDED]
    assert fits.sigma[:3].tolist() == [1e-9] * 3
    mean, sd = predict(fits, calendar, np.array([100, 120]))
    np.testing.assert_allclose(mean[:3], [[7, 7], [0, 0], [-3, -3]])
    assert np.isnan(mean[3]).all()
    np.testing.assert_allclose(mean[4], [101, 121], rtol=1e-6)
    assert (sd[[0, 1, 2, 4]] < 1e-3).all()


def test_two_rows_are_a_line(calendar, settings):
    values = np.full((1, 30), np.nan)
    values[0, [10, 20]] = [4.0, 6.0]
    fits = fit_many(values, calendar, settings)
    np.testing.assert_allclose(predict(fits, calendar, np.array([30]))[0], 8.0, rtol=1e-6)


def test_a_year_is_fitted_from_731_rows_on(settings):
    from datetime import date

    from models.forecasting.batched_prophet.columns import day_columns

    calendar = day_columns(date(2023, 1, 1), np.zeros((731, 0)), settings)
    values = 10 + np.sin(np.arange(731) * 2 * np.pi / 365.25)[None] + np.random.default_rng(0).normal(0, 1, (1, 731))
    with_year, without = fit_many(values, calendar, settings), fit_many(values[:, :730], calendar, settings)
    assert with_year.beta[0, :20].all()
    assert not without.beta[0, :20].any()


def test_arrays_that_do_not_fit_together_are_refused(calendar, settings):
    with pytest.raises(ValueError, match="at most the calendar's 194 days"):
        fit_many(np.ones((2, 200)), calendar, settings)
    with pytest.raises(ValueError, match=r"own must be \(series, columns, days\)"):
        fit_many(np.ones((2, 100)), calendar, settings, np.ones((2, 1, 99)))


def test_no_series_at_all_is_no_error(calendar, settings):
    assert len(fit_many(np.empty((0, 50)), calendar, settings)) == 0
