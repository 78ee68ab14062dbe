"""The parts of a forecast, so that anybody can multiply them and arrive at the figure that is shown.

mean = level x weekday x month day x year x promotion x holiday x event x mix; the last one is what the other models
make of it beside the pooled one, and 0 on a closed day. `promotion` holds what depth and price do as well.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.forecasting.backtest import Made
from models.forecasting.factors import DayFactors
from models.forecasting.fitted import BlockFit
from models.forecasting.panel import BESIDE_CLOSED, HOLIDAY, Floats, Ints

PARTS = ("weekday", "month_day", "year", "promotion", "holiday", "event")


class Explained(NamedTuple):
    """Level of each merchant on each day (merchants, days) and the factors on it, by name; `mix` is the last."""

    level: Floats
    factors: dict[str, Floats]


def explain(made: Made, pooled: DayFactors, half_life: Ints) -> Explained:
    """Take a forecast apart.

    Parameters
    ----------
    made : Made
    pooled : DayFactors
        The factors that its fit was made with.
    half_life : array of int (strata,)
        Position of the half-life that serves each stratum.

    Returns
    -------
    Explained
        Arrays (merchants, days); their product is the mean.
    """
    fit, days = made.fit, made.mean.shape[1]
    columns = slice(made.known, made.known + days)
    logs = _log_parts(fit, pooled, columns)
    factors = {name: np.exp(part) for name, part in logs.items()}
    factors["weekday"] *= fit.own.weekday[:, fit.labels.weekday[columns]]
    promoted = fit.panel.promotion[:, columns]
    factors["promotion"] *= np.where(promoted, fit.own.promotion[:, None], 1.0)
    level = fit.levels_at(np.array([made.known])).level[:, :, 0]
    level = level[half_life[made.at.stratum], np.arange(level.shape[1])][:, None]
    expected = level * np.prod(list(factors.values()), axis=0)
    # Of a merchant that stands at zero the models say zero, and nothing is left for the mix to explain.
    factors["mix"] = np.where(expected > 0, made.mean / np.where(expected > 0, expected, 1.0), 1.0)
    return Explained(np.broadcast_to(level, made.mean.shape), factors)


def _log_parts(fit: BlockFit, pooled: DayFactors, columns: slice) -> dict[str, Floats]:
    """Pooled parts in log units (merchants, days)."""
    labels, scope, state = fit.labels, fit.panel.scope, fit.panel.state[:, columns]
    weekday = labels.weekday[columns]
    shape = state.shape
    holiday = np.where((state & HOLIDAY) > 0, pooled.holiday[scope][:, None], 0.0)
    beside = np.where((state & BESIDE_CLOSED) > 0, pooled.beside_closed[scope][:, None], 0.0)
    promotion = np.where(fit.panel.promotion[:, columns], pooled.promotion[scope[:, None], weekday[None, :]], 0.0)
    own_plan = pooled.planned(fit.panel, columns.start, columns.stop)
    alone = pooled.open_alone(fit.panel, columns.start, columns.stop)
    return {
        "weekday": pooled.weekday[scope[:, None], weekday[None, :]],
        "month_day": np.broadcast_to(pooled.month_day[labels.month_day[columns]], shape),
        "year": np.broadcast_to(pooled.year[columns], shape),
        "promotion": promotion if own_plan is None else promotion + own_plan,
        "holiday": holiday + beside if alone is None else holiday + beside + alone,
        "event": pooled.event[scope[:, None], labels.groups.of_day[scope, columns]],
    }
