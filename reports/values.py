"""A metric's value as people read it: with its unit, in the reader's language."""

from reports.formatting import UNKNOWN, money, number, percent
from reports.texts import Catalogue

_PLAIN_UNITS = frozenset({"count", "score"})


def metric_value(value: float | None, unit: str, decimals: int, words: Catalogue, currency: str) -> str:
    """A value with its unit: ``3.1%``, ``13.1 天``, ``¥9.0 万``.

    Parameters
    ----------
    value : float or None
        Shares as 0.031; None and NaN are not known.
    unit : str
        ``percent``, ``count``, ``score``, ``money``, or a unit with a text ``unit.<unit>`` in the catalogue.
    decimals : int
        Decimals shown (of the percentage for shares).
    words : Catalogue
        Language.
    currency : str
        ISO 4217 code for money.
    """
    if value is None or value != value:
        return UNKNOWN
    if unit == "percent":
        return percent(value, words.locale, decimals)
    if unit == "money":
        return money(value, currency, words.locale)
    text = number(value, words.locale, decimals)
    return text if unit in _PLAIN_UNITS else words.text(f"unit.{unit}", value=text)
