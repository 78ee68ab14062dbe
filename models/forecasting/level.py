"""The local level: where a merchant stands now, once weekdays, events and plans are divided out.

It is the ratio of two exponentially weighted sums, what was sold over what the day factors promised for the same days.
A ratio of sums bears zeros and missing days: a day that is not known enters neither sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from models.forecasting.panel import Flags, Floats, Ints

TINY = 1e-12
FORGOTTEN = 1e-4  # share of the peers' weight below which it counts as gone


class Levels(NamedTuple):
    """Level after some days (half-lives, merchants, columns), and the share of it that comes from peers."""

    level: Floats
    peer_share: Floats


@dataclass(frozen=True)
class LevelSource:
    """What levels are read from, so that only the days that are asked for are computed.

    Parameters
    ----------
    sold : array (merchants, days)
        Values, 0 where not known.
    promised : array (merchants, days)
        What a merchant of level 1 is expected to sell, 0 where the value is not known.
    first : array of int (merchants,)
        First known day; the number of days where none is known.
    peer_level : array (merchants,)
        Level that peers suggest; NaN = no peers, then a merchant without days of its own has no level.
    peer_days : float or array (merchants,)
        Days that the peers' level counts for; it fades at the same half-life once the merchant has days of its own, so
        that a gap in the data does not bring it back.
    """

    sold: Floats
    promised: Floats
    first: Ints
    peer_level: Floats
    peer_days: Floats | float

    @classmethod
    def of(
        cls, values: Floats, factors: Floats, peer_level: Floats, peer_days: Floats | float, says: Floats | float = 1.0
    ) -> LevelSource:
        """Prepare values (NaN = not known), the factors of the same days, and how much each day says (0 to 1)."""
        known = np.isfinite(values)
        first = np.where(known.any(axis=1), known.argmax(axis=1), values.shape[1])
        sold, promised = np.where(known, values * says, 0.0), np.where(known, factors * says, 0.0)
        return cls(sold, promised, first, peer_level, peer_days)

    def after(self, columns: Ints, half_lives: Sequence[float]) -> Levels:
        """Levels after each of the given days by each half-life; nothing later than a day enters its level.

        Parameters
        ----------
        columns : array of int (columns,)
        half_lives : sequence of float
            Days after which a day counts half.

        Returns
        -------
        Levels
            Arrays (half-lives, merchants, columns).
        """
        decays = [0.5 ** (1.0 / half_life) for half_life in half_lives]
        weights = np.concatenate([_weights(columns, self.sold.shape[1], decay) for decay in decays], axis=1)
        shape = (len(self.first), len(decays), len(columns))
        sold = np.moveaxis((self.sold @ weights).reshape(shape), 1, 0)
        promised = np.moveaxis((self.promised @ weights).reshape(shape), 1, 0)
        has_peers = np.isfinite(self.peer_level)
        age = np.maximum(columns[None, :] - self.first[:, None], 0)
        faded = np.stack([decay ** np.arange(age.max(initial=0) + 1) for decay in decays])[:, age]
        # Once faded the prior is nothing, so that a merchant that only ever sold zeros stands at exactly zero.
        peers = np.where(has_peers, self.peer_days, 0.0)[:, None] * np.where(faded < FORGOTTEN, 0.0, faded)
        total = promised + peers
        unknown = total < TINY
        total = np.where(unknown, 1.0, total)
        level = (sold + peers * np.where(has_peers, self.peer_level, 0.0)[:, None]) / total
        return Levels(np.where(unknown, np.nan, level), np.where(unknown, 1.0, peers / total))


def days_of_peers(unit: Floats, peer_level: Floats, dispersion: Floats | float, log_sd: float, most: float) -> Floats:
    """Days (merchants,) that the peers' level counts for: variance of a day over that of levels about the peers'.

    A shop with a hundred orders a day shows within one of them where it stands, one with an order a week does not.

    Parameters
    ----------
    unit : array (merchants,)
        Size of one count.
    dispersion : float
        Squared coefficient of variation of a day beyond counting noise.
    log_sd : float
        Spread of levels about the peers', log units.
    most : float
    """
    variance = unit / np.maximum(peer_level, TINY) + dispersion
    return np.minimum(np.nan_to_num(variance / log_sd**2, nan=most), most)


def _weights(columns: Ints, days: int, decay: float) -> Floats:
    """Weight of each day (days, columns) in the level after each column."""
    distance = columns[None, :] - np.arange(days)[:, None]
    return np.where(distance >= 0, decay ** np.maximum(distance, 0), 0.0)


def centred_level(values: Floats, factors: Floats, use: Flags, window: int, least: int = 7) -> Floats:
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
