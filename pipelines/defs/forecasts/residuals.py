"""Rows of `forecast_residuals` and of `forecast_quality`; the weights of the models come out of the same look back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from models.forecasting.learned import Learned
from models.forecasting.panel import Panel
from models.forecasting.quality import Quality, measure_quality
from models.forecasting.residuals import Residuals, block_residuals
from models.side_by_side import in_order
from pipelines.defs.forecasts.reading import WHOLE_COUNTS, Blocks, Scene
from pipelines.defs.forecasts.rows import flat, forecast_columns, table_of
from pipelines.defs.forecasts.weights import Weights

DIMENSIONS = ("growth_stage", "size_class")
QUANTILES_KEPT = ("q025", "q10", "q90", "q975")


@dataclass
class PastRows:
    """Makes residual rows as a stream; the models' weights are noted on the way."""

    scene: Scene
    blocks: Blocks
    learned: Mapping[str, Learned]
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self) -> None:
        self.names, self.segment_of = segments_of(self.scene.merchants)

    def __iter__(self) -> Iterator[pa.Table]:
        for tables in in_order(self._block, ((panel, measure) for panel in self.blocks() for measure in self.learned)):
            yield from tables

    def _block(self, question: tuple[Panel, str]) -> list[pa.Table]:
        panel, measure = question
        learned = self.learned[measure]
        past, history = learned.past(panel, learned.policy.ensemble.origins), learned.setting.history
        self.weights.keep(panel, measure, learned.weighed(past, learned.fit(panel, history), history))
        made = block_residuals(learned, past, measure in WHOLE_COUNTS)
        return [_table(self.scene, panel, measure, residuals) for residuals in made]

    def _quality(self, measure: str, learned: Learned) -> Quality:
        past = learned.sample
        merchants = [] if past is None else list(past.fits[0].panel.merchants)
        segment_of = self.segment_of.loc[merchants].to_numpy().T
        return measure_quality(learned, self.names, segment_of, measure in WHOLE_COUNTS)

    def quality_rows(self) -> pd.DataFrame:
        """Rows of `forecast_quality`."""
        found = in_order(lambda measure: self._quality(measure, self.learned[measure]), self.learned)
        rows: list[dict[str, Any]] = [
            {"made_on": self.scene.day.as_of, "measure": measure, **row}
            for measure, quality in zip(self.learned, found, strict=True)
            for row in quality.rows()
        ]
        columns = [
            "made_on",
            "segment",
            "measure",
            "model",
            "horizon",
            "wape",
            "rmspe",
            "mase",
            "pinball",
            "bias",
            "coverage_80",
            "coverage_95",
            "weight",
            "pairs",
        ]
        return pd.DataFrame(rows, columns=columns)


def segments_of(merchants: pd.DataFrame) -> tuple[tuple[str, ...], pd.DataFrame]:
    """Names of all segments ('all' first), and the segments of each merchant by id; -1 = in none."""
    names = ["all"]
    of_merchant = {"all": np.zeros(len(merchants), dtype=np.int64)}
    for dimension in DIMENSIONS:
        codes, found = pd.factorize(merchants[dimension], sort=True)
        of_merchant[dimension] = np.where(codes < 0, -1, codes + len(names))
        names += [str(value) for value in found]
    index = merchants["merchant_id"].to_numpy(dtype=object)
    return tuple(names), pd.DataFrame(of_merchant, index=index)


def _table(scene: Scene, panel: Panel, measure: str, residuals: Residuals) -> pa.Table:
    known = np.isfinite(residuals.actual) & np.isfinite(residuals.forecast.mean)
    dates = np.datetime64(scene.first_on) + residuals.columns
    columns = forecast_columns(residuals.forecast, QUANTILES_KEPT)
    columns |= {"actual": flat(residuals.actual), "z": flat(residuals.z)}
    keys = {"as_of": scene.day.as_of, "measure": measure, "horizon": residuals.horizon}
    table = table_of(keys, panel.merchants, dates, "date", columns)
    return table.filter(pa.array(known.ravel()))
