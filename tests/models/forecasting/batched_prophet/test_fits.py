import numpy as np

from models.forecasting.batched_prophet.fits import empty_fits
from models.forecasting.batched_prophet.histories import look_at


def test_empty_fits_have_room_for_everything_and_know_who_can_be_fitted():
    fits = empty_fits(look_at(np.array([[1.0, 2], [np.nan, 1]])), 25, 30, 2)
    assert len(fits) == 2
    assert (fits.delta.shape, fits.beta.shape, fits.own_sd.shape) == ((2, 25), (2, 30), (2, 2))
    assert fits.known.tolist() == [0]


def test_the_mean_change_is_over_the_changepoints_a_series_has():
    fits = empty_fits(look_at(np.array([[1.0, 2], [2, 1]])), 4, 0, 0)
    fits.delta[0], fits.changes[:] = [1, -2, 0, 0], [3, 0]
    assert fits.mean_change.tolist() == [1, 0]
