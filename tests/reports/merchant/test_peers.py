"""Positions among peers."""

from dataclasses import replace

from reports.merchant.peers import build_peers


def test_best_and_worst_stand_side_by_side(facts, english):
    part = build_peers(facts.rich("en"), english)
    assert part.size == "48"
    assert part.like == "家纺, growing, mid-size"
    assert [position.better_than for position in part.positions] == ["91%", "90%", "90%", "20%", "12%", "10%"]
    assert part.positions[0].peers == "18.0\u00a0h"


def test_no_peers_no_part(facts, english):
    assert build_peers(facts.empty("en"), english) is None
    alone = [metric._replace(peer_percentile=None) for metric in facts.METRICS]
    assert build_peers(replace(facts.rich("en"), metrics=alone), english) is None


def test_a_metric_with_two_windows_is_listed_once(facts, english):
    late = facts.METRICS[5]
    part = build_peers(replace(facts.rich("en"), metrics=(late, late._replace(window="30d"))), english)
    assert len(part.positions) == 1
