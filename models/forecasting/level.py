"""The local level: where a merchant stands now, once weekdays, events and plans are divided out.

It is the ratio of two exponentially weighted sums, what was sold over what the day factors promised for the same days.
A ratio of sums bears zeros and missing days: a day that is not known enters neither sum.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.signal import lfilter

from models.forecasting.panel import Floats

TINY = 1e-12


class LevelPath(NamedTuple):
    """Level after each day, and the share of it that comes from peers rather than from the merchant."""

    level: Floats
    peer_share: Floats


def level_path(values: Floats, factors: Floats, half_life: float, peer_level: Floats, peer_days: float) -> LevelPath:
    """Exponentially weighted level after each day.

    Parameters
    ----------
    values : array (merchants, days)
        NaN = not known.
    factors : array (merchants, days)
        What a merchant of level 1 is expected to sell on each day.
    half_life : float
        Days after which a day counts half.
    peer_level : array (merchants,)
        Level that peers suggest; NaN = no peers, then a merchant without days of its own has no level.
    peer_days : float
        Days that the peers' level counts for; it fades at the same half-life once the merchant has days of its own, so
        that a gap in the data does not bring it back.
    """
    decay = 0.5 ** (1.0 / half_life)
    known = np.isfinite(values)
    sold = lfilter([1.0], [1.0, -decay], np.where(known, values, 0.0), axis=1)
    promised = lfilter([1.0], [1.0, -decay], np.where(known, factors, 0.0), axis=1)
    days = np.arange(values.shape[1])
    first = np.where(known.any(axis=1), known.argmax(axis=1), values.shape[1])
    age = np.maximum(days[None, :] - first[:, None], 0)
    has_peers = np.isfinite(peer_level)
    weight = np.where(has_peers, peer_days, 0.0)[:, None] * decay**age
    total = promised + weight
    with np.errstate(invalid="ignore", divide="ignore"):
        level = (sold + weight * np.where(has_peers, peer_level, 0.0)[:, None]) / total
    unknown = total < TINY
    return LevelPath(np.where(unknown, np.nan, level), np.where(unknown, 1.0, weight / np.maximum(total, TINY)))


def centred_level(values: Floats, factors: Floats, use: np.ndarray, window: int, least: int = 7) -> Floats:
    """Level around each day from the days on both sides; only for estimating factors, never for forecasting.

    Parameters
    ----------
    values, factors : arrays (merchants, days)
    use : array of bool (merchants, days)
        Days that may speak for the level.
    window : int
        Odd number of days; fewer than `least` usable days in it give NaN.
    """
    half = window // 2
    taken = use & np.isfinite(values)
    sold = _window_sum(np.where(taken, values, 0.0), half)
    promised = _window_sum(np.where(taken, factors, 0.0), half)
    count = _window_sum(taken.astype(np.float64), half)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where((count >= least) & (promised > TINY), sold / promised, np.nan)


def _window_sum(values: Floats, half: int) -> Floats:
    days = values.shape[1]
    running = np.zeros((values.shape[0], days + 1))
    np.cumsum(values, axis=1, out=running[:, 1:])
    position = np.arange(days)
    result: Floats = running[:, np.minimum(position + half + 1, days)] - running[:, np.maximum(position - half, 0)]
    return result
