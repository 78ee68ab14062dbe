"""The page at the door: says which day is published and names no merchant."""

from collections.abc import Mapping
from datetime import date

from reports.formatting import LOCALES, day_long
from reports.merchant.environment import template
from reports.texts import catalogue


def render_index(platform_name: str, day: date, assets: Mapping[str, str]) -> str:
    """Write ``index.html`` in all three languages; it holds no link to any page."""
    lines = [(locale, catalogue(locale).text("index.day", day=day_long(day, locale))) for locale in LOCALES]
    title = catalogue("en").text("index.title", platform=platform_name)
    return template("index.html.j2", "en").render(platform=platform_name, title=title, lines=lines, assets=assets)
