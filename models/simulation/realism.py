"""How real the simulated platform is: the figures that were measured on public merchant data, taken from ours.

The idea: an invented platform is only as good a judge as it is like real ones, so the likeness is measured by the same
figures, and anyone who changes parameters sees what it does to them.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from models.simulation.draws import Floats
from models.simulation.sections import Section

MIN_DAYS = 56  # shops with fewer ordinary days say nothing about their own week or level
MIN_MEAN = 0.5  # orders per day below which dispersion cannot be told from Poisson noise
QUARTER_DAYS = 91
LEAST_PARCELS = 30  # due, below which a share says nothing
LEAST_SHOPS = 10  # below which quantiles over shops say nothing


class FigureWanted(Section):
    """A figure that was measured on real merchants, and what counts as near enough; see `data/policy/realism.yaml`."""

    name: str
    kind: Literal["stores", "small_sellers", "any"]
    wanted: float
    within: tuple[float, float]
    what: str

    @model_validator(mode="after")
    def _wanted_is_within(self) -> FigureWanted:
        low, high = self.within
        if not low <= self.wanted <= high:
            raise ValueError(f"{self.name}: wanted {self.wanted} lies outside its own bounds {low} to {high}")
        return self


class WindowShape(Section):
    """Which windows of daily counts are compared with real ones."""

    days: Annotated[int, Field(ge=28, multiple_of=7)]
    least_mean: Annotated[float, Field(ge=0)]
    least_open_days: Annotated[int, Field(ge=14)]
    most_windows: Annotated[int, Field(ge=50)]
    folds: Annotated[int, Field(ge=2)]


class RealismPolicy(Section):
    """What `merchant-gps realism` holds a platform against."""

    figures: tuple[FigureWanted, ...]
    windows: WindowShape


@dataclass(frozen=True)
class Figure:
    """A figure wanted and reached; `reached` is NaN where the feeds do not tell it."""

    wanted: FigureWanted
    reached: float

    @property
    def verdict(self) -> str:
        """`near`, `off` or `not told`."""
        if not np.isfinite(self.reached):
            return "not told"
        low, high = self.wanted.within
        return "near" if low <= self.reached <= high else "off"


def hold_against(wanted: tuple[FigureWanted, ...], reached: dict[str, float]) -> list[Figure]:
    """Set each wanted figure beside the one reached."""
    return [Figure(figure, float(reached.get(figure.name, np.nan))) for figure in wanted]


def quarter_realism(orders: Floats) -> dict[str, float]:
    """Figures of orders per seller and quarter, (days, merchants), over the sellers that sold in a quarter.

    Quarters are 91 days long and end on the last day; days before the first whole one are left out.
    """
    quarters = len(orders) // QUARTER_DAYS
    if not quarters:
        return {}
    whole = _or_zero(orders[len(orders) - quarters * QUARTER_DAYS :])
    totals = whole.reshape(quarters, QUARTER_DAYS, -1).sum(axis=1).ravel()
    sold = totals[totals > 0]
    if not len(sold):
        return {}
    middle, high, top = np.quantile(sold, [0.5, 0.9, 0.99])
    return {
        "quarter_orders_q50": float(middle),
        "quarter_orders_q90": float(high),
        "quarter_orders_q99": float(top),
        "quarter_gini": gini(sold),
    }


def count_realism(orders: Floats, weekday: NDArray[np.int64], ordinary: NDArray[np.bool_]) -> dict[str, float]:
    """Figures of daily counts.

    Parameters
    ----------
    orders : (days, merchants)
        NaN where a shop is not open.
    weekday : (days,)
        0 = Monday.
    ordinary : (days,)
        Days without event; the others would pass for dispersion.

    Returns
    -------
    dict
        `dispersion_q10`, `_q50`, `_q90` (alpha of a negative-binomial count around the shop's own week),
        `autocorrelation_lag_1`, `_lag_7` (of standardized residuals, pooled), `zero_days` (share),
        `weekend_spread` (standard deviation of the log of weekend against weekday orders), `gini` (of shops' orders).
    """
    usual = orders[ordinary]
    if len(usual) < MIN_DAYS:
        return {}
    enough = (np.isfinite(usual).sum(axis=0) >= MIN_DAYS) & (np.nanmean(_or_zero(usual), axis=0) >= MIN_MEAN)
    if enough.sum() < LEAST_SHOPS:
        return {"zero_days": _zero_days(orders)}
    mean = _week_means(usual[:, enough], weekday[ordinary])
    alpha = _dispersion(usual[:, enough], mean)
    residual = (usual[:, enough] - mean) / np.sqrt(mean + alpha * mean**2)
    low, middle, high = np.quantile(alpha, [0.1, 0.5, 0.9])
    ratio = _weekend_ratio(usual[:, enough], weekday[ordinary])
    return {
        "dispersion_q10": float(low),
        "dispersion_q50": float(middle),
        "dispersion_q90": float(high),
        "autocorrelation_lag_1": _autocorrelation(residual, 1),
        "autocorrelation_lag_7": _autocorrelation(residual, 7),
        "zero_days": _zero_days(orders),
        "weekend_spread": float(np.std(np.log(ratio[ratio > 0]))),
        "gini": gini(np.nansum(orders, axis=0)),
    }


def late_realism(
    dispatch_due: Floats, dispatched_late: Floats, delivery_due: Floats, delivered_late: Floats
) -> dict[str, float]:
    """Figures of lateness by merchant; all arguments (merchants,) are sums over a time that is mature."""
    seen = (dispatch_due >= LEAST_PARCELS) & (delivery_due >= LEAST_PARCELS)
    if seen.sum() < LEAST_SHOPS:
        return {}
    to_carrier, to_customer = dispatched_late[seen] / dispatch_due[seen], delivered_late[seen] / delivery_due[seen]
    middle, high, top = np.quantile(to_carrier, [0.5, 0.9, 0.99])
    return {
        "late_to_carrier_q50": float(middle),
        "late_to_carrier_q90": float(high),
        "late_to_carrier_q99": float(top),
        "late_correlation": float(np.corrcoef(to_carrier, to_customer)[0, 1]),
    }


def gini(totals: Floats) -> float:
    """Gini coefficient of non-negative totals: 0 = all equal, 1 = one has all."""
    ordered = np.sort(np.asarray(totals, dtype=np.float64))
    size, whole = len(ordered), ordered.sum()
    if whole <= 0:
        return 0.0
    return float((2 * np.arange(1, size + 1) - size - 1) @ ordered / (size * whole))


def _zero_days(orders: Floats) -> float:
    return float(np.mean(orders[np.isfinite(orders)] == 0))


def _or_zero(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, 0.0)


def _week_means(counts: Floats, weekday: NDArray[np.int64]) -> Floats:
    """Mean of each shop on the weekday of each day, (days, merchants)."""
    means = np.empty_like(counts)
    for number in range(7):
        on_day = weekday == number
        filled = np.isfinite(counts[on_day])
        total = np.where(filled, counts[on_day], 0.0).sum(axis=0)
        means[on_day] = total / np.maximum(filled.sum(axis=0), 1)
    return np.maximum(means, 1e-9)


def _dispersion(counts: Floats, mean: Floats) -> Floats:
    """Alpha by moments: variance = mean + alpha mean^2."""
    extra = np.nansum((counts - mean) ** 2 - mean, axis=0)
    known = np.isfinite(counts)
    return np.maximum(extra / np.maximum((mean**2 * known).sum(axis=0), 1e-9), 0.0)


def _autocorrelation(residual: Floats, lag: int) -> float:
    early, late = residual[:-lag], residual[lag:]
    both = np.isfinite(early) & np.isfinite(late)
    return float(np.corrcoef(early[both], late[both])[0, 1])


def _weekend_ratio(counts: Floats, weekday: NDArray[np.int64]) -> Floats:
    with warnings.catch_warnings():  # a shop without any weekend day has no ratio
        warnings.simplefilter("ignore", RuntimeWarning)
        weekend = np.nanmean(counts[weekday >= 5], axis=0)
        week = np.nanmean(counts[weekday < 5], axis=0)
    return np.asarray(weekend / np.maximum(week, 1e-9))
