import numpy as np

from models.metrics.lights import AMBER, GREEN, GREY, RED
from models.metrics.limits import level_light, own_light, peer_light, platform_light
from models.metrics.profile import Colouring

COLOURING = Colouring()
NAN = np.nan


def array(*values):
    return np.array(values, dtype=float)


def known(count):
    return np.ones(count, dtype=bool)


def flags(*values):
    return np.array(values, dtype=bool)


def test_the_platforms_arithmetic_decides():
    lights = platform_light(
        flags(1, 0, 0, 0, 0, 1), flags(0, 0, 0, 1, 0, 0), flags(0, 0, 0, 0, 1, 0),
        array(NAN, 0.49, 0.5, NAN, NAN, 1), flags(1, 1, 1, 1, 1, 0), COLOURING,
    )  # fmt: skip
    assert lights.tolist() == [RED, GREEN, AMBER, AMBER, AMBER, GREY]


def test_own_limit_needs_certainty_and_events():
    over_red = array(0.975, 0.974, 0.99, 0.5)
    over_amber = array(0.99, 0.99, 0.99, 0.79)
    lights = own_light(over_amber, over_red, array(3, 9, 2, 9), 3, known(4), COLOURING)
    assert lights.tolist() == [RED, AMBER, AMBER, GREEN]


def test_no_amber_without_a_single_bad_event():
    assert own_light(array(0.9), array(0.1), array(0), 3, known(1), COLOURING)[0] == GREEN


def test_an_own_limit_without_amber_is_amber_when_red_is_sure_but_too_few_events():
    assert own_light(array(NAN), array(0.99), array(2), 3, known(1), COLOURING)[0] == AMBER
    assert own_light(array(NAN), array(0.9), array(9), 3, known(1), COLOURING)[0] == GREEN


def test_peers_make_amber_only_and_only_with_an_effect():
    lights = peer_light(array(0.999, 0.999, 0.94, NAN), array(0.03, 0.01, 0.5, NAN), 0.02, known(4), COLOURING)
    assert lights.tolist() == [AMBER, GREEN, GREEN, GREEN]


def test_level_compares_each_colour_with_its_own_column():
    lights = level_light(array(3, 3, 0, NAN), array(1, 0, 0, NAN), 0, 0, False, np.array([True, True, True, False]))
    assert lights.tolist() == [RED, AMBER, GREEN, GREY]
    assert level_light(array(0.8), array(0.8), 0.95, 0.9, True, known(1))[0] == RED
