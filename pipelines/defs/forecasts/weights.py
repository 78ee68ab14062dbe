"""Weights of the models: learned while looking back, used when looking ahead, and written down with their reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa

from models.forecasting.ensemble.weights import Weighed
from models.forecasting.learned import Learned
from models.forecasting.panel import Panel
from pipelines.defs.forecasts.rows import constant


@dataclass
class Weights:
    """Weights and errors of every block by measure; a few small numbers per merchant."""

    _kept: dict[tuple[str, str], tuple[np.ndarray, Weighed]] = field(default_factory=dict)

    def keep(self, panel: Panel, measure: str, weighed: Weighed) -> None:
        """Note the weights (models, spans, merchants) of a block."""
        small = Weighed(weighed.weight.astype(np.float32), weighed.error.astype(np.float32))
        self._kept[measure, panel.merchants[0]] = (panel.merchants, small)

    def of(self, panel: Panel, measure: str) -> np.ndarray:
        """Weights of a block."""
        return self._kept[measure, panel.merchants[0]][1].weight.astype(np.float64)

    def rows(self, made_on: date, learned: Mapping[str, Learned]) -> Iterator[pa.Table]:
        """Rows of `forecast_weights`, block by block."""
        for (measure, _), (merchants, weighed) in sorted(self._kept.items(), key=lambda kept: kept[0]):
            for place, model in enumerate(learned[measure].policy.ensemble.models):
                count = len(merchants)
                yield pa.table(
                    {
                        "made_on": constant(made_on, pa.date32(), count),
                        "merchant_id": pa.array(merchants, pa.string()),
                        "measure": constant(measure, pa.string(), count),
                        "model": constant(model, pa.string(), count),
                        **{
                            f"{what}_{span}": pa.array(values[place, at].astype(np.float64))
                            for what, values in (("weight", weighed.weight), ("error", weighed.error))
                            for at, span in enumerate(("near", "far"))
                        },
                    }
                )
