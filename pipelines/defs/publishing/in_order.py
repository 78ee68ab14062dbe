"""Rows of a query in the order of merchants, made into Python only for the few merchants whose turn it is.

The one idea: a column of Arrow holds a thousand merchants in a few megabytes, the same rows as Python objects take a
hundred times that. So queries answer for a whole block, and objects are made a hundred merchants at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa

Fact = TypeVar("Fact")


class InOrder:
    """A table with `merchant_id`, ordered by it.

    Parameters
    ----------
    table : pyarrow.Table
        Rows of some merchants; the order is that of the ids' code points, DuckDB's own.
    """

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._ids = np.array(table["merchant_id"].to_pylist(), dtype=object)

    @property
    def ids(self) -> list[str]:
        """Merchant of each row."""
        found: list[str] = self._ids.tolist()
        return found

    def between(self, first: str, last: str) -> pa.Table:
        """Rows of the merchants from one id to another, both included."""
        start = int(np.searchsorted(self._ids, first, side="left"))
        end = int(np.searchsorted(self._ids, last, side="right"))
        return self._table.slice(start, end - start)


def turns(merchants: Sequence[str], most: int) -> Iterator[tuple[str, str]]:
    """First and last id of each group of at most `most` merchants."""
    for start in range(0, len(merchants), most):
        group = merchants[start : start + most]
        yield group[0], group[-1]


def grouped(table: pa.Table, fact: type[Fact]) -> dict[str, list[Fact]]:
    """Rows as named tuples by merchant; the table's columns carry the tuple's names."""
    columns = [plain(table, name) for name in fact._fields]  # type: ignore[attr-defined]
    found: dict[str, list[Fact]] = {}
    for merchant, *values in zip(table["merchant_id"].to_pylist(), *columns, strict=True):
        found.setdefault(merchant, []).append(fact(*values))
    return found


def plain(table: pa.Table, name: str) -> list[Any]:
    """A column as a list in which NaN is None."""
    values: list[Any] = table[name].to_pylist()
    if pa.types.is_floating(table.schema.field(name).type):
        return [None if value is None or value != value else value for value in values]
    return values
