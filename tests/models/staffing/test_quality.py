"""The newest week is judged with what was known before it, beside the same hour of the week before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.staffing.desk import LEAD_DAYS
from models.staffing.quality import NAIVE, OURS, errors, held_out, judge


def test_errors_by_hand():
    actual, mean = np.zeros((1, 2, 24)), np.zeros((1, 2, 24))
    actual[0, 0, 9:11], mean[0, 0, 9:11] = (10, 30), (20, 20)  # two hours off by 10 each, the day is right
    actual[0, 1, 9], mean[0, 1, 9] = 60, 40
    found = errors(actual, mean, np.ones((1, 2, 24), bool))
    assert (found["wape_hour"], found["wape_day"], found["bias"]) == (0.4, 0.2, -0.2)
    seen = np.ones((1, 2, 24), bool)
    seen[0, 1] = False  # a day that nobody saw counts nowhere
    assert errors(actual, mean, seen) == {"wape_hour": 0.5, "wape_day": 0.0, "bias": 0.0, "pairs": 24}


def test_what_came_later_is_not_learned_from(simulated, policy):
    desks, _ = simulated(60)
    stood, actual = held_out(desks, 7)
    assert stood.sessions.shape[2] == 21
    assert stood.drivers.shape[2] == LEAD_DAYS + 28
    louder = desks.sessions.copy()
    louder[:, :, -7:] *= 3
    again, _ = held_out(replace(desks, sessions=louder), 7)
    np.testing.assert_array_equal(again.sessions, stood.sessions)
    np.testing.assert_array_equal(actual, desks.sessions[:, :, -7:])
    rows = {(row["phase"], row["model"]): row for row in judge(replace(desks, sessions=louder), 2, policy)}
    assert rows["pre_sale", OURS]["bias"] == pytest.approx(-2 / 3, abs=0.05)


def test_ours_is_nearer_than_the_week_before_and_its_interval_holds(simulated, policy):
    desks, _ = simulated(200)
    rows = {(row["phase"], row["model"]): row for row in judge(desks, 2, policy)}
    for phase in ("pre_sale", "after_sale"):
        ours, naive = rows[phase, OURS], rows[phase, NAIVE]
        assert ours["wape_hour"] < 0.9 * naive["wape_hour"]
        assert ours["wape_day"] < naive["wape_day"]
        assert abs(ours["bias"]) < 0.05
        assert 0.78 < ours["coverage_80"] < 0.95  # whole numbers hold a little more
        assert naive["coverage_80"] is None
        assert ours["pairs"] == naive["pairs"] == 200 * 7 * 24


def test_too_short_a_history_is_not_judged(simulated, policy):
    desks, _ = simulated(5)
    short = replace(desks, sessions=desks.sessions[:, :, -13:], drivers=desks.drivers[:, :, 15:])
    assert judge(short, 2, policy) == []
