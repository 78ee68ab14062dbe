"""What sums miss by: as days where one day counts, as weeks where all do, and in between along 1 / n."""

import numpy as np
import pytest

from models.forecasting.calibration import Calibration
from models.forecasting.sum_errors import sum_errors

LEVELS = np.array([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0])


@pytest.fixture
def policy(make_setting):
    return make_setting(112).policy


@pytest.fixture
def calibration(policy):
    """Spread of days 1, of weeks .5, of fortnights .4, of four weeks .3, in one stratum; another is twice as unsure."""
    scale = np.array([1.0] * len(policy.calibration.horizons) + [0.5, 0.4, 0.3])
    spread = np.stack([scale, 2 * scale])
    z = np.broadcast_to((spread[:, :, None] * LEVELS)[:, :, None, :], (2, len(scale), 2, 7))
    return Calibration(np.zeros(2, dtype=np.int64), z, spread)


def test_whole_weeks_are_read_as_they_were_counted(calibration, policy):
    found = sum_errors(calibration, np.array([0, 1]), np.array([[7, 14, 28], [7, 14, 28]]), 28, policy)
    assert found.spread == pytest.approx(np.array([[0.5, 0.4, 0.3], [1.0, 0.8, 0.6]]))
    assert found.z == pytest.approx(found.spread[:, :, None] * LEVELS)


def test_one_open_day_is_as_unsure_as_a_day_and_nothing_is_less_sure(calibration, policy):
    found = sum_errors(calibration, np.array([0]), np.array([[0, 1, 2, 5, 7, 10, 14, 40]]), 7, policy)
    assert found.spread[0, :2] == pytest.approx([1.0, 1.0])
    assert (np.diff(found.spread[0, 1:]) < 0).all()
    assert found.spread[0, -1] == pytest.approx(0.3)


def test_independent_days_are_met_exactly(policy):
    """Where a week is as sure as seven independent days, so is every number of days between."""
    days = [1.0] * len(policy.calibration.horizons)
    spread = np.array([[*days, 7**-0.5, 14**-0.5, 28**-0.5]])
    z = np.broadcast_to((spread[:, :, None] * LEVELS)[:, :, None, :], (1, spread.shape[1], 2, 7))
    made = Calibration(np.zeros(1, dtype=np.int64), z, spread)
    count = np.arange(1, 29)[None, :]
    assert sum_errors(made, np.array([0]), count, 28, policy).spread == pytest.approx(count**-0.5)
