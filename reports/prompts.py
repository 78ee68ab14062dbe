"""A prompt's texts, filled in for a reader: action, reason and proof from typed values.

The one idea: a prompt is stored as values with types, not only as a sentence, so that a page or a message can say it
again in another language with that language's numbers, money and days. The result is plain text; escaping is the
business of the page that shows it.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from reports.formatting import UNKNOWN, day, money, normalise_locale, number, percent
from reports.templates import fill, names_in
from reports.texts import Catalogue, catalogue
from reports.values import metric_value

Value = Mapping[str, Any]


@lru_cache(maxsize=1)
def _wording() -> dict[str, Any]:
    text = (Path(__file__).parent / "locales" / "prompts.yaml").read_text(encoding="utf-8")
    wording: dict[str, Any] = yaml.safe_load(text)
    return wording


class Rendered(NamedTuple):
    """What a reader sees; plain text."""

    action: str
    reason: str
    proof: str


def render_prompt(
    action: str, reason: Sequence[str], proof: str, params: str | Mapping[str, Value], locale: str, currency: str
) -> Rendered:
    """Fill in a prompt's texts.

    Parameters
    ----------
    action, proof : str
        Templates with ``{placeholders}`` in the reader's language.
    reason : sequence of str
        Clauses; one that names a value which is not known is left out.
    params : str or mapping
        Typed values by placeholder, as the table `prompts` keeps them (JSON or parsed).
    locale : str
        Reader's language; free forms are normalised.
    currency : str
        ISO 4217 code of the platform.

    Returns
    -------
    Rendered
    """
    values: Mapping[str, Value] = json.loads(params) if isinstance(params, str) else params
    words = catalogue(normalise_locale(locale))
    shown = {name: format_value(value, words, currency) for name, value in values.items()}
    known = {name: text for name, text in shown.items() if text != UNKNOWN}
    clauses = [text for text in (_filled(clause, known) for clause in reason) if text is not None]
    between = " " if words.locale == "en" else ""
    return Rendered(_sentence(fill(action, shown)), between.join(clauses), _sentence(fill(proof, shown)))


def _filled(clause: str, known: Mapping[str, str]) -> str | None:
    # A clause that names a value which is not known has nothing to say.
    return fill(clause, known) if names_in(clause) <= known.keys() else None


def _sentence(text: str) -> str:
    """Begin with a capital, so that a sentence may begin with a value."""
    return text[:1].upper() + text[1:]


def format_value(value: Value, words: Catalogue, currency: str) -> str:
    """One typed value as the reader sees it; “—” where it is not known.

    Raises
    ------
    KeyError
        For a type that prompts do not have.
    """
    raw = value.get("value")
    if raw is None:
        return UNKNOWN
    kind, locale = value["type"], words.locale
    if kind == "text":
        return _shortened(str(raw))
    if kind == "words":
        return str(raw.get(locale) or next(iter(raw.values()), UNKNOWN))
    if kind == "money":
        return money(raw, currency, locale)
    if kind == "number":
        return number(raw, locale, value.get("decimals", 0))
    if kind == "percent":
        return percent(raw, locale, value.get("decimals", 0))
    if kind == "metric":
        return metric_value(raw, value.get("unit") or "score", value.get("decimals", 0), words, currency)
    if kind in ("day", "when"):
        return _date(date.fromisoformat(raw), value, words)
    raise KeyError(f"no type {kind!r} of value; there are text, words, money, number, percent, metric, day and when")


def _date(value: date, param: Value, words: Catalogue) -> str:
    if param["type"] == "day":
        return day(value, words.locale)
    if param.get("today") == value.isoformat():
        return str(_wording()["today"][words.locale])
    return str(_wording()["by"][words.locale]).format(day=day(value, words.locale))


def _shortened(text: str) -> str:
    """A name on one line and of a length that a title can hold."""
    plain = " ".join(text.split())
    longest = int(_wording()["name_characters"])
    return plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…"
