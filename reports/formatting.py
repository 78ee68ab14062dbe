"""Numbers, money and days as a reader of each language writes them.

The one idea: every figure that a person reads goes through these five functions, so that a page, a
message and a prompt never disagree about ``¥9.0 万``, a true minus or ``11月11日 周三``. What differs by
language is data (``locales/numbers.yaml``); digits, grouping and weekdays come from Babel.
"""

import math
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale, dates, numbers

LOCALES = ("zh-CN", "zh-TW", "en")
UNKNOWN = "—"  # what stands where a figure is not known; never 0
_MINUS = "\u2212"
_BEYOND_READING = 1e15
_NO_BREAK_SPACE = "\u00a0"
_TRADITIONAL = {"hant", "tw", "hk", "mo"}


def normalise_locale(name: object, default: str = "en") -> str:
    """The supported language nearest to a free-text locale name.

    Parameters
    ----------
    name : object
        What a feed says: ``zh_CN``, ``zh-Hant-HK``, ``EN-us``, None, or anything hostile.
    default : str
        Taken when the language is none of ours.

    Returns
    -------
    str
        One of :data:`LOCALES`.
    """
    if not isinstance(name, str):
        return default
    parts = name.strip().lower().replace("_", "-").split("-")
    if parts[0] == "zh":
        return "zh-TW" if _TRADITIONAL & set(parts[1:]) else "zh-CN"
    return "en" if parts[0] == "en" else default


@lru_cache(maxsize=1)
def _rules_of_all() -> dict[str, Any]:
    text = (Path(__file__).parent / "locales" / "numbers.yaml").read_text(encoding="utf-8")
    rules: dict[str, Any] = yaml.safe_load(text)
    return rules


@lru_cache(maxsize=64)
def _rules(locale: str) -> tuple[dict[str, Any], Locale]:
    rules = _rules_of_all()[normalise_locale(locale)]
    return rules, Locale.parse(rules["babel"])


def _known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def number(value: float | None, locale: str, decimals: int = 0) -> str:
    """A plain number with grouping and a fixed count of decimals: ``12,345``, ``−3.5``."""
    if value is None or not _known(value):
        return UNKNOWN
    rounded = round(float(value), decimals) + 0.0  # + 0.0 turns -0.0 into 0.0
    return _plain(abs(rounded), locale, decimals) if rounded >= 0 else _MINUS + _plain(-rounded, locale, decimals)


@lru_cache(maxsize=65536)
def _plain(value: float, locale: str, decimals: int) -> str:
    if value >= _BEYOND_READING:
        return f"{value:.1e}"  # no page has room for its digits, and Babel none for more than 28
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return numbers.format_decimal(value, format=pattern, locale=_rules(locale)[1])


def percent(value: float | None, locale: str, decimals: int = 1) -> str:
    """A share (0.031, not 3.1) as ``3.1%``."""
    if value is None or not _known(value) or not _known(value * 100):
        return UNKNOWN
    return number(value * 100, locale, decimals) + "%"


@lru_cache(maxsize=256)
def currency_symbol(currency: str, locale: str) -> str:
    """The sign before an amount: the locale's own rule first, then Babel's."""
    rules, babel_locale = _rules(locale)
    return str(rules["currency"].get(currency) or numbers.get_currency_symbol(currency, locale=babel_locale))


def money(value: float | None, currency: str, locale: str) -> str:
    """An amount, compact from ten thousand upwards with one decimal.

    Parameters
    ----------
    value : float or None
        Amount in whole units of `currency`; None and NaN are not known.
    currency : str
        ISO 4217 code.
    locale : str
        ``zh-CN``, ``zh-TW`` or ``en`` (free forms are normalised).

    Returns
    -------
    str
        ``¥9.0 万``, ``CN¥9.0 萬``, ``¥90.0k``, ``¥4,250``; ``—`` when not known.
    """
    if value is None or not _known(value):
        return UNKNOWN
    sign = _MINUS if round(value) < 0 else ""
    return sign + currency_symbol(currency, locale) + compact(abs(float(value)), locale)


def compact(value: float | None, locale: str) -> str:
    """A large count with the language's own steps: ``12.3 万``, ``123.0k``; below ten thousand plain."""
    if value is None or not _known(value):
        return UNKNOWN
    size, sign = abs(float(value)), _MINUS if round(value) < 0 else ""
    fitting = [s for s in _rules(locale)[0]["compact"] if round(size) >= s["at"] - s["divide"] * 0.05]
    if not fitting or round(size) < fitting[0]["at"]:
        return sign + number(size, locale)
    step = fitting[-1]  # 99,999,999 reads 1.0 亿, not 10,000.0 万
    suffix = str(step["suffix"]).replace(" ", _NO_BREAK_SPACE)
    return sign + number(size / step["divide"], locale, 1) + suffix


def compact_rules(currency: str, locale: str) -> dict[str, Any]:
    """What a script needs to write amounts as :func:`money` does: the sign, and the steps of large numbers."""
    steps = [{**step, "suffix": step["suffix"].replace(" ", _NO_BREAK_SPACE)} for step in _rules(locale)[0]["compact"]]
    return {"symbol": currency_symbol(currency, locale), "compact": steps}


@lru_cache(maxsize=16384)
def _formatted_day(value: date, locale: str, form: str) -> str:
    rules, babel_locale = _rules(locale)
    return str(dates.format_date(value, rules[form], locale=babel_locale))


def _day(value: date | None, locale: str, form: str) -> str:
    if value is None or value != value:  # NaT is the only day unequal to itself
        return UNKNOWN
    return _formatted_day(date(value.year, value.month, value.day), locale, form)


def day(value: date | None, locale: str) -> str:
    """A day with its weekday: ``11月11日 周三``, ``11月11日 週三``, ``Wed 11 Nov``."""
    return _day(value, locale, "day")


def day_short(value: date | None, locale: str) -> str:
    """A day without its weekday: ``11月11日``, ``11 Nov``."""
    return _day(value, locale, "day_short")


def day_long(value: date | None, locale: str) -> str:
    """A day with weekday and year: ``2026年11月11日 周三``, ``Wed 11 Nov 2026``."""
    return _day(value, locale, "day_long")
