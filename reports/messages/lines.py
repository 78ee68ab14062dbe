"""One trouble in words: who, which leg, what happened against what was expected, since when, what to do first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reports.formatting import UNKNOWN, day, money, percent
from reports.messages.facts import MessageFacts, Subject
from reports.texts import Catalogue, catalogue
from reports.values import metric_value

FOLDER = Path(__file__).parent / "locales"
FEED = "feed"
Clean = Callable[..., str]


@dataclass(frozen=True)
class Line:
    """A subject in words; whatever came from data has been made harmless for the form that shows it."""

    reference: str
    severity: str
    who: str
    leg: str
    what: str
    figures: tuple[tuple[str, str], ...]
    first: str
    page: str | None
    command: str


def messages_catalogue(locale: str) -> Catalogue:
    """Texts of messages in a language."""
    return catalogue(locale, FOLDER)


def line_of(subject: Subject, facts: MessageFacts, locale: str, clean: Clean) -> Line:
    """Say one subject in a language, with texts of data cleaned by `clean`."""
    words = messages_catalogue(locale)
    return Line(
        reference=clean(subject.reference),
        severity=severity_word(subject.severity, words),
        who=_who(subject, words, clean),
        leg=_word(words, f"leg.{subject.leg}", clean(subject.leg)),
        what=_what(subject, facts, words, clean),
        figures=_figures(subject, facts, words),
        first=_first(subject, facts, words, locale, clean),
        page=subject.page,
        command=f"merchant-gps alerts ack {clean(subject.reference)}",
    )


def severity_word(severity: str, words: Catalogue) -> str:
    """A severity of policy; one that the catalogue does not know is said as policy calls it."""
    return _word(words, f"severity.{severity}", severity)


def _word(words: Catalogue, key: str, otherwise: str) -> str:
    return words.text(key) if words.has(key) else otherwise


def _who(subject: Subject, words: Catalogue, clean: Clean) -> str:
    if subject.merchant_id is not None:
        name, identifier = clean(subject.merchant_name or subject.merchant_id), clean(subject.merchant_id, 40)
        return name if name == identifier else words.text("who.merchant", name=name, id=identifier)
    return words.text(f"who.{subject.scope}", group=clean(subject.group)) if subject.scope else clean(subject.group)


def _figures(subject: Subject, facts: MessageFacts, words: Catalogue) -> tuple[tuple[str, str], ...]:
    """What came against what was expected and the limit, since when, and the money; what is not known is left out."""
    counts = subject.scope != FEED  # what a feed delivered is counted in the feed's own unit, not in that of its age
    rows = {
        "observed": _value(subject, subject.observed if counts else None, facts.currency, words.locale),
        "expected": _value(subject, subject.expected if counts else None, facts.currency, words.locale),
        "limit": _value(subject, subject.limit, facts.currency, words.locale),
        "since": day(subject.since or subject.opened_on, words.locale),
        "money": money(subject.money_at_risk, facts.currency, words.locale),
    }
    return tuple((words.text(f"label.{name}"), value) for name, value in rows.items() if value != UNKNOWN)


def _what(subject: Subject, facts: MessageFacts, words: Catalogue, clean: Clean) -> str:
    observed = _value(subject, subject.observed, facts.currency, words.locale)
    metric = clean(subject.metric_names.get(words.locale) or subject.metric)
    chance = percent(subject.level, words.locale, 0)
    if subject.scope == "late_day" and facts.event != "resolve":
        newest = day(subject.newest_day, words.locale) if subject.newest_day else UNKNOWN
        return words.text("what.late_day", day=newest)
    if subject.scope in ("run", "late_day"):
        return words.text("what.run_resolved") if facts.event == "resolve" else clean(subject.metric, 160)
    if subject.scope is not None:
        known = subject.members is not None
        key = "what.incident" if known else "what.incident_unknown"
        if subject.scope == FEED:
            key = "what.feed" if known else "what.feed_unknown"
        return words.text(key, n=subject.members if known else None, metric=metric)
    if facts.event == "resolve":
        key = "what.resolved"
    elif subject.opened_by == "projection":
        key = "what.stock_out" if subject.leg == "stock_prep" else "what.projection"
    else:
        key = "what.anomaly" if subject.opened_by == "anomaly" else "what.limit"
    return words.text(key, metric=metric, observed=observed, chance=chance)


def _value(subject: Subject, value: float | None, currency: str, locale: str) -> str:
    if value is None:
        return UNKNOWN
    return metric_value(value, subject.unit, subject.decimals, catalogue(locale), currency)


def _first(subject: Subject, facts: MessageFacts, words: Catalogue, locale: str, clean: Clean) -> str:
    """The first action that the merchant was told on this leg, else the leg's usual first step."""
    if facts.event == "resolve":
        return ""
    if locale in subject.first_actions:
        return clean(subject.first_actions[locale], 300)
    key = "first.incident" if subject.scope is not None else f"first.{subject.leg}"
    key = f"first.{subject.scope}" if subject.scope in ("run", "late_day") else key
    return _word(words, key, "")
