import numpy as np

from models.forecasting.batched_prophet.fit import fit_many
from models.forecasting.batched_prophet.posterior import data_of, log_posterior, parameters_of, residuals
from models.forecasting.batched_prophet.predict import predict
from models.forecasting.batched_prophet.reference import fit_prophet


def test_prophets_parameters_in_our_order_give_prophets_forecast(mixed, calendar, settings, world):
    first, events, days, horizon = world
    names, values, own = mixed
    i = names.index("missing days")
    theirs = fit_prophet(values[i], first, calendar, events, own[i], horizon)
    fits = fit_many(values[i : i + 1], calendar, settings, own[i : i + 1])
    data = data_of(fits, 0, values[i], calendar, settings, own[i])
    np.testing.assert_allclose(theirs.changes, data.changes, atol=1e-12)
    at = theirs.parameters
    ahead = np.arange(days, days + horizon)
    standard = (own[i][:, ahead].T - fits.own_mean[0]) / fits.own_sd[0]
    flags = calendar.used(False, True)
    X = np.column_stack([np.where(flags, calendar.values[ahead], 0.0), standard])
    t = (ahead - fits.histories.first[0]) / fits.histories.span[0]
    future = data._replace(values=np.zeros(horizon), t=t, X=X)
    np.testing.assert_allclose(-residuals(future, at) * fits.histories.scale[0], theirs.mean, rtol=1e-6)


def test_prophet_led_to_the_maximum_comes_closer_and_never_above(mixed, calendar, settings, world):
    first, events, _, horizon = world
    names, values, _ = mixed
    fits = fit_many(values, calendar, settings)
    mean, _ = predict(fits, calendar, np.arange(values.shape[1], values.shape[1] + horizon))
    for name in ("plain", "spike", "missing days", "constant"):
        i = names.index(name)
        data = data_of(fits, i, values[i], calendar, settings)
        ours = log_posterior(data, parameters_of(fits, i), settings)
        stopped, led = (fit_prophet(values[i], first, calendar, events, None, horizon, end) for end in (False, True))
        low, high = (log_posterior(data, one.parameters, settings) for one in (stopped, led))
        assert low <= high <= ours + 1e-6, name
        apart = [np.abs(one.mean - mean[i]).sum() / np.abs(one.mean).sum() for one in (stopped, led)]
        assert apart[1] <= max(apart[0], 1e-9), name
        assert apart[1] < 0.01, name  # where L-BFGS stopped, "plain" lies .27 away
