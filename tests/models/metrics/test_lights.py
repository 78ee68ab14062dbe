import numpy as np

from models.metrics.lights import AMBER, GREEN, GREY, LIGHT_NAMES, LIGHT_OF, RED, STAR, light, worst


def test_order_of_lights_is_from_harmless_to_harmful():
    assert [LIGHT_NAMES[code] for code in (GREY, STAR, GREEN, AMBER, RED)] == ["grey", "star", "green", "amber", "red"]
    assert LIGHT_OF["red"] > LIGHT_OF["amber"] > LIGHT_OF["green"] > LIGHT_OF["star"] > LIGHT_OF["grey"]


def test_red_before_amber_and_grey_where_not_known():
    yes, no = np.array([True]), np.array([False])
    assert light(yes, yes, yes)[0] == RED
    assert light(no, yes, yes)[0] == AMBER
    assert light(no, no, yes)[0] == GREEN
    assert light(yes, yes, no)[0] == GREY


def test_grey_never_hides_another_light():
    assert worst([np.array([GREY, GREY]), np.array([GREEN, GREY])]).tolist() == [GREEN, GREY]
