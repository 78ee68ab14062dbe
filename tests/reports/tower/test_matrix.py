"""Colour only for exceptions."""

import pytest

from reports.tower.matrix import averages, build_changes, build_matrix, exception, signed

RULES = {"red_sigma": 3, "amber_sigma": 2, "star_sigma": 3, "least_points": 0.01, "least_merchants": 20}


@pytest.mark.parametrize(
    ("red", "merchants", "average", "light"),
    [
        (5, 100, 0.05, "green"),  # at the average
        (10, 100, 0.05, "amber"),  # 2.3 standard errors above: sqrt(.05 * .95 / 100) = 0.0218
        (12, 100, 0.05, "red"),  # 3.2
        (0, 1000, 0.05, "star"),
        (10, 19, 0.05, "green"),  # too few merchants to say anything
        (70, 10_000, 0.005, "green"),  # significant but only 0.2 points
        (0, 0, 0.0, "green"),
    ],
)
def test_a_cell_is_coloured_when_far_from_its_legs_average(red, merchants, average, light):
    assert exception(red, merchants, average, RULES) == light


def test_average_leaves_grey_merchants_out(tower_facts):
    found = averages(tower_facts.matrix)
    assert found["sales"] == pytest.approx(21 / 200)
    assert found["experience"] == 0.0
    assert found["service"] == 0.0


def test_rows_are_the_largest_categories_and_grey_where_most_are(tower_facts, english):
    rows = build_matrix(tower_facts.matrix, RULES, 40, english)
    assert [row.category for row in rows] == ["Bedding", "Food"]
    sales, experience = rows[0].cells[1], rows[0].cells[5]
    assert (sales.light, sales.tinted, sales.share, sales.change) == ("red", True, "20.0", "+5.0")
    assert (experience.light, experience.share) == ("grey", "—")
    assert rows[0].cells[0] is None
    assert len(build_matrix(tower_facts.matrix, RULES, 1, english)) == 1


def test_changes_are_the_cells_that_moved(tower_facts, english):
    changes = build_changes(tower_facts.matrix, 6, english)
    assert [(change.leg, change.category, change.moved) for change in changes] == [("Sales", "Bedding", "+5 red")]


def test_signs():
    assert [signed("3", value) for value in (3, -3, 0)] == ["+3", "−3", "3"]
