"""The forecast of a table: learn from all series as one platform, then say each block's days ahead."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from models.forecasting.eligible import eligible
from models.forecasting.learn import learn
from models.forecasting.learned import Learned
from models.forecasting.panel import Panel
from models.forecasting.predict import Forecast, forecast_days
from models.forecasting.quality import MODEL
from pipelines.defs.forecasts.rows import constant, forecast_columns
from pipelines.own_table.panels import TableBlocks

NUMBERS = ("mean", "q025", "q10", "q25", "q50", "q75", "q90", "q975")
SCHEMA = pa.schema(
    [
        ("series", pa.string()),
        ("date", pa.date32()),
        *((name, pa.float64()) for name in NUMBERS),
        ("model", pa.string()),
    ]
)


def forecast_table(blocks: TableBlocks, horizon: int, whole: bool) -> Iterator[pa.Table]:
    """Forecast every series that has spoken lately; rows of SCHEMA, one table per block.

    Parameters
    ----------
    blocks : TableBlocks
    horizon : int
        Days ahead.
    whole : bool
        Quantiles of small means are whole numbers.
    """
    learned = learn(blocks, blocks.setting, [blocks.measure])[blocks.measure]
    for panel in blocks():
        yield _rows(panel, learned, blocks, horizon, whole)


def _rows(panel: Panel, learned: Learned, blocks: TableBlocks, horizon: int, whole: bool) -> pa.Table:
    setting = blocks.setting
    made = learned.made(panel, horizon)
    forecast = forecast_days(made, learned.calibration(setting.history), setting.policy, whole)
    ages = np.full(len(panel.merchants), -1)
    served = eligible(panel.values[blocks.measure], ages, setting.policy.history.silent_days)
    chosen = Forecast(forecast.mean[served], forecast.quantiles[:, served])
    names = pa.array(panel.merchants[served], pa.string())
    dates = np.datetime64(blocks.table.last_on) + np.arange(1, horizon + 1)
    place = pa.array(np.repeat(np.arange(len(names)), horizon))
    columns = {
        "series": names.take(place),
        "date": pa.array(np.tile(dates.astype("datetime64[D]"), len(names))),
        **forecast_columns(chosen),
        "model": constant(MODEL, pa.string(), len(place)),
    }
    return pa.table(columns, schema=SCHEMA)
