"""Forecast quality beside the seasonal naive."""

from reports.tower.page import layout
from reports.tower.quality import best_model, build_quality


def test_line_per_measure_and_horizon(tower_facts, english):
    (line,) = build_quality(tower_facts.quality, layout(), english)
    assert (line.measure, line.horizon, line.model) == ("Orders", "1 d", "pooled")
    assert (line.wape, line.naive, line.bias, line.held_80, line.verdict) == ("17.3%", "24.9%", "−1.0%", "78.3%", "")


def test_worse_than_the_naive_is_said(tower_facts, english):
    rows = [{**tower_facts.quality[0], "wape": 0.3}, tower_facts.quality[1]]
    (line,) = build_quality(rows, layout(), english)
    assert line.verdict == "worse than naive"


def test_only_the_naive_is_no_model_of_ours(tower_facts, english):
    rows = [tower_facts.quality[1]]
    assert build_quality(rows, layout(), english) == []
    assert best_model(rows, layout()) is None
    assert best_model([], layout()) is None


def test_of_models_with_the_same_error_the_name_decides_in_whatever_order_they_come(tower_facts, english):
    ours = tower_facts.quality[0]
    rows = [{**ours, "model": "b", "wape": 0.1}, {**ours, "model": "a", "wape": 0.1 + 1e-15}, tower_facts.quality[1]]
    for these in (rows, rows[::-1]):
        assert best_model(these, layout())["model"] == "a"
        assert [line.model for line in build_quality(these, layout(), english)] == ["a"]
