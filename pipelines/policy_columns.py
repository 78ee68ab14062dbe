"""Which feeds and columns a metric may name: those of the contract, of `merchant_day` and of the table of states.

Why: a column that does not exist reads as "not known", so a slip of the pen would leave a metric grey for ever and
nobody would be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from models.metrics.catalogue import Break, Level, Metric, WindowedMetric
from models.metrics.expression import parse_expression
from pipelines.contracts.feeds import feeds

COLUMN_FIELDS = ("numerator", "denominator", "sum_of_squares", "size", "counts_while")
LEVEL_FIELDS = ("observed", "amber_column", "red_column", "numerator", "denominator", "money")


def unknown_names(metric: Metric) -> Iterator[tuple[str, str]]:
    """Yield the fields of a metric that name a feed or column that does not exist, each with what is wrong."""
    for feed in metric.feeds:
        if feed not in feeds():
            yield "feeds", f"no feed {feed!r}{_near(feed, feeds())}"
    if isinstance(metric, Break):
        return
    known = level_columns() if isinstance(metric, Level) else day_columns()
    for field in LEVEL_FIELDS if isinstance(metric, Level) else COLUMN_FIELDS:
        for name in _named(metric, field):
            if name not in known:
                yield field, f"no column {name!r}{_near(name, known)}"


def _named(metric: Level | WindowedMetric, field: str) -> tuple[str, ...]:
    value = getattr(metric, field, None)
    if not value:
        return ()
    return (value,) if isinstance(metric, Level) else parse_expression(value).columns


@cache
def day_columns() -> frozenset[str]:
    """Columns by merchant and day that rates, means and ratios may add up."""
    from pipelines.defs.marts.columns import merchant_day_schema
    from pipelines.defs.risk.panel import OF_PRODUCTS

    return frozenset(merchant_day_schema().names) | OF_PRODUCTS


@cache
def level_columns() -> frozenset[str]:
    """Columns of the table of states, as its SQL names them last."""
    from pipelines.defs.risk import reading

    sql = (Path(reading.__file__).parent / "sql" / "levels.sql").read_text(encoding="utf-8")
    return frozenset(re.findall(r"\b[a-z][a-z0-9_]*\b", sql[sql.rindex("SELECT") :]))


def _near(name: str, known: object) -> str:
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)  # type: ignore[call-overload]
    return f"; did you mean {near[0]!r}?" if near else "; see docs/data-dictionary.md"
