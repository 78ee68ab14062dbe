import json

import numpy as np

from models.metrics.lights import AMBER, GREEN, RED, STAR
from models.peers.matches import PeerMetric, match_leg

NAN = np.nan
LIGHT = np.array([RED, STAR, STAR, GREEN, AMBER], dtype=np.int8)
GROUP = np.array(["g", "g", "g", "g", "other"], dtype=object)
SIZE = np.array([30.0, 30, 30, 30, 30])


def metric(name, percentile, higher=False):
    return PeerMetric(name, higher, np.array(percentile), np.arange(5.0), np.full(5, 0.1), np.full(5, 0.9))


def test_mentor_is_the_best_consenting_star_of_the_group():
    late = metric("a.late", [0.1, 0.7, 0.9, 0.5, 0.1])
    found = match_leg([late], LIGHT, np.array([False, True, True, True, False]), (GROUP, SIZE))
    assert found.mentor.tolist() == [2, -1, -1, -1, -1]
    nobody = match_leg([late], LIGHT, np.array([False, False, False, True, True]), (GROUP, SIZE))
    assert (nobody.mentor == -1).all()


def test_difference_names_the_weakest_metric_for_merchants_in_trouble_only():
    found = match_leg(
        [metric("a.late", [0.1, 0.7, 0.9, 0.5, NAN]), metric("a.reply", [0.05, NAN, 0.9, 0.5, NAN], higher=True)],
        LIGHT, np.zeros(5, dtype=bool), (GROUP, SIZE),
    )  # fmt: skip
    assert json.loads(found.difference[0]) == {"metric": "a.reply", "own": 0.0, "best_quarter": 0.9}
    assert found.difference[1:].tolist() == [None] * 4
    assert found.position[0] == 0.08
    assert found.position[1] == 0.7
    assert np.isnan(found.position[4])


def test_a_leg_without_metrics_has_no_position():
    found = match_leg([], LIGHT, np.ones(5, dtype=bool), (np.full(5, None, dtype=object), np.full(5, NAN)))
    assert np.isnan(found.position).all()
    assert (found.mentor == -1).all()
    assert found.size.tolist() == [0] * 5
