"""The platform's page: facts in, HTML out. Everything is decided before the template sees it."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from reports.formatting import compact_rules
from reports.merchant.environment import template
from reports.merchant.facts import LEGS, MerchantFacts, PageContext
from reports.merchant.page import LIGHTS
from reports.merchant.reader import Reader, reader
from reports.merchant.route import Event, build_event
from reports.tower.alert_quality import build_alert_quality
from reports.tower.alerts import build_alerts
from reports.tower.facts import TowerFacts
from reports.tower.feeds import build_feeds
from reports.tower.figures import build_figures
from reports.tower.incidents import build_incidents
from reports.tower.matrix import build_changes, build_matrix
from reports.tower.quality import build_quality
from reports.tower.table import first_rows, table_script

__all__ = ["render", "table_script"]


@lru_cache(maxsize=1)
def layout() -> Mapping[str, Any]:
    """Lengths and limits of the page (``layout.yaml``)."""
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "layout.yaml").read_text(encoding="utf-8"))
    return loaded


def render(facts: TowerFacts, context: PageContext, locale: str, table: str, others: Mapping[str, str]) -> str:
    """Write the platform's page in one language.

    Parameters
    ----------
    facts : TowerFacts
        What the page says.
    context : PageContext
        What all pages of the day share.
    locale : str
        Language.
    table : str
        File name of the script with all merchants, beside the page.
    others : mapping of str to str
        Addresses of the page in other languages.
    """
    read = reader(locale, context)
    return template("tower.html.j2", read.locale).render(**view(facts, read), table=table, others=others)


def view(facts: TowerFacts, read: Reader) -> dict[str, Any]:
    """Everything the template places, by part."""
    plan = layout()
    incidents = build_incidents(facts.incidents, read)
    return {
        "read": read,
        "legs": LEGS,
        "lights": LIGHTS,
        "headline": _headline(facts, incidents, read),
        "event": _event(facts, read),
        "figures": build_figures(facts, plan, read),
        "incidents": incidents,
        "matrix": build_matrix(facts.matrix, plan["exception"], plan["categories"], read),
        "compared": facts.before is not None,
        "changes": build_changes(facts.matrix, plan["changed"], read),
        "rows": first_rows(facts.merchants, plan["first_rows"], read),
        "merchants": len(facts.merchants.page),
        "alerts": build_alerts(facts.alerts, plan["history_days"], read),
        "feeds": build_feeds(facts, plan, read),
        "quality": build_quality(facts.quality, plan, read),
        "alert_quality": build_alert_quality(facts.alert_quality, read),
        "settings": _settings(read, plan),
    }


def _headline(facts: TowerFacts, incidents: list[Any], read: Reader) -> str:
    nobody = sum(not incident.owner for incident in incidents)
    if nobody:
        return read.text("tower.headline_open", n=nobody)
    red = facts.totals["red"] or 0
    return read.text("tower.headline_red", n=red) if red else read.text("tower.headline_none")


def _event(facts: TowerFacts, read: Reader) -> Event | None:
    """The platform's own next peak: one that is for everybody."""
    return build_event(MerchantFacts("", "", read.locale, events=facts.events), read)


def _settings(read: Reader, plan: Mapping[str, Any]) -> dict[str, Any]:
    """What the table's script needs to write figures as the page does."""
    metrics = {
        text.metric: [read.of(text.short), text.unit, text.decimals, _unit(text.unit, read)]
        for text in read.context.metrics.values()
    }
    families = {
        family: {code: read.text(f"{family}.{code}") for code in codes} for family, codes in _codes(read).items()
    }
    words = ("page", "nothing", "previous", "next")
    return {
        "rows": plan["page_rows"],
        "locale": read.locale,
        "money": compact_rules(read.context.currency, read.locale),
        "metrics": metrics,
        "families": families,
        "lights": {light: read.text(f"light.{light}") for light in LIGHTS},
        "legs": [read.text(f"legs.{leg}") for leg in LEGS],
        "comma": read.text("list.comma"),
        "words": {word: read.words.raw(f"tower.merchants.{word}") for word in words},
        "state": {
            "none": read.text("tower.state.none"),
            "acked": read.text("tower.state.acked"),
            "open": read.words.raw("tower.state.open"),
        },
    }


def _unit(unit: str, read: Reader) -> str:
    return read.words.raw(f"unit.{unit}") if read.words.has(f"unit.{unit}") else "{value}"


def _codes(read: Reader) -> dict[str, list[str]]:
    families: dict[str, list[str]] = {"category": [], "stage": [], "size": []}
    for key in read.words.keys:
        family, _, code = key.partition(".")
        if family in families:
            families[family].append(code)
    return {family: sorted(codes) for family, codes in families.items()}
