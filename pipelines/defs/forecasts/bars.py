"""Bars per group as an SVG picture inside Markdown, for what an analyst compares side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.defs.forecasts.plot import COLOURS, embedded, text

WIDTH, LEFT, RIGHT, TOP, BAR, GAP = 760, 130, 70, 48, 12, 12


def bars(
    title: str, groups: Sequence[str], values: Mapping[str, Sequence[float | None]], marks: Sequence[float]
) -> str:
    """Markdown image of one bar per group and name.

    Parameters
    ----------
    groups : sequence of str
        Written at the left, from top to bottom.
    values : mapping of name -> shares
        One per group; None leaves the bar out. At most four names.
    marks : sequence of float
        Shares at which an upright line stands, such as what an interval promises.
    """
    return embedded(title, svg(title, groups, values, marks))


def svg(title: str, groups: Sequence[str], values: Mapping[str, Sequence[float | None]], marks: Sequence[float]) -> str:
    """Draw the bars; the axis begins at zero."""
    known = [value for row in values.values() for value in row if value is not None]
    top = max([*known, *marks], default=0.0) or 1.0
    block = BAR * len(values) + GAP
    height = TOP + block * len(groups) + GAP
    parts = [text(8, 16, title, weight="bold")]
    for place, (name, row) in enumerate(values.items()):
        colour = COLOURS[place % len(COLOURS)]
        parts.append(text(LEFT + 150 * place, 36, name, colour=colour))
        for group, value in enumerate(row):
            parts += _bar(TOP + block * group + BAR * place, value, top, colour)
    parts += [text(8, TOP + block * place + BAR, group) for place, group in enumerate(groups)]
    parts += [
        f'<line x1="{_x(mark, top):.1f}" y1="{TOP - 6}" x2="{_x(mark, top):.1f}" y2="{height - GAP}" stroke="#dc2626"/>'
        for mark in marks
    ]
    body = "".join(parts)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}">{body}</svg>'


def _bar(y: int, value: float | None, top: float, colour: str) -> list[str]:
    if value is None:
        return []
    end = _x(value, top)
    drawn = f'<rect x="{LEFT}" y="{y}" width="{end - LEFT:.1f}" height="{BAR - 2}" fill="{colour}"/>'
    return [drawn, text(end + 4, y + BAR - 2, f"{value:.1%}", colour=colour)]


def _x(value: float, top: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * value / top
