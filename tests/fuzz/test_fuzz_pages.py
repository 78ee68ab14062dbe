"""Pages and messages from facts with hostile texts and extreme figures: no exception, no unescaped text, no formula."""

from __future__ import annotations

import csv
import dataclasses
import importlib.util
import io
import json
import re
import sys
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from reports.merchant.facts import MerchantFacts
from reports.merchant.page import render as render_merchant
from reports.messages.facts import Action, MessageFacts, Subject
from reports.messages.message import render as render_message
from reports.tower.facts import TowerMerchants
from reports.tower.page import render as render_tower
from reports.tower.page import table_script

pytestmark = [pytest.mark.faults, pytest.mark.timeout(0)]

LOCALES = ("zh-CN", "zh-TW", "en")
TAG = "xq"  # the element and the attribute that hostile texts try to bring into a page
HOSTILE = (
    f"<{TAG} on{TAG}=1>", f'"><{TAG}>', f"'><{TAG}>", f"</script><{TAG}>", f"</style><{TAG}>", f"--><{TAG}>",
    f"]]><{TAG}>", f"</textarea><{TAG}>", f'" on{TAG}="1', f"' on{TAG}='1", f"` on{TAG}=`1", f"\\u003c{TAG}>",
    f"&lt;{TAG}>", f"<svg/on{TAG}=1>", f"javascript:{TAG}()", f"data:text/html,<{TAG}>",
    '=HYPERLINK("http://a.example","x")', "=cmd|'/c calc'!A1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", " =1",
    "{{7*7}}", "{% raw %}", "{0}{x}{0.__class__}", "{observed!r:>999999999}", "{window.__class__}", "{observed", "}}}",
    "${7*7}", "%s%d%n", "%(x)s", "\x1b[2J\x07", "\x00",
    "\u202eabc\u2066", "\u2028\u2029", "\ufffe", "a\u0301" * 400, "商" * 3000, "x" * 10_000, "", " ",
    "\N{GRINNING FACE}" * 50, "null", "NaN", "../../etc/passwd", "C:\\con", "'; DROP TABLE x; --",
    "http://a.example/?a=1&b=2", "@all", "a@b.example",
)  # fmt: skip
FIGURES = (
    0.0, -0.0, 1e-300, -1e-300, 1e308, -1e308, 5e-324, 1e15, -1e15, 1e22, 0.5, 1.0, 1.0000000001, -1.0, 12345.678,
    2.5e9, float("inf"), float("-inf"), float("nan"), None,
)  # fmt: skip
COUNTS = (0, 1, -1, 2**31, 2**63 - 1, 10**12, 7)
DAYS = (date(1900, 1, 1), date(2199, 12, 31), date(2024, 2, 29), date(2026, 10, 30), date(2026, 12, 31), None)
# Words that our own steps write, never a stranger; the pages may rely on them.
OURS = frozenset(
    [
        *("leg", "light", "kind", "unit", "better", "status", "phase", "grey_reason", "measure", "locale", "metric"),
        *("metrics", "core", "decimals", "lights", "rank", "page", "severity", "event", "opened_by", "scope", "feed"),
        *("connected", "actual_from", "made_on", "playbook", "assets", "currency", "as_of", "before", "day", "model"),
        *("horizon", "good_news", "today", "red_elsewhere", "resolution", "situation", "merchants", "totals"),
    ]
)


