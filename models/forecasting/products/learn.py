"""What a sample of the platform's products teaches about all of them: factors, half-lives, spread.

The idea: a few thousand shops, drawn by a hash of their ids, say all that products have in common, so that learning
costs the same on any platform and no result depends on how merchants are cut into blocks. Half-lives are chosen by a
backtest on origins before the day: Poisson deviance, by how much a product sells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from models.forecasting.panel import Floats, Ints
from models.forecasting.policy import ProductPolicy
from models.forecasting.products.factors import ProductFactors, fit_factors
from models.forecasting.products.level import (
    Sums,
    category_drift,
    daily,
    long_level,
    rate_shape,
    recent_level,
    weighted,
)
from models.forecasting.products.panel import ProductPanel

AHEAD_DAYS = 14  # days after an origin that a half-life is judged by
STEP_DAYS, ORIGINS = 7, 4
LEAST_DAYS = 14  # known days before an origin
DISPERSIONS = (0.01, 6.0)
UNITS = (0.02, 5.0)
TINY = 1e-12


@dataclass(frozen=True)
class LearnedProducts:
    """What all products share.

    Parameters
    ----------
    factors : ProductFactors
    shape : float
        Of the gamma law of levels within a shop.
    unit : float
        Variance of a small count over its mean: 1 for pieces, less for goods in parts of a piece.
    half_life : array (strata,)
        Of the recent level, days.
    drift : array (half-lives, categories + 1)
        By position in the policy's half-lives.
    dispersion : array (strata,)
        (variance - unit * mean) / mean^2 of a day's units about their forecast.
    policy : ProductPolicy
    """

    factors: ProductFactors
    shape: float
    unit: float
    half_life: Ints
    drift: Floats
    dispersion: Floats
    policy: ProductPolicy

    def stratum(self, long: Floats) -> Ints:
        """Stratum of products by their long level."""
        return stratum_of(long, self.unit, self.policy)


def stratum_of(long: Floats, unit: float, policy: ProductPolicy) -> Ints:
    """Stratum of products by counts a day in stock."""
    return np.digitize(long / unit, policy.strata).astype(np.int64)


def learn_products(panel: ProductPanel, categories: int, policy: ProductPolicy, whole: bool) -> LearnedProducts:
    """Learn from a sample of whole shops.

    Parameters
    ----------
    categories : int
        Number of category codes in the sample.
    whole : bool
        Units are whole numbers.
    """
    factors = fit_factors(panel, categories, policy)
    units, promised = daily(panel, factors)
    flat = Sums(units.sum(axis=1), promised.sum(axis=1))
    unit = 1.0 if whole else small_unit(units, promised, flat)
    shape = rate_shape(panel, flat, unit) if len(panel.shop) else policy.rate_shape
    half_life, dispersion = _backtest(panel, factors, units, promised, (shape, unit), categories, policy)
    long = long_level(panel, weighted(units, promised, panel.history, policy.long_half_life), shape, unit)
    drift = np.stack(
        [
            category_drift(
                panel.category, categories, weighted(units, promised, panel.history, days), long, factors.overdispersion
            )
            for days in policy.half_lives
        ]
    )
    return LearnedProducts(factors, shape, unit, half_life, drift, dispersion, policy)


def small_unit(units: Floats, promised: Floats, flat: Sums) -> float:
    """Variance over mean of days with small means: what one piece is in a unit that is not counted in pieces."""
    level = np.divide(flat.sold, flat.promised, out=np.zeros_like(flat.sold), where=flat.promised > 0)
    mean = level[:, None] * promised
    squares = np.where(promised > 0, (units - mean) ** 2, 0.0)
    # Products by their level, cut into parts of equal volume: variance = unit * mean + dispersion * mean^2 over them.
    part = np.searchsorted(np.quantile(level, np.linspace(0, 1, 21)[1:-1]), level) if len(level) else np.zeros(0, int)
    sums = [np.bincount(part, values.sum(axis=1), 20) for values in (mean, mean**2, squares)]
    seen = sums[0] > 0
    if not seen.any():
        return 1.0
    scale = 1.0 / sums[0][seen]
    (unit, _), _ = nnls(np.stack([sums[0][seen] * scale, sums[1][seen] * scale], axis=1), sums[2][seen] * scale)
    return float(np.clip(unit, *UNITS))


def _backtest(
    panel: ProductPanel,
    factors: ProductFactors,
    units: Floats,
    promised: Floats,
    prior: tuple[float, float],
    categories: int,
    policy: ProductPolicy,
) -> tuple[Ints, Floats]:
    """Choose the half-life and read the dispersion of each stratum."""
    strata, choices = len(policy.strata) + 1, len(policy.half_lives)
    deviance, moments = np.zeros((choices, strata)), np.zeros((choices, 3, strata))
    for until in origins_of(panel.history):
        last = min(until + AHEAD_DAYS, panel.history)
        long = long_level(panel, weighted(units, promised, until, policy.long_half_life), *prior)
        stratum = stratum_of(long, prior[1], policy)
        actual, base = units[:, until:last], promised[:, until:last]
        full = (panel.out[:, until:last] == 0) & (base > 0)
        for choice, half_life in enumerate(policy.half_lives):
            recent = weighted(units, promised, until, half_life)
            drift = category_drift(panel.category, categories, recent, long, factors.overdispersion)
            level = recent_level(recent, long, drift[panel.category], policy.anchor_days)
            mean = level[:, None] * base
            deviance[choice] += np.bincount(stratum, poisson_deviance(actual, mean).sum(axis=1), strata)
            error = np.where(full, (actual - mean) ** 2, 0.0)
            for place, values in enumerate((np.where(full, mean, 0.0), np.where(full, mean, 0.0) ** 2, error)):
                moments[choice, place] += np.bincount(stratum, values.sum(axis=1), strata)
    seen = deviance.sum(axis=0) > 0
    best = np.where(seen, deviance.argmin(axis=0), policy.default_position)
    mean, square, error = moments[best, :, np.arange(strata)].T
    return best.astype(np.int64), _dispersion(mean, square, error, prior[1], policy)


def origins_of(history: int) -> list[int]:
    """Columns after which the backtest forecasts, newest first."""
    return [until for step in range(1, ORIGINS + 1) if (until := history - step * STEP_DAYS) >= LEAST_DAYS]


def poisson_deviance(actual: Floats, mean: Floats) -> Floats:
    """Half the deviance of each cell; a cell that promises nothing counts nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.where(actual > 0, actual * np.log(actual / np.maximum(mean, TINY)), 0.0)
    return np.where(mean > 0, log - actual + mean, 0.0)


def _dispersion(mean: Floats, square: Floats, error: Floats, unit: float, policy: ProductPolicy) -> Floats:
    """Dispersion of each stratum, mixed with the policy's where there is little to read it from."""
    prior = policy.dispersion_units
    found = ((error - unit * mean) / unit + policy.dispersion * prior) / (square / unit + prior)
    result: Floats = np.clip(found, *DISPERSIONS)
    return result
