"""Merchants by money at risk: the first rows as HTML, all of them as columns for the script."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from reports import formatting
from reports.merchant.reader import Reader
from reports.tower.facts import TowerMerchants

LETTERS = {"r": "red", "a": "amber", "g": "green", "s": "star", "x": "grey"}


class Row(NamedTuple):
    """A merchant in the page itself."""

    rank: str
    page: str
    name: str
    category: str
    segment: str
    lights: Sequence[str]
    money: str
    change: str
    why: str
    manager: str
    state: str


def first_rows(merchants: TowerMerchants, most: int, reader: Reader) -> list[Row]:
    """The dearest merchants, written out."""
    return [_row(merchants, i, reader) for i in range(min(most, len(merchants.page)))]


def _row(merchants: TowerMerchants, i: int, reader: Reader) -> Row:
    before = merchants.money_before[i]
    change = None if before is None else merchants.money[i] - before
    segment = (reader.label("stage", merchants.growth_stage[i]), reader.label("size", merchants.size_class[i]))
    return Row(
        rank=reader.number(merchants.rank[i]),
        page=f"{merchants.page[i]}.html",
        name=merchants.name[i],
        category=reader.label("category", merchants.category[i]),
        segment=reader.text("list.comma").join(word for word in segment if word),
        lights=[LETTERS[letter] for letter in merchants.lights[i]],
        money=reader.money(merchants.money[i]),
        change=formatting.UNKNOWN if change is None else ("+" if round(change) > 0 else "") + reader.money(change),
        why=_why(merchants, i, reader),
        manager=merchants.manager[i] or formatting.UNKNOWN,
        state=_state(merchants.alerts_open[i], merchants.alerts_acked[i], reader),
    )


def _why(merchants: TowerMerchants, i: int, reader: Reader) -> str:
    text = reader.metric(merchants.why[i] or "")
    if text is None:
        return formatting.UNKNOWN
    return f"{reader.of(text.short)} {reader.value(merchants.why_value[i], text)}"


def _state(opened: int, acked: int, reader: Reader) -> str:
    if opened:
        return reader.text("tower.state.open", n=opened)
    return reader.text("tower.state.acked" if acked else "tower.state.none")


def columns(merchants: TowerMerchants) -> dict[str, Any]:
    """All merchants as compact columns; repeated texts are numbers into a list."""
    return {
        "page": list(merchants.page),
        "id": list(merchants.merchant_id),
        "name": list(merchants.name),
        "rank": list(merchants.rank),
        "lights": list(merchants.lights),
        "money": [round(value) for value in merchants.money],
        "before": [None if value is None else round(value) for value in merchants.money_before],
        "why_value": [None if value is None else float(f"{value:.4g}") for value in merchants.why_value],
        "open": list(merchants.alerts_open),
        "acked": list(merchants.alerts_acked),
        **{
            name: _coded(getattr(merchants, name))
            for name in ("category", "growth_stage", "size_class", "manager", "why")
        },
    }


def _coded(values: Sequence[str | None]) -> dict[str, Any]:
    known = sorted({value for value in values if value})
    place = {value: i for i, value in enumerate(known)}
    return {"words": known, "of": [place.get(value, -1) if value else -1 for value in values]}


def table_script(merchants: TowerMerchants) -> str:
    """The table as a script that only sets data.

    A name is hostile: ``<`` is escaped, so no text can end the script or open a tag, and JSON is parsed, not run.
    """
    packed = json.dumps(columns(merchants), ensure_ascii=False, separators=(",", ":"))
    quoted = json.dumps(packed, ensure_ascii=True).replace("<", "\\u003c")
    return f'"use strict";window.towerTable={quoted};\n'
