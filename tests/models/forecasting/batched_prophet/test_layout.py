import numpy as np

from models.forecasting.batched_prophet.layout import lay_out

N = np.nan


def test_rows_of_chosen_series_side_by_side():
    values = np.array([[9.0, 9, 9, 9, 9, 9], [N, 2, N, 6, 8, 9]])
    own = np.array([[[0.0] * 6], [[5, 6, N, 8, 9, 7]]])
    laid = lay_out(
        values, own, np.array([1]), 1, 4, np.array([2.0]), np.array([[6.0]]), np.array([[2.0]]),
        np.array([[1, 2, 0]]), np.array([2]),
    )  # fmt: skip
    assert laid.present.tolist() == [[True, False, True, True]]
    assert laid.extra.tolist() == [[[0, 0, 1, 1.5], [1, 0, 3, 4]]]
    assert laid.places.tolist() == [[2, 3, 0]]


def test_the_idle_changepoint_of_two_rows_is_the_first_row():
    laid = lay_out(
        np.array([[1.0, N, 2]]), np.empty((1, 0, 3)), np.array([0]), 0, 2, np.ones(1), np.empty((1, 0)),
        np.empty((1, 0)), np.array([[0]]), np.array([1]),
    )  # fmt: skip
    assert laid.places.tolist() == [[0]]
