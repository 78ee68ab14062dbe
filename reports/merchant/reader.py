"""Who reads: one language, one currency, one day, and the page's limits of length.

The one idea: every part of the page formats through the same small object, so no part needs to know where texts,
metric names or the day come from.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from markupsafe import Markup

from reports import formatting
from reports.merchant.facts import MetricFact, MetricText, PageContext
from reports.templates import fill
from reports.texts import Catalogue, catalogue
from reports.values import metric_value


@lru_cache(maxsize=1)
def layout() -> Mapping[str, Any]:
    """Lengths and limits of the page (``layout.yaml``)."""
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "layout.yaml").read_text(encoding="utf-8"))
    return loaded


@dataclass(frozen=True)
class Reader:
    """Formats for one reader; built once per language and day."""

    words: Catalogue
    context: PageContext

    @property
    def locale(self) -> str:
        """Language of the page."""
        return self.words.locale

    def text(self, key: str, /, n: int | None = None, **values: Any) -> str:
        """A text of the catalogue, filled in."""
        return self.words.text(key, n, **values)

    def html(self, key: str, /, n: int | None = None, **values: Any) -> Markup:
        """The same as HTML with escaped values."""
        return self.words.html(key, n, **values)

    def money(self, value: float | None) -> str:
        """An amount in the platform's currency."""
        return formatting.money(value, self.context.currency, self.locale)

    def number(self, value: float | None, decimals: int = 0) -> str:
        """A plain number."""
        return formatting.number(value, self.locale, decimals)

    def percent(self, value: float | None, decimals: int = 1) -> str:
        """A share."""
        return formatting.percent(value, self.locale, decimals)

    def day(self, value: datetime.date | None) -> str:
        """A day with its weekday; today is named so."""
        if value == self.context.as_of:
            return self.text("day.today")
        return formatting.day(value, self.locale)

    def date(self, value: datetime.date | None) -> str:
        """A day with its weekday, today too."""
        return formatting.day(value, self.locale)

    def day_short(self, value: datetime.date | None) -> str:
        """A day without its weekday."""
        return formatting.day_short(value, self.locale)

    def of(self, texts: Mapping[str, str]) -> str:
        """The reader's language of a text by locale; any language rather than nothing."""
        return texts.get(self.locale) or next(iter(texts.values()), formatting.UNKNOWN)

    def metric(self, metric: str) -> MetricText | None:
        """What the policy profile says of a metric; None when the profile has dropped it since."""
        return self.context.metrics.get(metric)

    def value(self, value: float | None, text: MetricText) -> str:
        """A metric's value with its unit."""
        return metric_value(value, text.unit, text.decimals, self.words, self.context.currency)

    def sentence(self, fact: MetricFact, text: MetricText, tone: str) -> str:
        """The profile's own sentence (`good` or `bad`) about a metric, with this merchant's figures."""
        template = self.of(text.good if tone == "good" else text.bad)
        figures = {name: self.value(getattr(fact, name), text) for name in _VALUES}
        counts = {name: self.number(getattr(fact, name)) for name in _COUNTS}
        return fill(template, figures | counts | {"window": self.window(fact.window)})

    def window(self, window: str) -> str:
        """A window as people say it: ``30d`` is “30 天”; named windows have their own text."""
        if window.endswith("d") and window[:-1].isdigit():
            return self.text("window.days", n=int(window[:-1]))
        key = f"window.{window}"
        return self.text(key) if self.words.has(key) else window

    def label(self, family: str, code: str | None) -> str:
        """A word of a fixed family (segments, feeds, …); what the catalogue does not know is shown as it came."""
        key = f"{family}.{code}"
        if code is None or code == "":
            return ""
        return self.text(key) if self.words.has(key) else code


_VALUES = ("observed", "expected", "limit_amber", "limit_red", "peer_p25", "peer_p50", "peer_p75")
_COUNTS = ("numerator", "denominator", "more_bad_until_red", "good_until_green", "days_to_breach")


def reader(locale: str, context: PageContext) -> Reader:
    """A reader of one language on one day."""
    return Reader(catalogue(locale), context)
