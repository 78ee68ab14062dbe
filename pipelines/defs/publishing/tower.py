"""The platform's page of a day: a few queries over all merchants, then text files.

The one idea: the table of merchants is columns in a script file of its own (a page opened from disk may not fetch
JSON), so the page itself stays small however many merchants there are, and the browser sorts numbers, not HTML.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from pipelines.day import Day
from pipelines.defs.publishing.naming import PageNames
from pipelines.defs.publishing.reading import read_events
from reports.formatting import LOCALES
from reports.merchant.facts import LEGS, PageContext
from reports.tower.facts import TowerFacts, TowerMerchants
from reports.tower.page import render, table_script

_TABLES = (
    "merchants", "segments", "merchant_risk", "leg_status", "metric_signals", "alerts", "alert_volume", "incidents",
    "feed_status", "forecast_quality", "merchant_day", "alert_quality",
)  # fmt: skip
_QUERIES = ("matrix", "incidents", "alerts", "feeds", "coverage", "quality", "alert_quality")
_LETTERS = {"red": "r", "amber": "a", "green": "g", "star": "s", "grey": "x"}


def render_tower(day: Day, names: PageNames, context: PageContext) -> dict[str, str]:
    """Files of the platform's page by name: a page per language, and the table of merchants once.

    The page in the workspace's own language has the plain name.
    """
    facts = read_tower(day, names)
    own = day.config.default_locale
    addresses = {
        locale: f"{names.tower}.html" if locale == own else f"{names.tower}.{locale}.html" for locale in LOCALES
    }
    table = f"{names.tower}-merchants.js"
    files = {table: table_script(facts.merchants)}
    for locale, address in addresses.items():
        files[address] = render(facts, context, locale, table, {k: v for k, v in addresses.items() if k != locale})
    return files


def read_tower(day: Day, names: PageNames) -> TowerFacts:
    """Facts of the platform's page."""
    with day.connect(*_TABLES) as connection:
        before: date | None = day.query(connection, __file__, "tower_before.sql").to_pylist()[0]["before"]
        compared = {"before": before}
        totals = day.query(connection, __file__, "tower_totals.sql", **compared).to_pylist()[0]
        found: dict[str, list[dict[str, Any]]] = {}
        for name in _QUERIES:
            more = compared if name == "matrix" else {}
            found[name] = day.query(connection, __file__, f"tower_{name}.sql", **more).to_pylist()
        merchants = day.query(connection, __file__, "tower_merchants.sql", **compared)
    columns = {name: merchants[name].to_pylist() for name in merchants.column_names}
    return TowerFacts(
        before=before,
        totals=totals,
        merchants=_merchants(columns, names),
        events=read_events(day),
        **found,
    )


def _merchants(columns: dict[str, list[Any]], names: PageNames) -> TowerMerchants:
    lights = [dict(pairs) if pairs else {} for pairs in columns["lights"]]
    return TowerMerchants(
        page=[names.name(merchant) for merchant in columns["merchant_id"]],
        merchant_id=columns["merchant_id"],
        name=[
            name or merchant for name, merchant in zip(columns["merchant_name"], columns["merchant_id"], strict=True)
        ],
        category=columns["category"],
        growth_stage=columns["growth_stage"],
        size_class=columns["size_class"],
        manager=columns["account_manager"],
        rank=columns["rank"],
        lights=["".join(_LETTERS.get(light.get(leg, "grey"), "x") for leg in LEGS) for light in lights],
        money=columns["money"],
        money_before=columns["money_before"],
        why=columns["why"],
        why_value=columns["why_value"],
        alerts_open=columns["alerts_open"],
        alerts_acked=columns["alerts_acked"],
    )