def changed(value: Any, random, share: float, name: str = "") -> Any:
    """The same structure with some of its leaves replaced by hostile or extreme ones."""
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(
            *(changed(part, random, share, field) for field, part in zip(value._fields, value, strict=True))
        )
    if dataclasses.is_dataclass(value):
        fields = {field.name: changed(getattr(value, field.name), random, share, field.name)
                  for field in dataclasses.fields(value)}  # fmt: skip
        return dataclasses.replace(value, **fields)
    if isinstance(value, dict):
        return {key: changed(part, random, share, key if isinstance(key, str) else name) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(changed(part, random, share, name) for part in value)
    if name in OURS or random.random() > share:
        return value
    return leaf(value, random, name)


def leaf(value: Any, random, name: str) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return random.choice(COUNTS)
    if isinstance(value, float):
        return random.choice(FIGURES[:-1])
    if isinstance(value, date):
        return random.choice(DAYS[:-1])
    if isinstance(value, str):
        return random.choice(HOSTILE) + random.choice(("", "", value, random.choice(HOSTILE)))
    return value


class Elements(HTMLParser):
    """Every element and attribute of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def check_html(html: str) -> None:
    seen = Elements()
    seen.feed(html)
    seen.close()
    assert TAG not in seen.tags
    assert not [name for name, _ in seen.attributes if name.startswith("on") or TAG in name]
    for name, value in seen.attributes:
        if name in ("href", "src", "action", "formaction"):
            # `data:,` is the page's own empty icon.
            assert value == "data:," or not re.match(r"\s*(javascript|data|vbscript):", value, re.IGNORECASE), value
    html.encode("utf-8")


def check_csv(text: str | None) -> None:
    for row in csv.reader(io.StringIO((text or "").removeprefix("\ufeff"), newline="")):
        for cell in row:
            if cell.lstrip()[:1] in ("=", "+", "-", "@") or cell[:1] in ("\t", "\r", "\n"):
                float(cell)  # a number is no formula
    (text or "").encode("utf-8")


def load(name: str) -> ModuleType:
    path = Path(__file__).parents[1] / "reports" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"fuzz_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_pages_of_merchants_stay_harmless(budget):
    facts = load("facts")
    for random in budget:
        locale = random.choice(LOCALES)
        made = random.choice((facts.rich, facts.rich, facts.hostile, facts.empty))(locale)
        share = random.choice((0.02, 0.1, 0.5, 1.0))
        enemy: MerchantFacts = changed(made, random, share)
        context = changed(facts.CONTEXT, random, random.choice((0.0, 0.02)))
        page = render_merchant(enemy, context, "0" * 32, locale)
        check_html(page.html)
        check_csv(page.forecast_csv)
        check_csv(page.stock_csv)


def test_tower_stays_harmless(budget):
    facts, module = load("facts"), load("tower_facts")
    for random in budget:
        locale = random.choice(LOCALES)
        made = module.tower(facts)
        enemy = changed(made, random, random.choice((0.02, 0.1, 0.5)))
        enemy = dataclasses.replace(enemy, merchants=merchants(module.merchants(random.choice((0, 1, 30))), random))
        check_html(render_tower(enemy, facts.CONTEXT, locale, "table-0.js", {}))
        script = table_script(enemy.merchants)
        assert "<" not in script
        json.loads(json.loads(script.removeprefix('"use strict";window.towerTable=').removesuffix(";\n")))
        script.encode("utf-8")


def merchants(made: TowerMerchants, random) -> TowerMerchants:
    """Merchants whose names are hostile; their figures are known and finite, as the reader of the page makes them."""
    figures = [value for value in FIGURES if value is not None and abs(value) < 1e300]
    fields: dict[str, Any] = {}
    for name in ("merchant_id", "name", "category", "growth_stage", "size_class", "manager"):
        fields[name] = [random.choice(HOSTILE) if random.random() < 0.5 else value for value in getattr(made, name)]
    for name in ("money", "why_value"):
        fields[name] = [random.choice(figures) if random.random() < 0.3 else value for value in getattr(made, name)]
    return dataclasses.replace(made, **fields)


def subject(random) -> Subject:
    figures = {name: random.choice(FIGURES) for name in ("observed", "expected", "limit", "level", "money_at_risk")}
    texts = {name: random.choice(HOSTILE) for name in ("reference", "merchant_id", "merchant_name")}
    return Subject(
        **figures,
        **texts,
        leg=random.choice(("fulfilment", "sales", "data")),
        metric=random.choice(("fulfilment.late_dispatch", "x.y")),
        metric_names=random.choice(({}, dict.fromkeys(("en", "zh-CN"), random.choice(HOSTILE)))),
        unit=random.choice(("percent", "count", "hours", "days", "score", "units", "money", "times")),
        decimals=random.randrange(4),
        opened_by=random.choice(("limit", "projection", "anomaly", None)),
        severity="critical",
        since=random.choice(DAYS),
        opened_on=random.choice(DAYS),
        first_actions=random.choice(({}, {"en": random.choice(HOSTILE)})),
        page=random.choice((None, "https://a.example/p.html")),
    )


def action(random) -> Action:
    text, reason = random.choice(HOSTILE), random.choice(HOSTILE)
    return Action(text=text, reason=reason, due_on=random.choice(DAYS), worth=random.choice(FIGURES))


def message_facts(random) -> MessageFacts:
    kind = random.choice(("alert", "digest", "merchant"))
    return MessageFacts(
        kind=kind,
        event=random.choice(("trigger", "ack", "resolve")) if kind == "alert" else "digest",
        as_of=date(2026, 10, 30) - timedelta(days=random.randrange(900)),
        platform=random.choice(HOSTILE),
        currency="CNY",
        severity="critical",
        subjects=tuple(subject(random) for _ in range(random.choice((1, 1, 3, 40)))),
        more=random.choice((0, 3, 10**9)),
        actions=tuple(action(random) for _ in range(random.randrange(4))),
        acked_by=random.choice((None, random.choice(HOSTILE))),
        snoozed_until=random.choice((None, date(2026, 11, 2))),
    )


def test_messages_stay_harmless(budget):
    for random in budget:
        message = render_message(message_facts(random), random.choice(LOCALES), random.choice(HOSTILE))
        check_html(message.html)
        assert "\n" not in message.title + message.chat_title
        for part in (message.title, message.text, message.chat, message.chat_title):
            part.encode("utf-8")
            assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", part), part
        assert "@all" not in message.chat
