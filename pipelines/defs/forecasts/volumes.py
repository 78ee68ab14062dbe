"""Rows of `volume_forecast` and `volume_forecast_sum`, a block at a time; Prophet's where an analyst asked for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from models.forecasting.backtest import Made
from models.forecasting.eligible import eligible
from models.forecasting.explain import explain
from models.forecasting.learned import Learned
from models.forecasting.panel import Panel
from models.forecasting.predict import Forecast, forecast_days, forecast_sum
from models.forecasting.prophet_choice import ProphetForecast, prophet_forecast
from models.forecasting.quality import MODEL
from models.forecasting.rolling import SUM_DAYS
from models.side_by_side import in_order
from pipelines.defs.forecasts.reading import WHOLE_COUNTS, Blocks, Scene
from pipelines.defs.forecasts.rows import KINDS_OF_KEY, constant, flat, forecast_columns, repeated, table_of
from pipelines.defs.forecasts.weights import Weights

PROPHET = "prophet"
Chosen = dict[int, ProphetForecast]


@dataclass
class VolumeRows:
    """Makes the daily rows as a stream; the sums, which are few, are kept for afterwards."""

    scene: Scene
    blocks: Blocks
    learned: Mapping[str, Learned]
    weights: Weights

    def __post_init__(self) -> None:
        self.sums: list[pa.Table] = []
        self.ages = ages_of(self.scene)

    def __iter__(self) -> Iterator[pa.Table]:
        for days, sums in in_order(
            self._block, ((panel, measure) for panel in self.blocks() for measure in self.learned)
        ):
            self.sums += sums
            yield days

    def _block(self, question: tuple[Panel, str]) -> tuple[pa.Table, list[pa.Table]]:
        """Rows of the days ahead of a block, and those of its sums."""
        panel, measure = question
        learned = self.learned[measure]
        scene, setting = self.scene, learned.setting
        history, whole = setting.history, measure in WHOLE_COUNTS
        made, calibration = self._made(panel, measure, learned), learned.calibration(history)
        ages = self.ages.loc[list(panel.merchants)].to_numpy()
        served = eligible(panel.values[measure], ages, setting.policy.history.silent_days)
        chosen = _by_prophet(scene, panel, measure, served)
        forecast = forecast_days(made, calibration, setting.policy, whole)
        for row, theirs in chosen.items():
            forecast.mean[row], forecast.quantiles[:, row] = theirs.mean, theirs.quantiles
        sums = list(self._sums(panel, measure, learned, made, served, chosen))
        served &= np.isfinite(forecast.mean).all(axis=1)
        models = np.full(len(panel.merchants), MODEL, dtype=object)
        models[list(chosen)] = PROPHET
        ahead = np.datetime64(scene.day.as_of) + np.arange(1, scene.horizon + 1)
        columns = forecast_columns(_rows(forecast, served))
        columns["model"] = repeated(models[served], scene.horizon)
        columns |= part_columns(learned, made, served, chosen)
        keys = {"made_on": scene.day.as_of, "measure": measure}
        return table_of(keys, panel.merchants[served], ahead, "target_date", columns), sums

    def _made(self, panel: Panel, measure: str, learned: Learned) -> Made:
        return learned.made(panel, self.scene.horizon, self.weights.of(panel, measure))

    def _sums(
        self, panel: Panel, measure: str, learned: Learned, made: Made, served: np.ndarray, chosen: Chosen
    ) -> Iterator[pa.Table]:
        scene, setting = self.scene, learned.setting
        for label, days, named in spans_of(scene, panel):
            calibration, whole = learned.calibration(setting.history), measure in WHOLE_COUNTS
            forecast = forecast_sum(made, days, calibration, setting.policy, whole)
            for row, theirs in chosen.items():
                forecast.mean[row, 0], forecast.quantiles[:, row, 0] = theirs.of_sum(days[row])
            rows = served & days.any(axis=1) & np.isfinite(forecast.mean[:, 0])
            if rows.any():
                keys = {"made_on": scene.day.as_of, "measure": measure, "days": label}
                yield _sum_table(keys, panel.merchants[rows], days[rows], _rows(forecast, rows), named[rows])


def part_columns(learned: Learned, made: Made, served: np.ndarray, chosen: Chosen) -> dict[str, pa.Array]:
    """Columns of the parts that multiply to the mean; empty where Prophet made the row."""
    history = learned.setting.history
    explained = explain(made, learned.factors[history], learned.half_life(history))
    parts = {"level": explained.level} | {f"{name}_factor": part for name, part in explained.factors.items()}
    ours = np.ones(len(served), bool)
    ours[list(chosen)] = False
    return {name: flat(np.where(ours[:, None], part, np.nan)[served]) for name, part in parts.items()}


def spans_of(scene: Scene, panel: Panel) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Sums that are made: label, days ahead (merchants, horizon) and the event family of each merchant ('' = none)."""
    merchants = len(panel.merchants)
    position = np.arange(scene.horizon)
    nothing = np.full(merchants, "", dtype=object)
    for days in SUM_DAYS:
        if days <= scene.horizon:
            yield str(days), np.broadcast_to(position < days, (merchants, scene.horizon)), nothing
    chosen, names = np.zeros((len(scene.ahead), scene.horizon), bool), np.full(len(scene.ahead), "", dtype=object)
    for scope, event in enumerate(scene.ahead):
        if event and (event.ends_on - scene.day.as_of).days <= scene.horizon:
            first, last = ((day - scene.day.as_of).days for day in (event.starts_on, event.ends_on))
            chosen[scope], names[scope] = (position + 1 >= first) & (position + 1 <= last), event.family
    if chosen.any():
        yield "event", chosen[panel.scope], names[panel.scope]


