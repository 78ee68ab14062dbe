import numpy as np

from models.metrics.windows import known_days, known_together, rolling_sum, window_slice, window_sum

NAN = np.nan


def test_window_is_open_on_the_left_and_ends_lag_days_ago():
    panel = np.arange(10.0)[None, :]  # day 9 is as_of
    assert window_sum(panel, 3)[0] == 7 + 8 + 9
    assert window_sum(panel, 3, lag=2)[0] == 5 + 6 + 7
    assert window_sum(panel, 3, lag=2, shift=3)[0] == 2 + 3 + 4
    assert window_slice(10, 30, 7) == slice(0, 3)


def test_unknown_is_not_zero():
    panel = np.array([[NAN, NAN, NAN], [NAN, 2.0, 0.0]])
    total = window_sum(panel, 3)
    assert np.isnan(total[0])
    assert total[1] == 2
    assert known_days(panel, 2).tolist() == [0, 2]


def test_a_day_unknown_in_one_part_counts_in_none():
    late, due = known_together(np.array([[1.0, NAN, 0.0]]), np.array([[5.0, 9.0, NAN]]))
    assert window_sum(late, 3)[0] == 1
    assert window_sum(due, 3)[0] == 5


def test_rolling_sums_agree_with_plain_ones():
    panel = np.array([[1.0, 2.0, NAN, 4.0, 5.0, 6.0]])
    assert rolling_sum(panel, 2, slice(3, 6)).tolist() == [[4.0, 9.0, 11.0]]
    assert rolling_sum(panel, 3, slice(5, 6), before=2).tolist() == [[2 + 4]]
    assert rolling_sum(panel, 3, slice(0, 1), before=2).tolist() == [[0.0]]
