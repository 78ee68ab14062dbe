"""From arrays (merchants, columns) to rows of the forecast tables, as Arrow without copies of the ids."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from models.forecasting.calibration import QUANTILE_NAMES
from models.forecasting.predict import Forecast

KINDS_OF_KEY: dict[type, pa.DataType] = {str: pa.string(), int: pa.int64(), date: pa.date32()}


def repeated(texts: npt.NDArray[Any], times: int) -> pa.DictionaryArray:
    """Each text `times` times, row after row."""
    codes = np.repeat(np.arange(len(texts), dtype=np.int32), times)
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(texts, pa.string()))


def constant(value: Any, kind: pa.DataType, rows: int) -> pa.Array:
    """One value on every row."""
    return pa.repeat(pa.scalar(value, kind), rows)


def flat(values: npt.NDArray[Any]) -> pa.Array:
    """A matrix row by row; NaN becomes NULL."""
    return pa.array(values.ravel(), from_pandas=True)


def forecast_columns(forecast: Forecast, names: tuple[str, ...] = QUANTILE_NAMES) -> dict[str, pa.Array]:
    """Columns mean and quantiles."""
    columns = {"mean": flat(forecast.mean)}
    for name in names:
        columns[name] = flat(forecast.quantiles[QUANTILE_NAMES.index(name)])
    return columns


def table_of(
    keys: Mapping[str, Any],
    merchants: npt.NDArray[Any],
    dates: npt.NDArray[np.datetime64],
    date_name: str,
    columns: Mapping[str, pa.Array],
) -> pa.Table:
    """Rows of every merchant and date; `keys` are constant columns (text, int or date)."""
    rows = len(merchants) * len(dates)
    made = {name: constant(value, KINDS_OF_KEY[type(value)], rows) for name, value in keys.items()}
    made["merchant_id"] = repeated(merchants, len(dates))
    made[date_name] = pa.array(np.tile(dates.astype("datetime64[D]"), len(merchants)))
    return pa.table({**made, **columns})
