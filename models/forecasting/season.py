"""How much last year's errors count: as if models had known then what they know now.

Around this day a year ago models had a year less to learn from, and some could not speak yet, so they missed by more.
By how much, ordinary days tell: those after the last weeks before the season then, beside those after the newest weeks.
A few windows differ by much more than knowledge, so that this is believed by half and never makes errors larger.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from models.forecasting.panel import Flags, Floats, Ints
from models.forecasting.policy import CalibrationPolicy
from models.forecasting.rolling import Origins

BEFORE = (
    2  # of last year's origins those that lie before the season: its holidays are not yet ahead of most of their days
)
NEWEST = 3  # origins beside them
LEAST_ERRORS = 2000  # on either side, below which a horizon group says nothing


def season_share(
    bins: Ints, spread: Callable[[Floats], Floats], usable: Flags, origins: Origins, policy: CalibrationPolicy
) -> float:
    """Part of last year's errors that counts.

    Parameters
    ----------
    bins : array (origins, strata, horizon groups, 2 kinds of day, bins)
        Standardized errors, counted; the first horizon groups are those of single days.
    spread : callable
        Spread of counts (groups, bins), in any unit.
    usable : array of bool (origins, horizon groups)
        Which errors had been seen.
    origins : Origins
    policy : CalibrationPolicy
        `season_share` is the share where nothing can be told, and the most there is; `season_own` how far the
        platform's own errors are believed.
    """
    recent, groups = len(origins.recent), len(policy.horizons)
    ordinary = bins[:, :, :groups, 0].sum(axis=1)
    seen = usable[:, :groups]
    newest = seen[:recent] & (np.cumsum(seen[:recent], axis=0) <= NEWEST)
    now = np.einsum("ogb,og->gb", ordinary[:recent], newest.astype(np.int64))
    then = ordinary[recent:][-BEFORE:].sum(axis=0)
    told = np.minimum(now.sum(axis=1), then.sum(axis=1)) >= LEAST_ERRORS
    if not told.any():
        return policy.season_share
    own = np.log(spread(now[told].astype(np.float64)) / spread(then[told].astype(np.float64))).mean()
    mixed = policy.season_own * own + (1 - policy.season_own) * np.log(policy.season_share)
    return float(min(np.exp(mixed), policy.season_share))


def shrunk(bins: Floats, share: float) -> Floats:
    """Counts (..., bins) of errors about 0 (the middle edge) as they were if each error were `share` of itself."""
    count = bins.shape[-1]
    below = np.concatenate([np.zeros((*bins.shape[:-1], 1)), np.cumsum(bins, axis=-1)], axis=-1)
    edges = np.arange(count + 1) - count / 2
    at = np.clip(edges / share + count / 2, 0, count)
    left = np.minimum(at.astype(np.int64), count - 1)
    inside = at - left
    spread: Floats = below[..., left] * (1 - inside) + below[..., left + 1] * inside
    return np.diff(spread, axis=-1)
