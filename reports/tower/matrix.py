"""Lights by category and leg: a share per cell, and colour only where a cell is an exception.

The one idea: with seventy cells some are always the worst, so a cell is coloured only when its share of red merchants
is more standard errors from its leg's average over all categories than ``layout.yaml`` allows.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from reports import formatting
from reports.merchant.facts import LEGS
from reports.merchant.reader import Reader
from reports.tower.facts import Rows


class Cell(NamedTuple):
    """A category and leg; `light` is grey where most merchants are grey."""

    light: str
    tinted: bool
    share: str
    change: str


class MatrixRow(NamedTuple):
    """A category with its cells in the order of the route."""

    category: str
    merchants: str
    cells: Sequence[Cell | None]


class Change(NamedTuple):
    """A cell that changed since the day before."""

    light: str
    leg: str
    category: str
    moved: str


def exception(red: int, merchants: int, average: float, rules: Mapping[str, float]) -> str:
    """Colour of a cell: red or amber above its leg's average, star below it, else green.

    Parameters
    ----------
    red, merchants : int
        Red merchants of the cell, and all that are not grey.
    average : float
        Share of red over all categories of the leg.
    rules : mapping
        ``exception`` of layout.yaml.

    Examples
    --------
    >>> rules = {"red_sigma": 3, "amber_sigma": 2, "star_sigma": 3, "least_points": 0.01, "least_merchants": 20}
    >>> exception(20, 100, 0.05, rules), exception(10, 100, 0.05, rules), exception(5, 100, 0.05, rules)
    ('red', 'amber', 'green')
    """
    if merchants < rules["least_merchants"]:
        return "green"
    distance = red / merchants - average
    error = math.sqrt(max(average * (1 - average), 1e-9) / merchants)
    if abs(distance) < rules["least_points"]:
        return "green"
    sigma = distance / error
    if sigma >= rules["red_sigma"]:
        return "red"
    if sigma >= rules["amber_sigma"]:
        return "amber"
    return "star" if sigma <= -rules["star_sigma"] else "green"


def build_matrix(rows: Rows, rules: Mapping[str, float], most: int, reader: Reader) -> list[MatrixRow]:
    """Rows of the matrix, largest category first."""
    average = averages(rows)
    by_category: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in rows:
        by_category.setdefault(row["category"], {})[row["leg"]] = row
    size = {name: max(cell["merchants"] for cell in cells.values()) for name, cells in by_category.items()}
    named = sorted(by_category, key=lambda name: (-size[name], name))[:most]
    return [
        MatrixRow(
            _category(name, reader),
            reader.number(size[name]),
            [_cell(by_category[name].get(leg), average, rules, reader) for leg in LEGS],
        )
        for name in named
    ]


def averages(rows: Rows) -> dict[str, float]:
    """Share of red merchants per leg over all categories, of those that are not grey."""
    found = {}
    for leg in LEGS:
        judged = sum(row["merchants"] - row["grey"] for row in rows if row["leg"] == leg)
        found[leg] = sum(row["red"] for row in rows if row["leg"] == leg) / judged if judged else 0.0
    return found


def build_changes(rows: Rows, most: int, reader: Reader) -> list[Change]:
    """Cells whose number of red merchants changed most."""
    moved = [(row["red"] - row["red_before"], row) for row in rows if row["merchants_before"]]
    moved = sorted((pair for pair in moved if pair[0]), key=lambda pair: (-abs(pair[0]), pair[1]["category"]))[:most]
    return [
        Change(
            "red" if change > 0 else "green",
            reader.text(f"legs.{row['leg']}"),
            _category(row["category"], reader),
            reader.text("tower.changed.red", change=signed(reader.number(abs(change)), change)),
        )
        for change, row in moved
    ]


def signed(text: str, value: float) -> str:
    """A figure with its sign; zero has none."""
    return text if value == 0 else ("+" if value > 0 else "\u2212") + text


def _category(name: str, reader: Reader) -> str:
    return reader.label("category", name) or reader.text("tower.matrix.unknown")


def _cell(
    row: Mapping[str, Any] | None, average: dict[str, float], rules: Mapping[str, float], reader: Reader
) -> Cell | None:
    if row is None:
        return None
    judged = row["merchants"] - row["grey"]
    if judged * 2 < row["merchants"]:
        return Cell("grey", False, formatting.UNKNOWN, "")
    light = exception(row["red"], judged, average[row["leg"]], rules)
    share = row["red"] / judged
    change = ""
    if row["merchants_before"]:
        points = 100 * (row["red"] / row["merchants"] - row["red_before"] / row["merchants_before"])
        change = signed(reader.number(abs(points), 1), round(points, 1))
    return Cell(light, light != "green", reader.number(share * 100, 1), change)
