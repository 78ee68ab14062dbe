"""One merchant's page: facts in, HTML and spreadsheets out.

The one idea: everything is decided before the template sees it, so the template only places text; autoescape is on,
and no value is ever marked safe except the catalogue's own sentences.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from reports.merchant.actions import build_actions
from reports.merchant.data import build_data
from reports.merchant.environment import template
from reports.merchant.facts import MerchantFacts, PageContext
from reports.merchant.forecast import build_forecast, forecast_csv
from reports.merchant.legs import build_legs, by_severity
from reports.merchant.peers import build_peers
from reports.merchant.reader import Reader, reader
from reports.merchant.route import build_event, headline
from reports.merchant.stock import build_stock, stock_csv

LIGHTS = ("red", "amber", "green", "star", "grey")


class Page(NamedTuple):
    """A page and the spreadsheets beside it; None where there is nothing to write."""

    html: str
    forecast_csv: str | None
    stock_csv: str | None


def view(facts: MerchantFacts, read: Reader) -> dict[str, Any]:
    """Everything the template places, by part."""
    legs = build_legs(facts, read)
    event = build_event(facts, read)
    to_do, good = build_actions(facts, read)
    return {
        "facts": facts,
        "read": read,
        "headline": headline(legs, read),
        "legs": legs,
        "cards": by_severity(legs),
        "event": event,
        "actions": to_do,
        "good": good,
        "forecast": build_forecast(facts, event, read),
        "stock": build_stock(facts, event.starts_on if event else None, read),
        "peers": build_peers(facts, read),
        "data": build_data(facts, read),
        "lights": LIGHTS,
    }


def render(
    facts: MerchantFacts,
    context: PageContext,
    name: str,
    locale: str | None = None,
    others: Mapping[str, str] | None = None,
) -> Page:
    """Write one page.

    Parameters
    ----------
    facts : MerchantFacts
        What the page says.
    context : PageContext
        What all pages of the day share.
    name : str
        File name without suffix; the spreadsheets are ``<name>-forecast.csv`` and ``<name>-stock.csv``.
    locale : str, optional
        Language; the merchant's own where not given.
    others : mapping of str to str, optional
        Addresses of the same page in other languages.
    """
    read = reader(locale or facts.locale, context)
    html = template("merchant.html.j2", read.locale).render(**view(facts, read), name=name, others=others or {})
    return Page(html, forecast_csv(facts, read), stock_csv(facts, read))
