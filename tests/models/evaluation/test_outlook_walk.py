import numpy as np
import pytest

from models.evaluation.outlook_walk import Walked, collapse_onsets, flagged_ahead, rules_of_thumb, walk_forward
from models.risk.outlook.outcomes import VolumeCollapse
from tests.models.risk.outlook.conftest import SETTINGS, history_of, sliding_units


def test_rules_are_turned_round_and_adjusted_by_the_median():
    units = np.full((4, 40), 10.0)
    units[3, -7:] = 5
    rule, ewma = rules_of_thumb(history_of(units), 39, SETTINGS)
    assert rule[:3].tolist() == [-1, -1, -1]
    assert rule[3] == pytest.approx(-5 / 8.75)
    assert -1 < ewma[3] < -0.5


def test_a_day_is_judged_with_what_was_known_before_its_month():
    units = sliding_units(200, 260)
    history = history_of(units)
    day = history.last_day - 20
    at = history.place(day)
    changed = units.copy()
    changed[:, at + 1 :] = 3.0
    walked = [
        walk_forward(one, VolumeCollapse(SETTINGS), 14, [day], SETTINGS) for one in (history, history_of(changed))
    ]
    np.testing.assert_array_equal(walked[0].p, walked[1].p)
    assert not np.array_equal(walked[0].bad, walked[1].bad)


def test_the_outlook_beats_the_rules_where_collapses_announce_themselves():
    history = history_of(sliding_units(300, 260))
    days = list(range(history.last_day - 40, history.last_day - 14, 4))
    walked = walk_forward(history, VolumeCollapse(SETTINGS), 14, days, SETTINGS)
    assert walked.p[walked.bad].mean() > 5 * walked.p[~walked.bad].mean()
    assert walked.p.mean() == pytest.approx(walked.bad.mean(), rel=0.35)


def test_merchants_may_be_left_out_by_day():
    history = history_of(sliding_units(200, 260))
    day = history.last_day - 20
    walked = walk_forward(
        history, VolumeCollapse(SETTINGS), 14, [day], SETTINGS, lambda one: np.arange(200) < (50 if one == day else 200)
    )
    assert walked.merchant.max() < 50


def test_a_collapse_begins_once():
    units = np.full((5, 120), 30.0)
    units[0, 60:90] = 1.0
    history = history_of(units)
    merchant, day = collapse_onsets(history, SETTINGS, history.first_day + 40, history.last_day - 7)
    assert merchant.tolist() == [0]
    # a week that holds four of the fallen days lies under half
    assert day[0] - history.first_day == 57


def walked_of(merchant, day):
    count = len(merchant)
    nothing = np.zeros(count)
    return Walked(
        nothing, nothing, nothing, nothing, np.zeros(count, bool), np.ones(count, bool), np.array(merchant),
        np.array(day),
    )  # fmt: skip


def test_only_a_flag_seven_to_fourteen_days_before_counts():
    merchant, day = np.repeat(np.arange(20), 3), np.tile([100, 104, 112], 20)
    walked = walked_of(merchant, day)
    onsets = (np.array([0, 1, 2]), np.array([111, 111, 300]))
    early = np.where((merchant == 0) & (day == 100), 9.0, 0.0)
    late = np.where((merchant == 0) & (day == 112), 9.0, 0.0)
    assert flagged_ahead(walked, early + (merchant == 19), onsets) == 0.5  # the onset at 300 was never watched
    assert flagged_ahead(walked, late + (merchant == 19), onsets) == 0
    assert np.isnan(flagged_ahead(walked, early, (np.array([2]), np.array([300]))))
