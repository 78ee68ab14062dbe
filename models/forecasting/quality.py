"""How good the forecast was at its newest complete origins, beside the seasonal naive, by segment.

Each origin used only what it could know: factors fitted before it, half-lives and quantiles from errors it had seen.
A horizon of 7 stands for the days 1 to 7 after the origin.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from models.forecasting.errors import ErrorSums, by_label, error_sums
from models.forecasting.learn import Learned
from models.forecasting.naive import naive_scale, seasonal_naive
from models.forecasting.panel import Panel
from models.forecasting.predict import forecast_days

MODEL, NAIVE = "pooled_level", "seasonal_naive"
Key = tuple[str, int]


@dataclass
class Quality:
    """Sums of errors by model and horizon, each an array over segments."""

    segments: tuple[str, ...]
    sums: dict[Key, ErrorSums] = field(default_factory=dict)

    def add(self, model: str, horizon: int, sums: ErrorSums, segment_of: np.ndarray) -> None:
        """Add the sums of a block; `segment_of` (dimensions, merchants) names each merchant's segments, -1 = none."""
        total = self.sums.setdefault((model, horizon), ErrorSums.empty((len(self.segments),)))
        for dimension in segment_of:
            label = np.where(dimension < 0, len(self.segments), dimension)
            added = by_label(sums, label, len(self.segments) + 1)
            total.add(ErrorSums(*(getattr(added, name)[:-1] for name in added.__dataclass_fields__)))

    def rows(self) -> list[dict[str, Any]]:
        """One row per segment with pairs, model and horizon."""
        made = []
        for (model, horizon), sums in sorted(self.sums.items()):
            measures = sums.measures()
            for place, segment in enumerate(self.segments):
                if sums.pairs[place] > 0:
                    row: dict[str, Any] = {"segment": segment, "model": model, "horizon": horizon}
                    row |= {name: _number(values[place]) for name, values in measures.items()}
                    made.append(row | {"weight": 1.0 if model == MODEL else 0.0, "pairs": int(sums.pairs[place])})
        return made


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def add_quality(quality: Quality, learned: Learned, panel: Panel, segment_of: np.ndarray, whole: bool) -> None:
    """Add a block's errors at the newest complete origins of each horizon."""
    policy, origins = learned.setting.policy, learned.origins
    history = learned.setting.history
    newest = {
        horizon: [known for known in origins.known if known + horizon <= history][: policy.quality.origins]
        for horizon in policy.quality.horizons
    }
    needed = sorted({known for served in newest.values() for known in served}, reverse=True)
    fits = {}
    for known in needed:
        refit = origins.refit_for(known)
        if refit not in fits:
            fits = {refit: learned.fit(panel, refit, history)}
        fit = fits[refit]
        days = max(horizon for horizon, served in newest.items() if known in served)
        forecast = forecast_days(fit, known, days, learned.calibration(known), policy, whole)
        values = panel.values[learned.measure]
        actual = values[:, known : known + days]
        naive = seasonal_naive(values, known, days)
        # The naive repeats closed days as unknown; compare both models on the same days.
        both = np.isfinite(naive) & np.isfinite(forecast.mean)
        actual = np.where(both, actual, np.nan)
        scale = naive_scale(values, known)
        for horizon, served in newest.items():
            if known in served:
                part = slice(0, horizon)
                ours = error_sums(actual[:, part], forecast.mean[:, part], forecast.quantiles[:, :, part], scale)
                quality.add(MODEL, horizon, ours, segment_of)
                quality.add(NAIVE, horizon, error_sums(actual[:, part], naive[:, part], None, scale), segment_of)
