"""How good the forecast was at its newest complete origins, model by model beside the seasonal naive, by segment.

Measured on the merchants that stand for all. Each origin used only what it could know: factors fitted before it,
weights, half-lives and quantiles from errors it had seen. A horizon of 7 stands for the days 1 to 7 after the origin.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from models.forecasting.ensemble.weights import span_of
from models.forecasting.errors import ErrorSums, by_label, error_sums
from models.forecasting.learned import Learned
from models.forecasting.naive import naive_scale, seasonal_naive
from models.forecasting.panel import Floats, Ints
from models.forecasting.predict import forecast_days

MODEL, NAIVE = "ensemble", "seasonal_naive"
Key = tuple[str, int]


@dataclass
class Quality:
    """Sums of errors by model and horizon, each an array over segments, and the models' weights there."""

    segments: tuple[str, ...]
    sums: dict[Key, ErrorSums] = field(default_factory=dict)
    weights: dict[Key, Floats] = field(default_factory=dict)

    def add(self, model: str, horizon: int, sums: ErrorSums, segment_of: np.ndarray) -> None:
        """Add sums of merchants; `segment_of` (dimensions, merchants) names each merchant's segments, -1 = none."""
        total = self.sums.setdefault((model, horizon), ErrorSums.empty((len(self.segments),)))
        for dimension in segment_of:
            label = np.where(dimension < 0, len(self.segments), dimension)
            added = by_label(sums, label, len(self.segments) + 1)
            total.add(ErrorSums(*(getattr(added, name)[:-1] for name in added.__dataclass_fields__)))

    def weigh(self, model: str, horizon: int, weight: Floats, segment_of: np.ndarray) -> None:
        """Note the mean weight of a model by segment."""
        size = len(self.segments)
        total, count = np.zeros(size), np.zeros(size)
        for dimension in segment_of:
            inside = dimension >= 0
            total += np.bincount(dimension[inside], weight[inside], size)
            count += np.bincount(dimension[inside], minlength=size)
        self.weights[model, horizon] = total / np.maximum(count, 1.0)

    def rows(self) -> list[dict[str, Any]]:
        """One row per segment with pairs, model and horizon."""
        made = []
        for (model, horizon), sums in sorted(self.sums.items()):
            measures = sums.measures()
            weights = self.weights.get((model, horizon), np.full(len(self.segments), float(model == MODEL)))
            for place, segment in enumerate(self.segments):
                if sums.pairs[place] > 0:
                    row: dict[str, Any] = {"segment": segment, "model": model, "horizon": horizon}
                    row |= {name: _number(values[place]) for name, values in measures.items()}
                    made.append(row | {"weight": float(weights[place]), "pairs": int(sums.pairs[place])})
        return made


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def measure_quality(learned: Learned, segments: tuple[str, ...], segment_of: Ints, whole: bool) -> Quality:
    """Judge the newest complete origins of each horizon.

    Parameters
    ----------
    learned : Learned
    segments : tuple of str
    segment_of : array of int (dimensions, merchants of the sample)
        Segments of each merchant; -1 = none.
    whole : bool
        Quantiles of small means are whole numbers.
    """
    quality, policy, past = Quality(segments), learned.policy, learned.sample
    if past is None:
        return quality
    history = learned.setting.history
    newest = {
        horizon: [known for known in learned.origins.recent if known + horizon <= history][: policy.quality.origins]
        for horizon in policy.quality.horizons
    }
    for place, known in enumerate(past.known.tolist()):
        served = [horizon for horizon, origins in newest.items() if known in origins]
        if served:
            _add_origin(quality, learned, place, served, segment_of, whole)
    return quality


def _add_origin(
    quality: Quality, learned: Learned, place: int, served: list[int], segment_of: Ints, whole: bool
) -> None:
    past, policy = learned.sample, learned.policy
    assert past is not None
    made = learned.made_then(past, place)
    days = made.mean.shape[1]
    values = made.fit.panel.values[learned.measure]
    forecast = forecast_days(made, learned.calibration(made.known), policy, whole)
    naive = seasonal_naive(values, made.known, days)
    parts = past.means[:, place, :, :days]
    # The naive repeats closed days as unknown; all models are compared on the same days.
    compared = np.isfinite(naive) & np.isfinite(forecast.mean)
    actual = np.where(compared, past.actual[place, :, :days], np.nan)
    scale, weights = naive_scale(values, made.known), learned.weighed(past, made.fit, made.known).weight
    for horizon in served:
        part = slice(0, horizon)
        came = actual[:, part]
        quality.add(
            MODEL, horizon, error_sums(came, made.mean[:, part], forecast.quantiles[:, :, part], scale), segment_of
        )
        quality.add(NAIVE, horizon, error_sums(came, naive[:, part], None, scale), segment_of)
        for name, said, weight in zip(past.names, parts, weights, strict=True):
            quality.add(name, horizon, error_sums(came, said[:, part], None, scale), segment_of)
            if (name, horizon) not in quality.weights:  # the newest origin comes first
                quality.weigh(name, horizon, weight[span_of(horizon)].mean(axis=0), segment_of)
