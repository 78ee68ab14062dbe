"""Prompts in the reader's language, with that language's numbers, money and days."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reports.prompts import format_value, render_prompt
from reports.texts import catalogue

PARAMS: dict[str, Any] = {
    "product": {"type": "text", "value": "Washed-cotton set 1.8 m"},
    "quantity": {"type": "number", "value": 1480, "decimals": 0},
    "due": {"type": "when", "value": "2026-11-03", "today": "2026-10-30"},
    "chance": {"type": "percent", "value": 0.831, "decimals": 0},
    "peer": {"type": "metric", "value": None, "decimals": 1, "unit": "percent"},
}


def said(locale: str, **changes: Any) -> tuple[str, str, str]:
    texts = {
        "en": ("Order {quantity} more {product} {due}", ["{chance} chance.", "Peers {peer}."], "chance below 10%"),
        "zh-CN": ("{due}给{product}补 {quantity} 件", ["断货的可能 {chance}。", "同行 {peer}。"], "低于 10%"),
    }[locale]
    return tuple(render_prompt(*texts, {**PARAMS, **changes}, locale, "CNY"))


def test_english() -> None:
    assert said("en") == (
        "Order 1,480 more Washed-cotton set 1.8 m by Tue 3 Nov", "83% chance.", "Chance below 10%",
    )  # fmt: skip


def test_chinese_clauses_join_without_a_space() -> None:
    peer = {"type": "metric", "value": 0.05, "decimals": 1, "unit": "percent"}
    assert said("zh-CN", peer=peer) == (
        "11月3日 周二前给Washed-cotton set 1.8 m补 1,480 件", "断货的可能 83%。同行 5.0%。", "低于 10%",
    )  # fmt: skip


@pytest.mark.parametrize(("locale", "today"), [("en", "today"), ("zh-CN", "今天"), ("zh-TW", "今天")])
def test_today_is_called_today(locale: str, today: str) -> None:
    due = {"type": "when", "value": "2026-10-30", "today": "2026-10-30"}
    assert format_value(due, catalogue(locale), "CNY") == today


def test_a_clause_about_something_unknown_falls_away() -> None:
    assert said("en", chance={"type": "percent", "value": None})[1] == ""


def test_params_may_come_as_stored() -> None:
    stored = json.dumps(PARAMS, ensure_ascii=False)
    assert render_prompt("{quantity}", ["{chance}"], "{product}", stored, "en-GB", "CNY").action == "1,480"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"type": "money", "value": 90000}, "¥90.0k"),
        ({"type": "metric", "value": 0.131, "unit": "percent", "decimals": 1}, "13.1%"),
        ({"type": "words", "value": {"en": "Double 11", "zh-CN": "双11"}}, "Double 11"),
        ({"type": "words", "value": {"zh-CN": "双11"}}, "双11"),
        ({"type": "day", "value": "2026-11-11"}, "Wed 11 Nov"),
        ({"type": "text", "value": "line\nbreak\t <script>"}, "line break <script>"),
        ({"type": "text", "value": "x" * 99}, "x" * 31 + "…"),
        ({"type": "number", "value": None}, "—"),
    ],
)
def test_values(value: dict[str, Any], expected: str) -> None:
    shown = format_value(value, catalogue("en"), "CNY")
    assert shown.replace("\u00a0", " ") == expected


def test_names_with_braces_stay_text() -> None:
    hostile = {"type": "text", "value": "{quantity.__class__} {0}"}
    assert said("en", product=hostile)[0] == "Order 1,480 more {quantity.__class__} {0} by Tue 3 Nov"


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(KeyError, match="no type 'colour'"):
        format_value({"type": "colour", "value": 1}, catalogue("en"), "CNY")
