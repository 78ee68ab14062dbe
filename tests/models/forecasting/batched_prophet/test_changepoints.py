import numpy as np

from models.forecasting.batched_prophet.changepoints import changepoint_rows
from models.forecasting.batched_prophet.settings import ProphetSettings


def test_twenty_five_places_over_the_first_four_fifths_without_the_first_row():
    rows = changepoint_rows(730, ProphetSettings())
    assert (len(rows), rows[0], rows[-1]) == (25, 23, 583)
    assert set(np.diff(rows)) == {23, 24}


def test_short_histories_have_as_many_as_there_is_room_for():
    assert changepoint_rows(5, ProphetSettings()).tolist() == [1, 2, 3]
    assert len(changepoint_rows(32, ProphetSettings())) == 24
    assert len(changepoint_rows(33, ProphetSettings())) == 25


def test_two_rows_keep_one_idle_place_at_the_start():
    assert changepoint_rows(2, ProphetSettings()).tolist() == [0]
    assert changepoint_rows(100, ProphetSettings(changepoints=0)).tolist() == [0]
