from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.risk.outlook.origins import look_back, month_start, training_origins
from models.risk.outlook.settings import OutlookSettings

SETTINGS = OutlookSettings()
FIRST = date(2025, 1, 1).toordinal()


def ordinal(text):
    return date.fromisoformat(text).toordinal()


def test_every_day_of_a_month_learns_from_the_same_days():
    first, last = (training_origins(ordinal(day), FIRST, 14, SETTINGS) for day in ("2026-05-01", "2026-05-31"))
    np.testing.assert_array_equal(first, last)
    assert set(np.diff(first)) == {9}


def test_all_weekdays_come():
    origins = training_origins(ordinal("2026-05-01"), FIRST, 14, SETTINGS)
    assert len({day % 7 for day in origins.tolist()}) == 7


@given(st.integers(0, 1500), st.sampled_from([14, 28]))
def test_every_outcome_had_shown_before_the_month_began(days, horizon):
    as_of = FIRST + days
    origins = training_origins(as_of, FIRST, horizon, SETTINGS)
    assert (origins + horizon < month_start(as_of)).all()
    assert (origins >= FIRST + SETTINGS.least_age_days).all()
    assert (origins >= FIRST + look_back(as_of, FIRST, SETTINGS) - 1).all()


def test_a_short_history_has_none():
    assert len(training_origins(FIRST + 60, FIRST, 14, SETTINGS)) == 0


@pytest.mark.parametrize(("day", "days"), [("2025-02-10", 28), ("2025-07-01", 60), ("2026-06-01", 112)])
def test_features_look_back_on_a_third_of_the_history(day, days):
    assert look_back(ordinal(day), FIRST, SETTINGS) == days
