import numpy as np

from models.metrics.legs import NOT_CONNECTED, NOT_GREY, OTHER_WINDOW, SMALL_SAMPLE, STALE, MetricLights, leg_light
from models.metrics.lights import AMBER, GREEN, GREY, RED, STAR

CODES = {"": NOT_GREY, "not_connected": NOT_CONNECTED, "small_sample": SMALL_SAMPLE, "stale": STALE,
         "other_window": OTHER_WINDOW}  # fmt: skip


def metric(name, light, core=True, better=False, grey="", rank=0.0):
    code = CODES[grey.split(":")[0]]
    return MetricLights(
        name,
        core,
        np.array([light], dtype=np.int8),
        np.array([better]),
        np.array([code], dtype=np.int8),
        np.array([grey], dtype=object),
        np.array([rank]),
    )


def combine(*metrics):
    found = leg_light(metrics)
    return found.light[0], found.reason[0]


def test_worst_metric_decides_and_is_named():
    assert combine(metric("a.x", AMBER), metric("a.y", RED, core=False), metric("a.z", GREEN)) == (RED, "metric:a.y")
    assert combine(metric("a.x", AMBER, rank=0.1), metric("a.y", AMBER, rank=0.9)) == (AMBER, "metric:a.y")


def test_a_problem_shows_even_when_the_core_is_grey():
    assert combine(metric("a.x", GREY, grey="small_sample"), metric("a.y", AMBER, core=False))[0] == AMBER


def test_green_needs_the_core():
    assert combine(metric("a.x", GREEN), metric("a.y", GREEN, core=False)) == (GREEN, "all_good")
    small = metric("a.x", GREY, grey="small_sample")
    assert combine(small, metric("a.y", GREEN, core=False)) == (GREY, "core_missing:a.x")
    assert combine(small) == (GREY, "small_sample")


def test_a_core_metric_without_feed_is_excused_when_another_core_speaks():
    absent = metric("a.x", GREY, grey="not_connected")
    assert combine(absent, metric("a.y", GREEN)) == (GREEN, "all_good")
    assert combine(absent, metric("a.y", GREEN, core=False))[0] == GREY
    assert combine(absent) == (GREY, "not_connected")


def test_stale_data_are_named_with_their_feed_and_day():
    stale = metric("a.x", GREY, grey="stale:sales:2026-10-28")
    assert combine(stale, metric("a.y", GREY, grey="small_sample")) == (GREY, "stale:sales:2026-10-28")


def test_star_needs_a_core_metric_surely_better_and_nothing_amber():
    assert combine(metric("a.x", GREEN, better=True), metric("a.y", GREEN, core=False)) == (STAR, "star:a.x")
    assert combine(metric("a.x", GREEN, better=True), metric("a.y", AMBER, core=False))[0] == AMBER
    assert combine(metric("a.x", GREEN), metric("a.y", GREEN, core=False, better=True))[0] == GREEN
    assert combine(metric("a.x", GREEN, better=True), metric("a.y", GREY, grey="stale:x:2026-01-01"))[0] == GREY


def test_one_window_of_a_metric_is_enough_for_its_core():
    ten, thirty = metric("a.x", GREY, grey="small_sample"), metric("a.x", GREEN)
    assert combine(ten, thirty)[0] == GREEN


def test_of_two_windows_the_one_that_the_platform_looks_at_speaks():
    unread = metric("a.x", GREY, grey="other_window")
    assert combine(unread, metric("a.x", GREEN)) == (GREEN, "all_good")
    assert combine(unread, metric("a.x", GREY, grey="small_sample")) == (GREY, "small_sample")
    small = metric("a.x", GREY, grey="small_sample")
    assert combine(small, unread, metric("a.y", GREEN, core=False)) == (GREY, "core_missing:a.x")
