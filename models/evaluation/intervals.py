"""How sure a figure of quality is: every one comes with an interval and with the number it rests on.

The idea: what belongs to one merchant stands or falls together, so merchants (and not alerts) are the units of chance.
A share has Wilson's interval, its number of cases cut down by the design effect of the merchants; a rate per
merchant-day and a median are drawn again from a seed.
Sources: Wilson (1927); Dean and Pagano (2015), "Evaluating confidence interval methods for binomial proportions in
clustered surveys"; Hanley and MacGibbon (2006) for the Poisson weights of the bootstrap.
"""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field
from scipy import special

from models.metrics.rate import wilson_interval

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
PER = 1000.0


class Figure(NamedTuple):
    """A figure, its interval, and the number of cases it rests on; NaN where it rests on none."""

    value: float
    low: float
    high: float
    n: int


UNKNOWN = Figure(np.nan, np.nan, np.nan, 0)


class Resampling(BaseModel):
    """Level of all intervals, and how often and from which seed is drawn again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    draws: Annotated[int, Field(ge=100)] = 1000
    seed: int = 20171111

    @property
    def tails(self) -> tuple[float, float]:
        """Lower and upper quantile of the interval."""
        return (1 - self.level) / 2, (1 + self.level) / 2


def share_figure(right: BoolArray, how: Resampling, clusters: npt.NDArray[Any] | None = None) -> Figure:
    """Share of the cases that are right.

    Parameters
    ----------
    right : array of bool (cases,)
    clusters : array (cases,), optional
        Whose case it is; cases of one merchant are not independent of one another.
    """
    number = len(right)
    if not number:
        return UNKNOWN
    share = float(np.mean(right))
    effective = number / _design_effect(right, share, clusters)
    low, high = wilson_interval(np.array([share * effective]), np.array([effective]), how.level)
    return Figure(share, min(float(low[0]), share), max(float(high[0]), share), number)


def _design_effect(right: BoolArray, share: float, clusters: npt.NDArray[Any] | None) -> float:
    """Variance of the share with clusters over that without, at least 1; mean cluster size where nothing varies."""
    if clusters is None:
        return 1.0
    _, codes = np.unique(clusters, return_inverse=True)
    size = np.bincount(codes)
    if share in (0.0, 1.0):
        return len(right) / len(size)
    beyond = np.bincount(codes, weights=right) - share * size
    return max(1.0, float((beyond**2).sum()) / (len(right) * share * (1 - share)))


def rate_figure(counts: FloatArray, exposure: float, how: Resampling) -> Figure:
    """Events per 1,000 units of exposure.

    Parameters
    ----------
    counts : array (merchants,)
        Events of each merchant that had any; those without need not be there.
    exposure : float
        Merchant-days of all merchants.
    """
    total = float(counts.sum())
    if exposure <= 0:
        return UNKNOWN
    if total == 0:
        return Figure(0.0, 0.0, float(special.chdtri(2, how.tails[0])) / 2 / exposure * PER, 0)
    weights = np.random.default_rng(how.seed).poisson(1.0, (how.draws, len(counts)))
    low, high = np.quantile(weights @ counts, how.tails) / exposure * PER
    value = total / exposure * PER
    return Figure(value, min(float(low), value), max(float(high), value), int(total))


def median_figure(values: FloatArray, how: Resampling) -> Figure:
    """Median of the values that are known."""
    known = values[~np.isnan(values)]
    if not len(known):
        return UNKNOWN
    drawn = np.random.default_rng(how.seed).integers(0, len(known), (how.draws, len(known)))
    low, high = np.quantile(np.median(known[drawn], axis=1), how.tails)
    return Figure(float(np.median(known)), float(low), float(high), len(known))
