"""How the forecast is made: a usual day of the shop, times what each coming day has of its own, as a line per day.

The one idea: only factors that change the figure are named, so that a line reads as a sum that anybody can check.
"""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from reports import formatting
from reports.merchant.facts import Outlook
from reports.merchant.reader import Reader

NOTICED = 0.005  # a factor nearer to 1 than this changes nothing that is shown


class PartRow(NamedTuple):
    """A day, the factors on it as words, and the expected value."""

    day: str
    event: str
    factors: str
    mean: str


class Parts(NamedTuple):
    """The sentence about a usual day, the rows, and which models speak."""

    sentence: Markup
    rows: Sequence[PartRow]
    models: str


def build_parts(outlook: Outlook, days: Sequence[object], events: Sequence[str], reader: Reader) -> Parts | None:
    """Take the forecast apart; None where it came as a whole.

    Parameters
    ----------
    outlook : Outlook
    days : sequence of date
        Days ahead.
    events : sequence of str
        What each day is called, '' on ordinary days.
    reader : Reader
    """
    made = outlook.parts
    if made is None or made.level is None:
        return None
    amount = reader.money if outlook.measure == "gmv" else reader.number
    level = reader.money(made.level) if outlook.measure == "gmv" else _short(made.level, reader)
    unit = reader.text(f"measure.{outlook.measure}.short")
    rows = [
        PartRow(
            formatting.day(day, reader.locale),  # type: ignore[arg-type]
            event,
            _factors({name: values[place] for name, values in made.factors.items()}, reader),
            amount(outlook.mean[place]),
        )
        for place, (day, event) in enumerate(zip(days, events, strict=True))
    ]
    return Parts(reader.html("parts.usual", level=level, unit=unit), rows, _models(made.models, reader))


def _short(value: float, reader: Reader) -> str:
    return reader.number(value, 1 if value < 10 else 0)


def _factors(factors: dict[str, float | None], reader: Reader) -> str:
    if factors.get("mix") == 0.0:
        return reader.text("parts.closed")
    said = [
        reader.text("parts.times", name=reader.text(f"parts.{name}"), factor=reader.number(factor, 2))
        for name, factor in factors.items()
        if factor is not None and abs(factor - 1.0) >= NOTICED
    ]
    return reader.text("parts.comma").join(said) or reader.text("parts.nothing")


def _model(name: str, reader: Reader) -> str:
    """Name of a model; of one that this version has no words for, the name that the table gives it."""
    key = f"model.{name}"
    return reader.text(key) if reader.words.has(key) else name


def _models(models: Sequence[tuple[str, float]], reader: Reader) -> str:
    if len(models) < 2:
        return ""
    named = [
        reader.text("parts.model_share", name=_model(name, reader), share=reader.percent(share, 0))
        for name, share in models
        if share >= NOTICED
    ]
    return reader.text("parts.models", models=reader.text("parts.comma").join(named))
