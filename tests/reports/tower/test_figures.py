"""Six figures on top."""

from dataclasses import replace

from reports.tower.figures import build_figures
from reports.tower.page import layout


def test_figures(tower_facts, english):
    figures = build_figures(tower_facts, layout(), english)
    assert [(figure.value, figure.note) for figure in figures] == [
        ("21", "of 200 open shops"),
        ("+5", "merchants with red"),
        ("¥412.0k", "+¥9,000"),
        ("10", "30 open in all"),
        ("49.5%", "1 of 2 feeds late"),
        ("78.3%", "WAPE 17.3%"),
    ]


def test_the_first_day_compares_with_nothing(tower_facts, english):
    figures = build_figures(replace(tower_facts, before=None, alerts=[], quality=[], feeds=[]), layout(), english)
    assert [figure.value for figure in figures] == ["21", "—", "¥412.0k", "0", "—", "—"]
    assert figures[1].note == "the day before was not run"
