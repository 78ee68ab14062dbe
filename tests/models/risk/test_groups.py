import numpy as np
import pytest

from models.metrics.grouping import Grouping
from models.risk.groups import fired_members, judge_groups, without_group_effect
from models.risk.settings import IncidentSettings

SETTINGS = IncidentSettings()


PLATFORM = Grouping(np.zeros(400, dtype=np.int64), ("all",))
HALVES = Grouping(np.repeat([0, 1], 200).astype(np.int64), ("north", "south"))


def quiet(seed=0, merchants=400, days=56):
    return np.random.default_rng(seed).normal(size=(merchants, days))


def test_a_quiet_platform_fires_about_never():
    fired = [judge_groups(quiet(seed), PLATFORM, 1, 1, SETTINGS).fired[0, -1] for seed in range(40)]
    assert sum(fired) == 0


def test_an_outage_fires_with_its_effect():
    scores = quiet()
    scores[:, -1] += 3
    tests = judge_groups(scores, PLATFORM, 10, 1, SETTINGS)
    assert tests.fired[0, -1]
    assert tests.fired[0, :-1].sum() == 0
    assert tests.effect[0, -1] == pytest.approx(3, abs=0.2)
    assert tests.members[0, -1] == 400


def test_a_group_is_held_against_its_own_moving_days():
    generator = np.random.default_rng(3)
    weather = generator.normal(0, 1.0, 56)  # the whole group moves like this every day
    weather[-1] = 1.5
    scores = quiet() + weather
    assert not judge_groups(scores, PLATFORM, 1, 1, SETTINGS).fired[0, -1]


def test_one_shop_cannot_raise_an_incident_and_good_days_never_do():
    scores = quiet()
    scores[0, -1] = 1e6
    assert not judge_groups(scores, PLATFORM, 1, 1, SETTINGS).fired.any()
    assert not judge_groups(-np.abs(quiet()) * 5, PLATFORM, 1, 1, SETTINGS).fired[:, -1].any()


def test_small_groups_and_short_pasts_are_not_judged():
    few = Grouping(np.r_[np.zeros(5), np.ones(395)].astype(np.int64), ("few", "many"))
    scores = quiet()
    scores[:, -1] += 4
    assert judge_groups(scores, few, 2, 1, SETTINGS).fired[:, -1].tolist() == [False, True]
    assert not judge_groups(scores[:, -8:], PLATFORM, 1, 1, SETTINGS).fired.any()


def test_scores_that_look_back_need_more_evidence():
    scores = quiet()
    scores[:, -1] += 1.0
    one_day = judge_groups(scores, PLATFORM, 1, 1, SETTINGS).p_value[0, -1]
    week = judge_groups(scores, PLATFORM, 1, 7, SETTINGS).p_value[0, -1]
    assert week > one_day


def test_members_are_quiet_again_but_a_merchant_in_its_own_trouble_is_not():
    scores = quiet(merchants=400)
    scores[:, -1] = scores[:, -1] * 2 + np.repeat([4.0, 9.0], 200)  # large shops are moved further
    scores[7, -1] += 25
    strata = np.repeat([0, 1], 200).astype(np.int64)
    tests = judge_groups(scores, PLATFORM, 1, 1, SETTINGS)
    corrected = without_group_effect(scores, tests, PLATFORM, strata)
    others = np.delete(corrected[:, -1], 7)
    assert np.abs(np.median(others)) < 0.1
    assert np.mean(others > 3) < 0.01
    assert corrected[7, -1] > 8
    assert (corrected[:, :-1] == scores[:, :-1]).all()


def test_only_members_of_the_group_are_corrected():
    scores = quiet()
    scores[:200, -1] += 3
    tests = judge_groups(scores, HALVES, 2, 1, SETTINGS)
    corrected = without_group_effect(scores, tests, HALVES, np.zeros(400, dtype=np.int64))
    assert (corrected[200:] == scores[200:]).all()
    members = fired_members(tests, HALVES)
    assert members[:200, -1].all()
    assert not members[200:].any()


def test_a_trouble_that_was_sure_yesterday_needs_less_today():
    weather = np.random.default_rng(4).normal(0, 0.2, 56)  # how the whole group moves from day to day
    weather[-4:] = [3.0, 1.0, 1.0, 0.0]
    scores = quiet() + weather
    after = judge_groups(scores, PLATFORM, 60, 7, SETTINGS)
    assert after.fired[0, -4:].tolist() == [True, True, True, False]
    # The same two days without the sure one before them do not pay for 60 tests.
    alone = judge_groups(np.delete(scores, -4, axis=1), PLATFORM, 60, 7, SETTINGS)
    assert not alone.fired[0, -3:].any()
