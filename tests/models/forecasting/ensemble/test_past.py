"""Looking back: every model at every origin, nothing beyond the end of history, closed days are no evidence."""

from __future__ import annotations

import numpy as np

from models.forecasting.backtest import AHEAD
from models.forecasting.learn import learn

HISTORY, MERCHANTS = 150, 12


def past_of(values, make_setting, make_panel, count: int = 4, **plans):
    panel = make_panel({"orders": values}, **plans)
    learned = learn(lambda: [panel], make_setting(HISTORY), ["orders"])["orders"]
    return learned, panel, learned.past(panel, count)


def test_origins_are_weekly_and_end_with_history(make_setting, make_panel, counts) -> None:
    values = counts(MERCHANTS, HISTORY)
    learned, _, past = past_of(values, make_setting, make_panel)
    assert past.known.tolist() == [HISTORY - 7, HISTORY - 14, HISTORY - 21, HISTORY - 28]
    assert past.means.shape == (len(learned.policy.ensemble.models), 4, MERCHANTS, AHEAD)
    assert past.names[-1] == "boosted"  # which has nothing to say after so few days
    assert np.isnan(past.means[-1]).all()
    assert np.isfinite(past.means[:-1, 0, :, :7]).all()
    assert np.isnan(past.means[:, 0, :, 7:]).all()
    np.testing.assert_array_equal(past.actual[3], values[:, HISTORY - 28 :])


def test_what_was_said_does_not_change_with_what_came(make_setting, make_panel, counts) -> None:
    values = counts(MERCHANTS, HISTORY)
    learned, _, past = past_of(values, make_setting, make_panel)
    changed = values.copy()
    changed[:, HISTORY - 14 :] *= 3.0
    other = learned.past(make_panel({"orders": changed}), 4)
    np.testing.assert_array_equal(other.means[:, 1:], past.means[:, 1:])
    assert not np.array_equal(other.errors[:, 1:], past.errors[:, 1:], equal_nan=True)


def test_a_closed_day_is_no_evidence(make_setting, make_panel, counts) -> None:
    is_open = np.ones((MERCHANTS, HISTORY + 28), bool)
    is_open[2, HISTORY - 5] = False
    _, _, past = past_of(counts(MERCHANTS, HISTORY), make_setting, make_panel, open=is_open)
    assert np.isnan(past.errors[:, 0, 2, 2]).all()
    assert np.isfinite(past.errors[:-1, 0, 1, 2]).all()


def test_the_stratum_is_that_of_the_newest_origin_reached(make_setting, make_panel, counts) -> None:
    learned, _, past = past_of(counts(MERCHANTS, HISTORY), make_setting, make_panel)
    bounds = learned.policy.calibration.strata
    np.testing.assert_array_equal(past.stratum(HISTORY, bounds), past.fits[0].stratum(HISTORY - 7, bounds))
    np.testing.assert_array_equal(past.stratum(HISTORY - 8, bounds), past.fits[1].stratum(HISTORY - 14, bounds))
    np.testing.assert_array_equal(past.stratum(3, bounds), past.fits[3].stratum(HISTORY - 28, bounds))
