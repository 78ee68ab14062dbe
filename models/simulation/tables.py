"""Arrays into Arrow tables of a feed, with ids as dictionaries so that no string is built twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from models.simulation.products import Products

EPOCH = date(1970, 1, 1)


def days_as_dates(first_day: date, numbers: NDArray[np.int64] | int, size: int | None = None) -> pa.Array:
    """Day numbers as date32; one number is repeated `size` times."""
    offset = (first_day - EPOCH).days
    if isinstance(numbers, (int, np.integer)):
        return pa.array(np.full(size or 0, offset + numbers, dtype=np.int32)).cast(pa.date32())
    return pa.array((numbers + offset).astype(np.int32)).cast(pa.date32())


def day_of(first_day: date, number: int) -> date:
    """Date of a day number."""
    return first_day + timedelta(days=int(number))


def coded(codes: NDArray[Any], values: pa.Array | Sequence[str]) -> pa.DictionaryArray:
    """Column of few different texts: codes (n,) into `values`."""
    dictionary = values if isinstance(values, pa.Array) else pa.array(list(values), pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), dictionary)


def sku_ids(products: Products) -> pa.Array:
    """Ids of products by their number within a shop."""
    return pa.array([f"P{number:03d}" for number in range(1, int(products.number.max()) + 2)], pa.string())


def maybe_empty(values: pa.Array, present: NDArray[np.bool_]) -> pa.Array:
    """Return the values, with NULL where not present."""
    return pa.compute.if_else(pa.array(present), values, pa.scalar(None, values.type))


def table(columns: Mapping[str, Any]) -> pa.Table:
    """Arrow table of arrays; whole numbers become 32-bit, because files and memory are half the size."""
    arrays = {}
    for name, values in columns.items():
        if isinstance(values, np.ndarray) and values.dtype == np.int64:
            values = values.astype(np.int32)
        arrays[name] = values if isinstance(values, (pa.Array, pa.ChunkedArray)) else pa.array(values)
    return pa.table(arrays)
