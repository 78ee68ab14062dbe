"""Any day of the calendar from fitted parameters: the mean, and the standard deviation of what is not known.

After the history the slope goes on changing as often as before and by as much as before. Prophet draws such paths;
their variance has a closed form: with S changepoints per unit of time and changes of mean size l, the trend at t > 1
has the variance 2 l^2 S (t - 1)^3 / 3, to which the noise's is added.
"""

from __future__ import annotations

import numpy as np

from models.forecasting.batched_prophet.columns import DayColumns
from models.forecasting.batched_prophet.compiled import compiled
from models.forecasting.batched_prophet.fits import Fits
from models.forecasting.batched_prophet.histories import TOO_SHORT
from models.forecasting.panel import Floats, Ints

LEAST_CHANGE = 1e-8  # what Prophet adds to the mean size of changes


def predict(fits: Fits, calendar: DayColumns, days: Ints, own: Floats | None = None) -> tuple[Floats, Floats]:
    """Mean and standard deviation (series, days) in the unit of the values; NaN for series too short to fit.

    Parameters
    ----------
    days : array (days,)
        Days of the calendar, counted from its first; in the history or after it.
    own : array (series, columns, days), optional
        Covariates on these days, not standardized; needed when the fit had some.

    Raises
    ------
    ValueError
        When a day lies outside the calendar, or covariates do not fit those of the fit.
    """
    days = np.asarray(days, dtype=np.int64)
    if len(days) and not (days.min() >= 0 and days.max() < len(calendar.values)):
        raise ValueError(
            f"days must lie in the calendar's 0 to {len(calendar.values) - 1}; got {days.min()} to {days.max()}"
        )
    columns = fits.own_beta.shape[1]
    shape = (len(fits), columns, len(days))
    if columns and (own is None or own.shape != shape):
        raise ValueError(
            f"the fit had {columns} covariates: own must be {shape}; got {None if own is None else own.shape}"
        )
    mean = fits.beta @ calendar.values[days].T
    if own is not None and columns:
        standard = (own - fits.own_mean[:, :, None]) / fits.own_sd[:, :, None]
        mean += np.einsum("sc,scd->sd", fits.own_beta, standard)
    sd = np.empty_like(mean)
    past = fits.histories
    spread = 2.0 * (fits.mean_change + LEAST_CHANGE) ** 2 * fits.changes / 3.0
    _add_trend(
        days, past.first, np.maximum(past.span, 1), past.scale, fits.slope, fits.level, fits.delta, fits.changepoints,
        fits.changes, fits.sigma, spread, mean, sd,
    )  # fmt: skip
    mean[fits.status == TOO_SHORT] = np.nan
    sd[fits.status == TOO_SHORT] = np.nan
    return mean, sd


@compiled
def _add_trend(
    days: Ints,
    first: Ints,
    span: Ints,
    scale: Floats,
    slope: Floats,
    level: Floats,
    delta: Floats,
    places: Ints,
    changes: Ints,
    sigma: Floats,
    spread: Floats,
    mean: Floats,
    sd: Floats,
) -> None:
    for i in range(len(mean)):
        unit = 1.0 / span[i]
        last_slope, last_level = slope[i], level[i]
        for c in range(changes[i]):
            last_slope += delta[i, c]
            last_level -= delta[i, c] * places[i, c] * unit
        for j in range(len(days)):
            t = (days[j] - first[i]) * unit
            trend = last_slope * t + last_level
            if t < 1.0:
                trend = slope[i] * t + level[i]
                for c in range(changes[i]):
                    trend += delta[i, c] * max(t - places[i, c] * unit, 0.0)
            ahead = max(t - 1.0, 0.0)
            mean[i, j] = (mean[i, j] + trend) * scale[i]
            sd[i, j] = (sigma[i] * sigma[i] + spread[i] * ahead * ahead * ahead) ** 0.5 * scale[i]
