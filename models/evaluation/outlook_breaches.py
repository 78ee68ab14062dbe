"""Walking forward through rates: what the outlook would have said of limits, beside how near each rate was to its."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.risk.outlook.breach import BREACH_FEATURES, RateHistory, RateSeries, breach_rows
from models.risk.outlook.history import BoolArray, FloatArray, History, IntArray
from models.risk.outlook.model import fit_model
from models.risk.outlook.origins import month_start, training_origins
from models.risk.outlook.rows import join_rows
from models.risk.outlook.settings import OutlookSettings


@dataclass(frozen=True)
class WalkedRates:
    """Rates that were judged, arrays (rows,): probability, nearness to the limit, what came, and whose it was."""

    p: FloatArray
    near: FloatArray
    bad: BoolArray
    merchant: IntArray


def walk_rates(
    rates: Sequence[RateSeries],
    history: History,
    rated: BoolArray,
    horizon: int,
    days: Sequence[int],
    settings: OutlookSettings,
) -> WalkedRates:
    """Judge days, each with the model of its month; months without one are left out.

    Parameters
    ----------
    rates, history, rated
        As in `models.risk.outlook.learn.Sample`.
    days : sequence of int
        Ordinals of days whose horizon lies inside the history, in order.
    """
    judged, p, merchants = [], [], []
    for month in sorted({month_start(day) for day in days}):
        origins = training_origins(month, history.first_day, horizon, settings)
        model = fit_model(
            breach_rows(rates, history, horizon, origins, rated, settings), horizon, BREACH_FEATURES, settings
        )
        of_month = [day for day in days if month_start(day) == month]
        if model is None:
            continue
        asked = breach_rows(rates, history, horizon, of_month, rated, settings)
        judged.append(asked)
        p.append(model.probability(asked.features))
        merchants.append(_merchants(rates, history, of_month, settings))
    rows = join_rows(judged, len(BREACH_FEATURES))
    near = [one.name for one in BREACH_FEATURES].index("over_limit")
    nothing = [np.empty(0)]
    return WalkedRates(
        np.concatenate(p or nothing),
        rows.features[:, near],
        rows.bad,
        np.concatenate(merchants or nothing).astype(np.int64),
    )


def _merchants(
    rates: Sequence[RateSeries], history: History, days: Sequence[int], settings: OutlookSettings
) -> IntArray:
    """Merchant of each row of `breach_rows`, which lie by rate, then by day."""
    parts = []
    for one in rates:
        found = RateHistory(one, settings)
        parts += [np.flatnonzero(found.standing(history.place(day)).eligible) for day in days]
    return np.concatenate(parts).astype(np.int64)
