import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.alarms import (
    calibration,
    control_thresholds,
    controlled,
    found_by,
    openings,
    openings_per_1000,
    threshold_at,
    worst_day,
)
from models.risk.lasting import lasting_days, lasting_leg
from models.risk.settings import ControlSettings, LastingSettings

NAN = np.nan


def test_an_alarm_that_comes_back_within_a_week_is_the_same_one():
    flagged = np.array([[1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]], bool)
    assert openings(flagged, 7).astype(int).tolist() == [
        [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    ]


def test_days_that_were_not_judged_are_no_merchant_days():
    p = np.array([[0.5, 1e-4, NAN, NAN], [0.5, 0.5, 0.5, 0.5]])
    assert openings_per_1000(p, 1e-3, 7) == pytest.approx(1000 / 6)


def test_threshold_gives_the_rate_that_was_asked_for():
    p = np.random.default_rng(0).random((500, 100))
    threshold = threshold_at(p, 1.0, 7)
    assert threshold == pytest.approx(1e-3, rel=0.3)  # rare alarms hardly ever meet: openings are flagged days
    assert openings_per_1000(p, threshold, 7) == pytest.approx(1.0, abs=0.05)
    assert openings_per_1000(p, threshold * 1.05, 7) >= 1.0


def test_a_threshold_is_never_more_generous_than_was_asked_for():
    p = np.array([[0.2, 0.3, 0.4], [0.5, 0.6, 0.7]])
    assert threshold_at(p, 1.0, 7) < 0.2


def test_found_by_the_end_of_a_day():
    p = np.array([[0.9, 1e-5, 0.9, 0.9], [0.9, 0.9, 0.9, 1e-5], [1e-5, 0.9, 0.9, 0.9]])
    onset = np.array([1, 1, -1])
    assert found_by(p, onset, 1e-3, 1).tolist() == [True, False]
    assert found_by(p, onset, 1e-3, 3).tolist() == [True, True]


def test_what_was_flagged_before_the_onset_is_not_found():
    p = np.array([[1e-5, 0.9, 0.9]])
    assert found_by(p, np.array([1]), 1e-3, 2).tolist() == [False]


def test_realised_over_nominal():
    p = np.random.default_rng(1).random((1000, 1000))
    figures = calibration(p, (1e-2, 1e-3, 1e-4))
    assert [one.ratio for one in figures] == pytest.approx([1.0, 1.0, 1.0], abs=0.2)
    assert [one.scores for one in figures] == [1_000_000] * 3
    assert figures[2].low < 1 < figures[2].high


def test_worst_day_among_days_with_enough_merchants():
    p = np.full((100, 3), 0.5)
    p[:7, 1], p[:50, 2] = 1e-5, 1e-5
    p[60:, 2] = NAN
    assert worst_day(p, 1e-3, least=80) == (1, 0.07)


@given(st.integers(0, 2**31), st.integers(1, 10))
def test_openings_are_flagged_days_and_lie_apart(seed, apart):
    flagged = np.random.default_rng(seed).random((5, 40)) < 0.2
    opened = openings(flagged, apart)
    assert not (opened & ~flagged).any()
    for row in opened:
        assert (np.diff(np.flatnonzero(row)) > apart).all()
    assert (opened.any(axis=1) == flagged.any(axis=1)).all()


def test_one_more_merchant_in_trouble_is_held_against_the_control_of_its_day():
    p = np.full((100, 2), 0.5)
    p[:9, 1] = 1e-9  # a day on which nine others are flagged
    thresholds = control_thresholds(p, 0.1)
    assert thresholds == pytest.approx([0.1 / 100, 0.1 * 10 / 100])
    assert found_by(np.array([[0.005, 0.005]]), np.array([0]), thresholds, 1).tolist() == [False]
    assert found_by(np.array([[0.005, 0.005]]), np.array([0]), thresholds, 2).tolist() == [True]
    flagged = controlled(np.where(np.eye(100, 2) > 0, np.nan, p), ControlSettings(q=0.1, least_p=1e-12))
    assert flagged[:, 1].tolist()[:3] == [0.0, pytest.approx(np.nan, nan_ok=True), 0.0]
    assert flagged[50].tolist() == [1.0, 1.0]


def test_who_stands_out_for_most_of_the_last_days_is_flagged_as_one_leg_is():
    """The same days as the rule of the step, day by day."""
    settings = LastingSettings(p_value=0.2, days=3, of=4)
    p = np.random.default_rng(5).random((50, 30)) ** 2
    p[3, 10:12] = np.nan
    lasting = lasting_days(p.T, settings.p_value, settings).T
    for day in range(30):
        rows = p.T[max(day - 3, 0) : day + 1, None, :]
        assert (lasting[:, day] == (lasting_leg(rows, np.ones(1), settings) >= 0)).all()
    assert lasting.any()
    flagged = controlled(p, ControlSettings(q=1e-9, least_p=1e-12, q_least=1e-12, lasting=settings))
    assert ((flagged == 0) == lasting).all()
