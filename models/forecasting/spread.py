"""How far a day may lie from its mean, and the scale on which all merchants' errors are alike.

Variance of a day = unit x mean + dispersion x mean^2 (negative binomial; `unit` is the size of one count, so gmv fits
too). On the scale v(y) = 2 / sqrt(b) asinh(sqrt(b y / unit)) that variance is about 1 for every
merchant and every mean, so errors of small and large, quiet and busy days can be pooled, and nothing that is brought
back from it can be below zero.
Source: Anscombe (1948), Biometrika 35, 246-254.
"""

from __future__ import annotations

import numpy as np

from models.forecasting.panel import Floats
from models.forecasting.policy import SpreadPolicy

LARGEST = 300.0  # beyond this sinh overflows; no volume comes near


def stabilise(values: Floats, unit: Floats, dispersion: Floats) -> Floats:
    """Bring volumes to the scale on which their standard deviation is about 1."""
    root = np.sqrt(dispersion)
    result: Floats = 2.0 / root * np.arcsinh(root * np.sqrt(np.maximum(values, 0.0) / unit))
    return result


def restore(scaled: Floats, unit: Floats, dispersion: Floats) -> Floats:
    """Inverse of `stabilise`; what lies below zero becomes zero."""
    root = np.sqrt(dispersion)
    inner = np.minimum(0.5 * root * np.maximum(scaled, 0.0), LARGEST)
    result: Floats = unit / dispersion * np.sinh(inner) ** 2
    return result


def dispersions(actual: Floats, mean: Floats, unit: Floats, policy: SpreadPolicy) -> Floats:
    """Dispersion of each merchant by moments, mixed with the prior.

    Parameters
    ----------
    actual, mean : arrays (merchants, days)
        One-day-ahead forecasts and what came; NaN where either is not known.
    unit : array (merchants,)
        Size of one count.
    """
    known = np.isfinite(actual) & np.isfinite(mean)
    expected = np.where(known, mean, 0.0)
    beyond = np.where(known, (actual - expected) ** 2 - unit[:, None] * expected, 0.0).sum(axis=1)
    squares = (expected**2).sum(axis=1)
    prior = policy.dispersion_days * squares / np.maximum(known.sum(axis=1), 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (beyond + policy.dispersion * prior) / (squares + prior)
    low, high = policy.dispersion_range
    return np.clip(np.where(squares > 0, found, policy.dispersion), low, high)


def widening(
    mean: Floats,
    unit: Floats,
    dispersion: Floats,
    event_share: Floats,
    peer_share: Floats,
    policy: SpreadPolicy,
    peer_log_sd: float,
) -> Floats:
    """Factor on standardized errors where the mean itself is less certain: on event days, and of newcomers.

    A doubt of `s` log units in the mean is s / sqrt(unit / mean + dispersion) on the stabilised scale.

    Parameters
    ----------
    event_share : array
        1 on event days; for sums the share of the mean that falls on them.
    peer_share : array
        Share of the level that comes from peers.
    """
    doubt = (policy.event_lift_sd * event_share) ** 2 + peer_log_sd**2 * peer_share
    with np.errstate(divide="ignore"):
        relative = unit / np.maximum(mean, 1e-12) + dispersion
    return np.sqrt(1.0 + doubt / relative)
