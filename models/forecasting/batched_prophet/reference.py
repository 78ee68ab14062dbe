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

MOST_ROUNDS, STILL = 10, 1e-7  # of Newton's method, and the gain of log posterior that ends them
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
    to_maximum: bool = False,
) -> Reference:
    """Fit one series (days,) with Prophet's defaults and no sampling.

    Parameters
    ----------
    events : sequence of Event
        Those that the calendar's columns were made of, so that coefficients can be put in its order.
    own : array (columns, days + horizon), optional
    to_maximum : bool
        Prophet's choice for 100 rows and more, L-BFGS, stops short of the maximum. Whether its other choice, Newton's
        method, goes on from there; takes ten times as long.
    """
    _be_quiet()
    frame = pd.DataFrame({"ds": pd.date_range(first_day, periods=len(values) + horizon)})
    frame["y"] = np.append(values, np.full(horizon, np.nan))
    columns = () if own is None else own
    for i, column in enumerate(columns):
        frame[f"own_{i}"] = column
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Prophet 1.5 calls pandas as it once was
        history = frame.iloc[: len(values)]
        model = _fitted(history, events, len(columns))
        if to_maximum:
            model = _led_higher(model, history, events, len(columns))
        ahead = frame.iloc[len(values) :].drop(columns="y")
        mean = model.predict(ahead)["yhat"].to_numpy() if horizon else np.empty(0)
        beta = _beta(model, calendar, events, len(columns))
    params = {name: value[0] for name, value in model.params.items()}
    at = Parameters(
        float(params["k"][0]), float(params["m"][0]), params["delta"].ravel(), beta, float(params["sigma_obs"][0])
    )
    return Reference(at, np.asarray(model.changepoints_t, dtype=float), mean)


def _be_quiet() -> None:
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)
        logging.getLogger(name).addHandler(logging.NullHandler())  # without one, cmdstanpy sets its own level


def _fitted(history: pd.DataFrame, events: Sequence[Event], own: int, **optimizer: Any) -> Any:
    """Prophet's model of a history; `optimizer` are arguments of CmdStan's optimize."""
    from prophet import Prophet

    model = Prophet(holidays=_holidays(events), uncertainty_samples=0)
    for i in range(own):
        model.add_regressor(f"own_{i}")
    return model.fit(history, **optimizer)


def _led_higher(model: Any, history: pd.DataFrame, events: Sequence[Event], own: int) -> Any:
    """The model after Newton's method went on from where it stood, until that leads nowhere."""
    for _ in range(MOST_ROUNDS):
        if "lp__" not in model.params:  # constant series are not fitted
            break
        start = {name: _plain(model.params[name][0]) for name in ("k", "m", "sigma_obs")}
        start |= {name: model.params[name][0].ravel().tolist() for name in ("delta", "beta")}
        try:
            after = _fitted(history, events, own, inits=start, algorithm="Newton")
        except RuntimeError:  # CmdStan found no step
            break
        if _plain(after.params["lp__"][0]) <= _plain(model.params["lp__"][0]) + STILL:
            break
        model = after
    return model


def _plain(value: Any) -> float:
    return float(np.asarray(value).ravel()[0])


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
