import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.risk.outlook.history import Plans
from tests.models.risk.outlook.conftest import LAST, history_of

UNITS = [[1, 2, 3, 4, 5], [0, 0, np.nan, 0, 7]]


def test_windows_end_on_the_day_asked_for_and_a_day_without_a_row_counts_0():
    history = history_of(UNITS)
    np.testing.assert_array_equal(history.total("sales_units", 4, 2), [9, 7])
    np.testing.assert_array_equal(history.total("sales_units", 4, 2, lag=1), [7, 0])
    np.testing.assert_array_equal(history.ahead("sales_units", 1, 3), [12, 7])


def test_a_window_before_the_first_day_is_empty():
    assert history_of(UNITS).total("sales_units", 1, 3, lag=4).tolist() == [0, 0]


def test_what_is_not_known_stays_so_where_no_day_of_the_window_is():
    history = history_of(UNITS, reviews_count=[[np.nan, np.nan, 1, np.nan, 2], [np.nan] * 5])
    np.testing.assert_array_equal(history.window("reviews_count", 4, 5), [3, np.nan])
    np.testing.assert_array_equal(history.window("reviews_count", 1, 2), [np.nan, np.nan])
    np.testing.assert_array_equal(history.window("no_such_column", 4, 5), [np.nan, np.nan])


def test_days_and_columns_are_told_apart():
    history = history_of(UNITS)
    assert (history.first_day, history.place(LAST), history.days) == (LAST - 4, 4, 5)


def test_some_merchants_keep_their_columns_and_plans():
    plans = Plans(np.eye(2, 8), np.zeros((2, 8)), np.full((2, 8), LAST))
    history = history_of(UNITS)
    some = type(history)(history.ids, history.last_day, history.columns, plans).rows(np.array([1]))
    assert some.ids.tolist() == ["m001"]
    assert some.plans is not None
    assert some.plans.closed.tolist() == [[0, 1, 0, 0, 0, 0, 0, 0]]


@given(st.integers(0, 19), st.integers(1, 30), st.integers(0, 9))
def test_every_window_is_the_plain_sum(at, days, lag):
    values = np.arange(40, dtype=float).reshape(2, 20) ** 2
    stop = max(at - lag + 1, 0)
    expected = values[:, max(stop - days, 0) : stop].sum(axis=1)
    np.testing.assert_allclose(history_of(values).total("sales_units", at, days, lag), expected)