def _sum_table(
    keys: Mapping[str, Any], merchants: np.ndarray, days: np.ndarray, forecast: Forecast, families: np.ndarray
) -> pa.Table:
    made_on = np.datetime64(keys["made_on"])
    ends = {
        "starts_on": made_on + days.argmax(axis=1) + 1,
        "ends_on": made_on + days.shape[1] - days[:, ::-1].argmax(axis=1),
    }
    return pa.table(
        {
            **{name: constant(value, KINDS_OF_KEY[type(value)], len(merchants)) for name, value in keys.items()},
            "merchant_id": pa.array(merchants, pa.string()),
            **forecast_columns(forecast),
            **{name: pa.array(day.astype("datetime64[D]")) for name, day in ends.items()},
            "event": pa.array([family or None for family in families], pa.string()),
        }
    )


def _rows(forecast: Forecast, rows: np.ndarray) -> Forecast:
    return Forecast(forecast.mean[rows], forecast.quantiles[:, rows])


def ages_of(scene: Scene) -> pd.Series[Any]:
    """Days since each merchant opened, by id; -1 where not known."""
    opened = pd.to_datetime(scene.merchants["opened_on"])
    ages = (pd.Timestamp(scene.day.as_of) - opened).dt.days.fillna(-1).astype(np.int64)
    return pd.Series(ages.to_numpy(), index=scene.merchants["merchant_id"].to_numpy(dtype=object))


def _by_prophet(scene: Scene, panel: Panel, measure: str, served: np.ndarray) -> Chosen:
    """Forecasts of the merchants whom an analyst wants by Prophet; a merchant too young for it keeps ours."""
    named = scene.day.config.forecast.prophet_merchants
    chosen: Chosen = {}
    for row in np.flatnonzero(np.isin(panel.merchants, list(named)) & served) if named else ():
        merchant = scene.merchants.loc[scene.merchants["merchant_id"] == panel.merchants[row]].iloc[0]
        concerned = [event for event in scene.events if event.concerns(merchant["category"], merchant["region"])]
        theirs = prophet_forecast(
            panel.values[measure][row],
            panel.open[row],
            panel.promotion[row],
            scene.first_on,
            concerned,
            scene.day.config.forecast.prophet_options,
        )
        if theirs is not None:
            chosen[int(row)] = theirs
    return chosen
