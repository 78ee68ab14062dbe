"""Prophet itself, for the merchants that an analyst names: its trend, its options, its intervals, instead of ours.

The library is imported only when somebody asks for it, is kept quiet, and draws from a seed, so that a day made twice
is the same twice.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from models.calendar.event import Event
from models.forecasting.calibration import LEVELS
from models.forecasting.panel import Flags, Floats

LEAST_DAYS = 28  # known days below which Prophet is not asked
SEED = 20150227
QUIET = ("prophet", "cmdstanpy", "prophet.plot")
DEFAULTS: Mapping[str, Any] = {"weekly_seasonality": True, "daily_seasonality": False, "uncertainty_samples": 500}


class ProphetForecast(NamedTuple):
    """Sample paths (days, samples) with what is read from them: mean (days,) and quantiles (7, days)."""

    mean: Floats
    quantiles: Floats
    paths: Floats

    def of_sum(self, chosen: Flags) -> tuple[float, Floats]:
        """Mean and quantiles of the sum of chosen days, from whole paths."""
        totals = self.paths[chosen].sum(axis=0)
        return float(totals.mean()), np.quantile(totals, LEVELS)


def prophet_forecast(
    values: Floats,
    is_open: Flags,
    promotion: Flags,
    first_day: Any,
    events: Sequence[Event],
    options: Mapping[str, Any],
) -> ProphetForecast | None:
    """Forecast one series; None when it has too few known days.

    Parameters
    ----------
    values : array (history,)
        NaN = not known or masked.
    is_open, promotion : arrays (history + horizon,)
    first_day : date
    events : sequence of Event
        Those that concern the merchant; each family and phase is a holiday of Prophet's.
    options : mapping
        Arguments of `prophet.Prophet`, over our defaults.

    Raises
    ------
    ValueError
        When Prophet refuses an option.
    """
    history = len(values)
    if np.isfinite(values).sum() < LEAST_DAYS:
        return None
    frame = pd.DataFrame({"ds": pd.date_range(first_day, periods=len(is_open)), "promotion": promotion.astype(float)})
    frame["y"] = np.append(values, np.full(len(is_open) - history, np.nan))
    paths = _paths(frame, history, events, options)
    paths = np.where(is_open[history:, None], np.maximum(paths, 0.0), 0.0)
    return ProphetForecast(paths.mean(axis=1), np.quantile(paths, LEVELS, axis=1), paths)


def _paths(frame: pd.DataFrame, history: int, events: Sequence[Event], options: Mapping[str, Any]) -> Floats:
    _hush()
    from prophet import Prophet

    try:
        model = Prophet(holidays=_holidays(events, frame["ds"]), **{**DEFAULTS, **options})
    except TypeError as error:
        raise ValueError(f"prophet_options {dict(options)}: {error}; see the arguments of prophet.Prophet") from error
    if frame["promotion"].iloc[:history].nunique() > 1:
        model.add_regressor("promotion")
    state = np.random.get_state()  # Prophet draws from the global generator; it is put back below
    try:
        np.random.seed(SEED)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Prophet 1.5 calls pandas as it once was
            model.fit(frame.iloc[:history], seed=SEED)
            drawn: Floats = model.predictive_samples(frame.iloc[history:].drop(columns="y"))["yhat"]
    finally:
        np.random.set_state(state)
    return drawn


def _holidays(events: Sequence[Event], days: pd.Series[Any]) -> pd.DataFrame | None:
    first, last = days.iloc[0].date(), days.iloc[-1].date()
    rows = [
        {"holiday": f"{event.phase}/{event.family}", "ds": day}
        for event in events
        if event.touches(first, last)
        for day in pd.date_range(event.starts_on, event.ends_on)
    ]
    return pd.DataFrame(rows).drop_duplicates() if rows else None


def _hush() -> None:
    for name in QUIET:
        logger = logging.getLogger(name)
        logger.setLevel(logging.ERROR)
        logger.propagate = False
