import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.evaluation.injection import Injection, draw_onsets, inject

OUTAGE = Injection(name="outage", change=-1.0, judged_on=(1,))
HALF = Injection(name="half", change=-0.5, judged_on=(7,))
DRIFT = Injection(name="drift", change=-0.4, ramp_days=4, judged_on=(14,))
SPIKE = Injection(name="spike", change=2.0, days=2, judged_on=(14,), benign=True)


def test_a_drop_lasts_a_drift_ramps_and_a_spike_ends():
    since = np.array([-1, 0, 1, 2, 3, 4])
    assert OUTAGE.factors(since).tolist() == [1, 0, 0, 0, 0, 0]
    assert DRIFT.factors(since) == pytest.approx([1, 0.9, 0.8, 0.7, 0.6, 0.6])
    assert SPIKE.factors(since).tolist() == [1, 3, 3, 1, 1, 1]


def test_only_days_from_the_onset_change_and_unknown_ones_stay_unknown():
    values = np.array([[10.0, np.nan, 10.0, 10.0], [10.0, 10.0, 10.0, 10.0], [8.0, 8.0, 8.0, 8.0]])
    changed = inject(values, np.array([2, 1, -1]), HALF, np.random.default_rng(0), counts=False)
    np.testing.assert_array_equal(changed, [[10, np.nan, 5, 5], [10, 5, 5, 5], [8, 8, 8, 8]])


def test_of_counts_each_event_stays_away_by_chance():
    values = np.full((200, 10), 100.0)
    changed = inject(values, np.zeros(200, int), HALF, np.random.default_rng(1), counts=True)
    assert (changed == np.rint(changed)).all()
    assert changed.mean() == pytest.approx(50, abs=0.5)
    assert changed.var() == pytest.approx(25, rel=0.15)  # binomial, not exactly one half each day


def test_an_outage_leaves_nothing_and_a_spike_of_counts_is_three_times_as_much():
    values, rng = np.full((100, 4), 50.0), np.random.default_rng(2)
    assert (inject(values, np.zeros(100, int), OUTAGE, rng, counts=True) == 0).all()
    spiked = inject(values, np.ones(100, int), SPIKE, rng, counts=True)
    assert spiked[:, 1:3].mean() == pytest.approx(150, abs=2)
    assert (spiked[:, [0, 3]] == 50).all()


def test_onsets_lie_on_known_days_with_time_left_to_be_found():
    known = np.ones((50, 30), bool)
    known[:, ::7] = False
    known[0] = False
    onset = draw_onsets(known, slice(10, 26), np.random.default_rng(3))
    assert onset[0] == -1
    assert set(onset[1:]) <= set(range(10, 26)) - {14, 21}
    assert len(set(onset[1:])) > 10


@given(st.floats(-1, 3), st.integers(0, 20), st.integers(0, 60))
def test_a_change_never_goes_beyond_itself(change, ramp_days, day):
    factor = Injection(name="x", change=change, ramp_days=ramp_days, judged_on=(1,)).factors(np.array([day]))[0]
    assert min(1.0, 1 + change) - 1e-12 <= factor <= max(1.0, 1 + change) + 1e-12


def test_nothing_falls_by_more_than_all_of_it():
    with pytest.raises(ValidationError):
        Injection(name="x", change=-1.1, judged_on=(1,))
