from datetime import date

import numpy as np
import pandas as pd
import pytest
from prophet import Prophet

from models.forecasting.batched_prophet.columns import Event, day_columns, event_columns, fourier
from models.forecasting.batched_prophet.settings import ProphetSettings


def test_seasons_are_prophets_to_the_last_digits():
    days = pd.Series(pd.date_range("2024-02-25", periods=40))
    since = (date(2024, 2, 25) - date(1970, 1, 1)).days + np.arange(40.0)
    for period, order in ((365.25, 10), (7, 3)):
        np.testing.assert_allclose(
            fourier(since, period, order), Prophet.fourier_series(days, period, order), atol=1e-9
        )


def test_every_day_of_a_window_is_a_column_that_occurrences_share():
    events = [
        Event("sale", date(2026, 1, 3), -1, 0),
        Event("sale", date(2026, 1, 6), -1, 0),
        Event("x", date(2026, 9, 1)),
    ]
    values, names = event_columns(date(2026, 1, 1), 6, events)
    assert names == ["sale +0", "sale -1", "x +0"]
    assert values.T.tolist() == [[0, 0, 1, 0, 0, 1], [0, 1, 0, 0, 1, 0], [0] * 6]


def test_a_window_the_wrong_way_round_is_refused_by_name():
    with pytest.raises(ValueError, match="'sale' on 2026-01-03: lower_window must be at most 0"):
        event_columns(date(2026, 1, 1), 6, [Event("sale", date(2026, 1, 3), 1, 2)])


def test_columns_are_yearly_weekly_events_with_their_priors():
    settings = ProphetSettings(holiday_scale=3.0)
    columns = day_columns(date(2026, 1, 1), np.eye(9)[:, :2], settings)
    assert columns.values.shape == (9, 28)
    assert columns.scales.tolist() == [10.0] * 26 + [3.0] * 2
    assert columns.used(False, True).tolist() == [False] * 20 + [True] * 8
    assert columns.used(True, False).tolist() == [True] * 20 + [False] * 6 + [True] * 2
