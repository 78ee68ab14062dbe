import numpy as np
import pytest

from models.risk.outlook.feature import Feature, log_ratio, matrix, middles

TWO = (Feature("a", "size", adjusted=True), Feature("b", "age"))


def test_columns_stand_in_their_order_and_infinities_are_not_known():
    found = {"b": np.array([1.0, np.inf]), "a": np.array([3.0, 4.0]), "unused": np.zeros(2)}
    np.testing.assert_array_equal(matrix(TWO, found), [[3, 1], [4, np.nan]])


def test_a_feature_that_was_not_calculated_is_missed():
    with pytest.raises(KeyError):
        matrix(TWO, {"a": np.zeros(2)})


def test_the_median_is_taken_off_where_asked_and_known():
    np.testing.assert_array_equal(middles(TWO, np.array([[1.0, 5], [3, 5], [np.nan, 5]])), [2, 0])
    np.testing.assert_array_equal(middles(TWO, np.array([[np.nan, 5.0]])), [0, 0])


def test_nothing_sold_is_no_infinity():
    assert log_ratio(np.zeros(1), np.zeros(1), 0.5)[0] == 0
    assert np.isfinite(log_ratio(np.zeros(1), np.array([1e9]), 0.5)).all()
