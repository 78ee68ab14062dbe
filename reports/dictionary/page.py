"""The data dictionary as one HTML page that needs no network and runs no script.

The idea: whoever delivers feeds gets the page beside empty templates and filled examples, and may open it from a
folder; so it loads only the style sheet that lies next to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

STYLE = "data-dictionary.css"


@dataclass(frozen=True)
class ColumnText:
    """A column: its name, type, whether it must be given, its meaning, and what it may hold."""

    name: str
    type: str
    required: bool
    meaning: str
    allowed: str = ""


@dataclass(frozen=True)
class Section:
    """A feed or a table.

    Parameters
    ----------
    facts : sequence of (label, text)
        What holds for the whole of it: key, legs, delivery.
    """

    name: str
    description: str
    facts: Sequence[tuple[str, str]]
    columns: Sequence[ColumnText]


@lru_cache(maxsize=1)
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.get_template("dictionary.html.j2")


def render_dictionary(feeds: Sequence[Section], tables: Sequence[Section]) -> str:
    """Return the page."""
    parts = (("Feeds", "feed", feeds), ("Tables", "table", tables))
    return _template().render(parts=parts, style=STYLE)


def style_sheet() -> str:
    """Return what `data-dictionary.css` holds."""
    return Path(__file__).with_name("dictionary.css").read_text(encoding="utf-8")
