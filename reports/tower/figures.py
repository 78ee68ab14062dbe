"""The figures at the top of the platform's page: how the platform is, in six numbers."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from reports import formatting
from reports.merchant.reader import Reader
from reports.tower.facts import TowerFacts
from reports.tower.matrix import signed
from reports.tower.quality import best_model


class Figure(NamedTuple):
    """A figure at the top of the page."""

    name: str
    value: str
    note: str


def build_figures(facts: TowerFacts, layout: Mapping[str, Any], reader: Reader) -> list[Figure]:
    """The six figures that say how the platform is."""
    totals, t = facts.totals, reader.text
    red, before = totals["red"] or 0, totals["red_before"] or 0
    known = facts.before is not None
    change = signed(reader.number(abs(red - before)), red - before)
    money = (totals["money"] or 0) - (totals["money_before"] or 0)
    today = [row for row in facts.alerts if row["leg"] == "all" and row["day"] == reader.context.as_of]
    opened, live = sum(row["opened"] for row in today), sum(row["live"] for row in today)
    connected = [feed for feed in facts.feeds if feed["connected"]]
    judged = sum(feed["fresh"] + feed["behind"] for feed in connected)
    fresh = sum(feed["fresh"] for feed in connected) / judged if judged else None
    late = sum(feed["behind"] * 2 > feed["fresh"] + feed["behind"] for feed in connected)
    best = best_model(facts.quality, layout)
    return [
        Figure(t("tower.kpi.red"), reader.number(red), t("tower.kpi.red_of", total=reader.number(totals["merchants"]))),
        Figure(
            t("tower.kpi.change"),
            change if known else formatting.UNKNOWN,
            t("tower.kpi.change_red" if known else "tower.kpi.change_unknown"),
        ),
        Figure(
            t("tower.kpi.money"),
            reader.money(totals["money"]),
            ("+" if money > 0 else "") + reader.money(money) if known else "",
        ),
        Figure(t("tower.kpi.alerts"), reader.number(opened), t("tower.kpi.alerts_open", open=reader.number(live))),
        Figure(t("tower.kpi.feeds"), reader.percent(fresh), t("tower.kpi.feeds_late", total=len(connected), late=late)),
        Figure(
            t("tower.kpi.forecast"),
            reader.percent(best["coverage_80"] if best else None),
            t("tower.kpi.forecast_wape", wape=reader.percent(best["wape"])) if best else "",
        ),
    ]
