import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.risk.crowds import (
    PLACES,
    DayScale,
    day_scales,
    evidence,
    in_crowd_p,
    judge_crowds,
    judge_evidence,
    standing_members,
    without_crowd,
)
from models.risk.groups import judge_groups
from models.risk.settings import IncidentSettings
from tests.models.risk.test_groups import PLATFORM

SETTINGS = IncidentSettings()
MERCHANTS, DAYS = 400, 56
ONE = np.zeros(MERCHANTS, dtype=np.int64)


def quiet(seed=0):
    return np.random.default_rng(seed).normal(size=(MERCHANTS, DAYS))


def carnival(seed=0, share=0.15):
    """A sixth of the merchants falls by six deviations, give or take two."""
    scores, struck = quiet(seed), int(share * MERCHANTS)
    scores[:struck, -1] += np.random.default_rng(seed + 1).normal(6, 2, struck)
    return scores, struck


def left_of(scores, tests):
    return without_crowd(scores, day_scales(scores, tests, ONE, SETTINGS), ONE)


def test_a_carnival_of_some_is_a_crowd_though_the_platform_does_not_move():
    scores, struck = carnival()
    assert not judge_groups(scores, PLATFORM, 1, 1, SETTINGS).fired[0, -1]
    tests = judge_crowds(scores, ONE, 20, 1, SETTINGS)
    assert tests.fired[-1]
    assert not tests.fired[:-1].any()
    assert tests.far[:struck, -1].mean() > 0.9
    assert tests.far[struck:, -1].mean() < 0.02


def test_on_a_day_with_a_crowd_ranks_count_as_on_other_days():
    scores, struck = carnival()
    left = left_of(scores, judge_crowds(scores, ONE, 1, 1, SETTINGS))
    assert (scores[:struck, -1] > 3).mean() > 0.8
    assert (left[:, -1] > 3).mean() < 0.01
    np.testing.assert_array_equal(left[:, :-1], scores[:, :-1])
    assert (left <= scores).all()


def test_who_stands_out_even_from_the_crowd_still_does():
    scores, _ = carnival()
    scores[-1, -1] = 40
    left = left_of(scores, judge_crowds(scores, ONE, 1, 1, SETTINGS))
    assert left[-1, -1] == left[:, -1].max()
    assert left[-1, -1] > 5


def test_a_lone_merchant_and_a_few_in_trouble_are_no_crowd_and_lose_nothing():
    scores = quiet()
    scores[:12, -1] = 8
    tests = judge_crowds(scores, ONE, 1, 1, SETTINGS)
    assert not tests.fired.any()
    np.testing.assert_array_equal(left_of(scores, tests), scores)


def test_calm_days_are_no_crowds():
    fired = [judge_crowds(quiet(seed), ONE, 20, 1, SETTINGS).fired for seed in range(60)]
    assert np.mean(fired) < 0.001


def test_days_that_are_often_wide_are_usual():
    scores, random = quiet(), np.random.default_rng(3)
    for day in range(0, DAYS - 1, 2):
        scores[random.choice(MERCHANTS, 40), day] += 5
    scores[:40, -1] += 5
    assert not judge_crowds(scores, ONE, 1, 1, SETTINGS).fired[-1]


def test_overlapping_scores_count_as_fewer_days():
    scores, _ = carnival(share=0.06)
    single, week = (judge_crowds(scores, ONE, 1, days, SETTINGS).p_value[-1] for days in (1, 7))
    assert week > 10 * single


def test_today_does_not_say_what_is_far_out_and_without_a_past_nothing_fires():
    scores = np.full((MERCHANTS, DAYS), np.nan)
    scores[:, -1] = 5
    tests = judge_crowds(scores, ONE, 1, 1, SETTINGS)
    assert not tests.fired.any()
    assert not tests.far.any()


@given(
    st.lists(st.floats(-5, 50), min_size=2, max_size=30),
    st.lists(st.floats(-5, 50), min_size=6, max_size=6, unique=True),
    st.lists(st.floats(-3, 5), min_size=6, max_size=6),
)
def test_a_scale_makes_nobody_worse_and_keeps_the_order(scores, seen, usual):
    scale, values = DayScale(0, 0, np.sort(seen), np.sort(usual)), np.sort(scores)
    if scale.seen[-1] <= max(scale.usual[-1], 0):
        return
    counted = scale(values)
    assert (counted <= values).all()
    inside = values > scale.seen[0]
    assert (np.diff(counted[inside]) >= -1e-9).all()


def test_a_scale_by_hand():
    scale = DayScale(0, 0, np.linspace(0, 10, len(PLACES)), np.linspace(0, 2, len(PLACES)))
    np.testing.assert_allclose(scale(np.array([-1.0, 0.0, 5.0, 10.0, 20.0])), [-1, 0, 1, 2, 4])
    assert scale(np.array([np.nan, 5.0]))[1] == pytest.approx(1)
    np.testing.assert_allclose(scale._replace(additive=True)(np.array([5.0, 10.0, 20.0])), [1, 2, 12])


def test_members_stay_with_a_crowd_until_it_has_been_quiet():
    far = np.array([[1, 0, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0, 1]], dtype=bool)
    fired = np.array([1, 0, 1, 0, 0, 0, 1], dtype=bool)
    stands = standing_members(far, fired, 3)
    expected = [[1, 1, 1, 1, 1, 0, 0], [0, 0, 1, 1, 1, 0, 0], [0, 0, 0, 0, 0, 0, 1]]
    np.testing.assert_array_equal(stands, np.array(expected, dtype=bool))


def uniform(seed=0):
    return np.random.default_rng(seed).uniform(size=(MERCHANTS, DAYS))


def test_more_small_p_values_than_promised_are_a_crowd_and_count_for_their_rank():
    p = uniform()
    p[:40, -1] = np.random.default_rng(1).uniform(0, 1e-3, 40)
    p[40, -1] = 1e-9
    tests, scales = judge_evidence(p, ONE, 10, SETTINGS)
    assert tests.fired[-1]
    counted = in_crowd_p(p, scales, ONE)
    assert (counted[:40, -1] <= 1e-3).mean() < 0.1
    assert counted[40, -1] < 1e-4  # who stands out even from the crowd
    assert (counted[:, -1] >= p[:, -1] * (1 - 1e-9)).all()
    np.testing.assert_allclose(counted[:, :-1], p[:, :-1])


def test_true_p_values_and_a_few_small_ones_count_as_they_are():
    p = uniform(2)
    p[:10, -1] = 1e-6
    tests, scales = judge_evidence(p, ONE, 10, SETTINGS)
    assert scales == []
    assert in_crowd_p(p, scales, ONE) is p
    assert tests.far[:10, -1].all()


def test_evidence_grows_as_p_falls_and_is_finite():
    assert evidence(np.array([1.0, np.exp(-5.0)])) == pytest.approx([0, 5])
    assert np.isfinite(evidence(np.zeros(1))).all()
    assert np.isnan(evidence(np.array([np.nan]))).all()
