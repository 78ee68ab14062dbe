"""Rows of a query in the order of merchants, made into Python only for the few merchants whose turn it is.

The one idea: a column of Arrow holds a thousand merchants in a few megabytes, the same rows as Python objects take a
hundred times that. So queries answer for a whole block, and objects are made a hundred merchants at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
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
    rows = list(map(fact._make, zip(*columns, strict=True)))  # type: ignore[attr-defined]
    ids = plain(table, "merchant_id")
    starts = [place for place, merchant in enumerate(ids) if place == 0 or merchant != ids[place - 1]]
    return {ids[start]: rows[start:stop] for start, stop in pairwise([*starts, len(ids)])}


def plain(table: pa.Table, name: str) -> list[Any]:
    """A column as a list in which NaN is None."""
    return _plain(table[name].combine_chunks())


def lists(table: pa.Table, name: str) -> list[list[Any]]:
    """A column of lists, NaN in them as None; no list where there is none is an empty one."""
    column = table[name].combine_chunks()
    values, offsets = _plain(column.values), column.offsets.to_pylist()
    return [values[start:stop] for start, stop in pairwise(offsets)]


def _plain(values: pa.Array) -> list[Any]:
    """Through NumPy where it can hold the values: making Python objects one by one takes ten times as long."""
    if pa.types.is_floating(values.type):
        numbers = values.to_numpy(zero_copy_only=False)
        found: list[Any] = numbers.tolist()
        if np.isnan(numbers).any():
            found = [None if value != value else value for value in found]
        return found
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return values.to_numpy(zero_copy_only=False).tolist()  # type: ignore[no-any-return]
    return values.to_pylist()  # type: ignore[no-any-return]
