"""Prophet's model on real stores: ours beside the library's, same data, same priors.

`pytest -m real -s tests/real/test_prophet_agreement.py` prints what was reached. Days on which a store never opens are
left out: without a row, a weekday's season is not determined, and the library's answer is wherever its search stopped.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import holidays
import numpy as np
import pytest

from models.forecasting.batched_prophet.columns import Event, day_columns, event_columns
from models.forecasting.batched_prophet.fit import fit_many
from models.forecasting.batched_prophet.posterior import data_of, log_posterior, parameters_of
from models.forecasting.batched_prophet.predict import predict
from models.forecasting.batched_prophet.reference import fit_prophet
from models.forecasting.batched_prophet.settings import ProphetSettings

AHEAD, STORES = 28, 150

pytestmark = pytest.mark.real


def feasts(first: date, days: int) -> list[Event]:
    last = first + timedelta(days=days - 1)
    told = holidays.country_holidays("DE", years=range(first.year, last.year + 1))
    return [Event(name, day) for day, name in sorted(told.items()) if first <= day <= last]


def test_log_posterior_and_forecast_of_stores_against_prophet(rossmann: Any) -> None:
    chosen = np.random.default_rng(0).choice(len(rossmann.sales), STORES, replace=False)
    values, first = rossmann.sales.to_numpy()[chosen], rossmann.sales.columns[0].date()
    days, settings = values.shape[1] - AHEAD, ProphetSettings()
    events = feasts(first, days + AHEAD)
    calendar = day_columns(first, event_columns(first, days + AHEAD, events)[0], settings)
    fits = fit_many(values[:, :days], calendar, settings)
    mean, _ = predict(fits, calendar, np.arange(days, days + AHEAD))
    apart = np.zeros(2)
    for i, known in enumerate(np.isfinite(values[:, days:])):
        theirs = fit_prophet(values[i, :days], first, calendar, events, None, AHEAD)
        data = data_of(fits, i, values[i, :days], calendar, settings)
        ours = log_posterior(data, parameters_of(fits, i), settings)
        assert ours >= log_posterior(data, theirs.parameters, settings) - 1e-6
        apart += np.abs(mean[i] - theirs.mean)[known].sum(), np.abs(theirs.mean)[known].sum()
    print(f"\nRossmann, {STORES} stores: WAPE between ours and Prophet's {apart[0] / apart[1]:.4%}")
    assert apart[0] / apart[1] < 0.003
