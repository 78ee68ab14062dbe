"""Prophet itself on the same series, its parameters put in our order: what the batched fit is measured against."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from models.forecasting.batched_prophet.columns import DayColumns, Event
from models.forecasting.batched_prophet.posterior import Parameters
from models.forecasting.panel import Floats

QUIET = ("prophet", "cmdstanpy", "prophet.plot")


class Reference(NamedTuple):
    """Prophet's parameters, its changepoints in [0, 1] and its forecast of the days after the history."""

    parameters: Parameters
    changes: Floats
    mean: Floats


def fit_prophet(
    values: Floats,
    first_day: date,
    calendar: DayColumns,
    events: Sequence[Event] = (),
    own: Floats | None = None,
    horizon: int = 0,
    **optimizer: Any,
) -> Reference:
    """Fit one series (days,) with Prophet's defaults and no sampling.

    Parameters
    ----------
    events : sequence of Event
        Those that the calendar's columns were made of, so that coefficients can be put in its order.
    own : array (columns, days + horizon), optional
    optimizer
        Arguments of CmdStan's optimize. Prophet's choice for 100 rows and more, L-BFGS, stops short of the maximum;
        `algorithm="Newton"` comes closer and takes ten times as long.
    """
    from prophet import Prophet

    for name in QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)
        logging.getLogger(name).addHandler(logging.NullHandler())  # without one, cmdstanpy sets its own level

    frame = pd.DataFrame({"ds": pd.date_range(first_day, periods=len(values) + horizon)})
    frame["y"] = np.append(values, np.full(horizon, np.nan))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Prophet 1.5 calls pandas as it once was
        model = Prophet(holidays=_holidays(events), uncertainty_samples=0)
        for i, column in enumerate(() if own is None else own):
            frame[f"own_{i}"] = column
            model.add_regressor(f"own_{i}")
        model.fit(frame.iloc[: len(values)], **optimizer)
        ahead = frame.iloc[len(values) :].drop(columns="y")
        mean = model.predict(ahead)["yhat"].to_numpy() if horizon else np.empty(0)
        beta = _beta(model, calendar, events, 0 if own is None else len(own))
    params = {name: value[0] for name, value in model.params.items()}
    at = Parameters(
        float(params["k"][0]), float(params["m"][0]), params["delta"].ravel(), beta, float(params["sigma_obs"][0])
    )
    return Reference(at, np.asarray(model.changepoints_t, dtype=float), mean)


def _holidays(events: Sequence[Event]) -> pd.DataFrame | None:
    if not events:
        return None
    names = ["holiday", "ds", "lower_window", "upper_window"]
    return pd.DataFrame([tuple(event) for event in events], columns=names)


def _beta(model: Any, calendar: DayColumns, events: Sequence[Event], own: int) -> Floats:
    """Prophet's coefficients in the order of the calendar's columns, then of the own ones."""
    features = model.make_all_seasonality_features(model.history)[0]
    fitted = dict(zip(features.columns, model.params["beta"][0], strict=True))
    seasonal = [("yearly", calendar.yearly), ("weekly", calendar.weekly)]
    names = [f"{name}_delim_{j + 1}" for name, count in seasonal for j in range(count)]
    offsets = {(event.name, o) for event in events for o in range(event.lower_window, event.upper_window + 1)}
    ordered = sorted(offsets, key=lambda one: f"{one[0]} {one[1]:+d}")
    names += [f"{name}_delim_{'+' if offset >= 0 else '-'}{abs(offset)}" for name, offset in ordered]
    names += [f"own_{i}" for i in range(own)]
    return np.array([fitted.get(name, 0.0) for name in names])
