import numpy as np

from models.metrics.breaks import below, break_light
from models.metrics.catalogue import BreakRule
from models.metrics.lights import AMBER, GREEN, GREY, RED

NAN = np.nan


def test_days_that_are_not_known_are_not_below():
    assert below(np.array([1.0, NAN, 1.0]), np.array([2.0, 2.0, NAN])).tolist() == [True, False, False]


def test_two_of_three_days_and_the_control():
    amber, red = BreakRule(quantile="q10", days=2, of=3), BreakRule(control=True)
    low = np.array([[False, True, True], [True, False, True], [False, False, True], [True, True, True]])
    low = np.c_[[True] * 4, low]  # an older day does not count
    control = np.array([False, True, False, True])
    known = np.array([True, True, True, False])
    assert break_light(amber, red, {"q10": low}, control, known).tolist() == [AMBER, RED, GREEN, GREY]


def test_what_is_over_today_is_no_news():
    rule = BreakRule(quantile="q025", days=3, of=4)
    low = np.array([[True, True, True, False], [False, True, True, True]])
    assert break_light(rule, rule, {"q025": low}, np.zeros(2, bool), np.ones(2, bool)).tolist() == [GREEN, RED]


def test_quantile_and_control_must_both_hold():
    rule = BreakRule(quantile="q025", control=True)
    low = np.array([[True], [True], [False]])
    lights = break_light(rule, rule, {"q025": low}, np.array([True, False, True]), np.ones(3, dtype=bool))
    assert lights.tolist() == [RED, GREEN, GREEN]
