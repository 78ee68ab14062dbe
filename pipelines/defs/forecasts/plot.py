"""A line plot as an SVG picture inside Markdown, which is what Dagster shows beside a materialization."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 260, 70, 10, 30, 28
COLOURS = ("#334155", "#94a3b8", "#2563eb", "#d97706")
Line = Sequence[float | None]


def picture(title: str, labels: Sequence[str], lines: Mapping[str, Line]) -> str:
    """Markdown image of some lines over shared labels.

    Parameters
    ----------
    title : str
    labels : sequence of str
        One per point; the first and the last are written below the plot.
    lines : mapping of name -> values
        None leaves a gap. At most four lines.
    """
    return embedded(title, svg(title, labels, lines))


def embedded(title: str, drawing: str) -> str:
    """Markdown image that holds an SVG drawing."""
    encoded = base64.b64encode(drawing.encode()).decode()
    return f"![{_alternative(title)}](data:image/svg+xml;base64,{encoded})"


def svg(title: str, labels: Sequence[str], lines: Mapping[str, Line]) -> str:
    """Draw the plot; the vertical axis begins at zero."""
    top = max((value for line in lines.values() for value in line if value is not None), default=0.0) or 1.0
    parts = [text(LEFT, 16, title, weight="bold"), *_frame(top, labels)]
    for place, ((name, line), colour) in enumerate(zip(lines.items(), COLOURS, strict=False)):
        parts += [
            f'<polyline fill="none" stroke="{colour}" stroke-width="1.6" points="{points}"/>'
            for points in _runs(line, len(labels), top)
        ]
        parts.append(text(WIDTH - 130 * (len(lines) - place), 16, name, colour=colour))
    body = "".join(parts)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}">{body}</svg>'


def _runs(line: Line, count: int, top: float) -> list[str]:
    """Points of each stretch without a gap."""
    runs: list[list[str]] = [[]]
    for place, value in enumerate(line):
        if value is None:
            runs.append([])
            continue
        x = LEFT + (WIDTH - LEFT - RIGHT) * place / max(count - 1, 1)
        y = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top
        runs[-1].append(f"{x:.1f},{y:.1f}")
    return [" ".join(run) for run in runs if run]


def _frame(top: float, labels: Sequence[str]) -> list[str]:
    base = HEIGHT - BOTTOM
    parts = [f'<line x1="{LEFT}" y1="{base}" x2="{WIDTH - RIGHT}" y2="{base}" stroke="#cbd5e1"/>']
    parts += [text(4, TOP + 8, f"{top:,.0f}"), text(4, base, "0")]
    if labels:
        parts += [text(LEFT, HEIGHT - 8, labels[0]), text(WIDTH - 90, HEIGHT - 8, labels[-1])]
    return parts


def text(x: float, y: float, said: str, colour: str = "#475569", weight: str = "normal") -> str:
    """Text of a drawing; whatever it says stays text."""
    style = f'font-family="sans-serif" font-size="12" font-weight="{weight}" fill="{colour}"'
    return f'<text x="{x}" y="{y}" {style}>{escape(said)}</text>'


def _alternative(title: str) -> str:
    return title.replace("[", "(").replace("]", ")")
