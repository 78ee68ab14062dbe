"""How good a fit is, in the words of Prophet's Stan program, from nothing but the parameters: plain sums.

It judges our fits, Prophet's own, and the distance of either from a maximum. Constants that Stan drops are dropped.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.forecasting.batched_prophet.columns import DayColumns
from models.forecasting.batched_prophet.fits import Fits
from models.forecasting.batched_prophet.settings import ProphetSettings
from models.forecasting.panel import Floats


class SeriesData(NamedTuple):
    """Scaled values and time (rows,), changepoints (S,) in [0, 1], columns (rows, K), their prior scales (K,)."""

    values: Floats
    t: Floats
    changes: Floats
    X: Floats
    scales: Floats


class Parameters(NamedTuple):
    """One series' parameters as Prophet names them."""

    k: float
    m: float
    delta: Floats
    beta: Floats
    sigma: float


def data_of(
    fits: Fits, i: int, values: Floats, calendar: DayColumns, settings: ProphetSettings, own: Floats | None = None
) -> SeriesData:
    """Rows of series i as the model sees them; `values` (days,) and `own` (columns, days) are its own."""
    past = fits.histories
    rows = np.flatnonzero(np.isfinite(values))
    X, scales = calendar.values[rows], calendar.scales
    flags = calendar.used(bool(past.with_year[i]), bool(past.with_week[i]))
    X = np.where(flags, X, 0.0)
    if own is not None and len(own):
        standard = (own[:, rows] - fits.own_mean[i][:, None]) / fits.own_sd[i][:, None]
        X, scales = np.column_stack([X, standard.T]), np.append(scales, np.full(len(own), settings.holiday_scale))
    span = max(int(past.span[i]), 1)
    changes = fits.changepoints[i, : fits.changes[i]] / span
    return SeriesData(values[rows] / past.scale[i], (rows - past.first[i]) / span, changes, X, scales)


def parameters_of(fits: Fits, i: int) -> Parameters:
    """Parameters of series i."""
    beta = np.append(fits.beta[i], fits.own_beta[i])
    return Parameters(
        float(fits.slope[i]), float(fits.level[i]), fits.delta[i, : fits.changes[i]], beta, float(fits.sigma[i])
    )


def residuals(data: SeriesData, at: Parameters) -> Floats:
    """Values minus the model's mean (rows,)."""
    hinges = np.maximum(data.t[:, None] - data.changes, 0.0)
    result: Floats = data.values - (at.k * data.t + at.m + hinges @ at.delta + data.X @ at.beta)
    return result


def log_posterior(data: SeriesData, at: Parameters, settings: ProphetSettings) -> float:
    """Log posterior without constants and without the Jacobian of sigma, as Stan's optimizer climbs it."""
    r = residuals(data, at)
    fit = -len(r) * np.log(at.sigma) - (r @ r) / (2 * at.sigma**2)
    trend = -(at.k**2 + at.m**2) / (2 * settings.trend_scale**2)
    changes = -np.abs(at.delta).sum() / settings.changepoint_scale
    seasons = -((at.beta / data.scales) ** 2).sum() / 2
    return float(fit + trend + changes + seasons - at.sigma**2 / (2 * settings.noise_scale**2))


def violation(data: SeriesData, at: Parameters, settings: ProphetSettings) -> float:
    """Largest violation of the conditions of a maximum.

    In the unit of the penalised sum of squares of the scaled values (the gradient times sigma squared): normal
    parameters and changes in use must have none, unused ones a gradient within the penalty, and the noise's equation
    must hold relative to the sum of squares.
    """
    r, s = residuals(data, at), at.sigma**2
    hinges = np.maximum(data.t[:, None] - data.changes, 0.0)
    normal = [
        data.t @ r - s * at.k / settings.trend_scale**2,
        r.sum() - s * at.m / settings.trend_scale**2,
        *(data.X.T @ r - s * at.beta / data.scales**2),
    ]
    penalty, pull = s / settings.changepoint_scale, hinges.T @ r
    changes = np.where(at.delta != 0, np.abs(pull - penalty * np.sign(at.delta)), np.maximum(np.abs(pull) - penalty, 0))
    squares = float(r @ r)
    noise = abs(len(r) * s + s**2 / settings.noise_scale**2 - squares) / max(squares, 1e-300)
    return float(max(np.abs(normal).max(), changes.max(initial=0.0), noise))
