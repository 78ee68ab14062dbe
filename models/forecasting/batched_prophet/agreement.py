"""How the batched fits stand beside Prophet's own on the same series: who climbed higher, how far forecasts differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from models.forecasting.batched_prophet.columns import DayColumns
from models.forecasting.batched_prophet.fits import Fits
from models.forecasting.batched_prophet.histories import FITTED, UNBOUNDED
from models.forecasting.batched_prophet.posterior import data_of, log_posterior, parameters_of, violation
from models.forecasting.batched_prophet.reference import Reference
from models.forecasting.batched_prophet.settings import ProphetSettings
from models.forecasting.panel import Floats

ROUNDING = 1e-6  # of a log posterior


class Agreement(NamedTuple):
    """Share of series whose log posterior is at least Prophet's; sums of differences and sizes; what to look at.

    Series without a maximum (`unbounded`) have no place in the share. `gain` is the mean by which ours is higher,
    `violation` the largest violation of the conditions of a maximum.
    """

    series: int
    share: float
    wape: float
    gain: float
    violation: float
    unbounded: int
    lower: tuple[int, ...]


def agreement(
    values: Floats,
    fits: Fits,
    mean: Floats,
    references: Sequence[Reference],
    calendar: DayColumns,
    settings: ProphetSettings,
    own: Floats | None = None,
) -> Agreement:
    """Compare series (series, days), our forecasts (series, horizon) and Prophet's fits of the same series."""
    gains: dict[int, float] = {}
    worst = 0.0
    for i, theirs in enumerate(references):
        if fits.status[i] == UNBOUNDED:
            continue
        data = data_of(fits, i, values[i], calendar, settings, None if own is None else own[i])
        at = parameters_of(fits, i)
        gains[i] = log_posterior(data, at, settings) - log_posterior(data, theirs.parameters, settings)
        if fits.status[i] == FITTED:
            worst = max(worst, violation(data, at, settings))
    theirs_mean = np.stack([one.mean for one in references])
    apart = float(np.abs(mean[: len(references)] - theirs_mean).sum())
    lower = tuple(i for i, gain in gains.items() if not gain >= -ROUNDING)
    return Agreement(
        len(references), 1 - len(lower) / max(len(gains), 1), apart / max(float(np.abs(theirs_mean).sum()), 1e-300),
        float(np.mean(list(gains.values()))) if gains else 0.0, worst, len(references) - len(gains), lower,
    )  # fmt: skip
