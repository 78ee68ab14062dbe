"""The local level: where a merchant stands now, once weekdays, events and plans are divided out.

It is the ratio of two exponentially weighted sums, what was sold over what the day factors promised for the same days.
A ratio of sums bears zeros and missing days: a day that is not known enters neither sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from models.forecasting.batched_prophet.compiled import compiled
from models.forecasting.panel import Flags, Floats, Ints

TINY: Final = 1e-12
FORGOTTEN: Final = 1e-4  # share of the peers' weight below which it counts as gone


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
        columns = np.asarray(columns, dtype=np.int64)
        shape = (len(half_lives), len(self.first), len(columns))
        found = Levels(np.empty(shape), np.empty(shape))
        has_peers = np.isfinite(self.peer_level)
        peer_days = np.where(has_peers, self.peer_days, 0.0)
        peer_level = np.where(has_peers, self.peer_level, 0.0)
        kept = _kept(half_lives, int(columns.max(initial=0)) + 2)
        order = np.argsort(columns)
        walk(self.sold, self.promised, self.first, peer_level, peer_days, columns[order], order, kept, *found)
        return found


def _kept(half_lives: Sequence[float], days: int) -> Floats:
    """What a day keeps of its weight after days - 1, ..., 1, 0 days (half-lives, days)."""
    decays = 0.5 ** (1.0 / np.array(half_lives, dtype=np.float64))
    kept: Floats = decays[:, None] ** np.arange(days)[::-1]
    return kept


@compiled
def walk(
    sold: Floats, promised: Floats, first: Ints, peer_level: Floats, peer_days: Floats, columns: Ints, place: Ints,
    kept: Floats, level: Floats, peer_share: Floats,
) -> None:  # fmt: skip
    """Fill levels and shares of peers (half-lives, merchants, columns), going through each merchant's days once.

    Parameters
    ----------
    peer_days : array (merchants,)
        0 = no peers.
    columns : array of int (columns,)
        In ascending order; a day beyond the last one only forgets.
    place : array of int (columns,)
        Where each of them stands in what is filled.
    kept : array (half-lives, days)
        What a day keeps of its weight, oldest first.
    """
    newest = kept.shape[1] - 1
    for m in range(len(sold)):
        for h in range(len(kept)):
            came, base, done = 0.0, 0.0, 0
            for c in range(len(columns)):
                stop = columns[c] + 1
                if stop > done:
                    last = max(min(stop, sold.shape[1]), done)
                    weights = kept[h, newest + 1 - stop + done :]
                    faded = kept[h, newest - (stop - done)]
                    came = came * faded + _dot(sold[m, done:last], weights)
                    base = base * faded + _dot(promised[m, done:last], weights)
                    done = stop
                # Once faded the prior is nothing, so that a merchant that only ever sold zeros stands at exactly zero.
                fade = kept[h, newest - max(columns[c] - first[m], 0)]
                peers = peer_days[m] * fade if fade >= FORGOTTEN else 0.0
                total, p = base + peers, place[c]
                if total < TINY:
                    level[h, m, p], peer_share[h, m, p] = np.nan, 1.0
                else:
                    level[h, m, p] = (came + peers * peer_level[m]) / total
                    peer_share[h, m, p] = peers / total


@compiled
def _dot(values: Floats, weights: Floats) -> float:
    total = 0.0
    for day in range(len(values)):
        total += values[day] * weights[day]
    return total


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
    level = np.full(values.shape, np.nan)
    average(values, factors, use, window // 2, least, level)
    return level


@compiled
def average(values: Floats, factors: Floats, use: Flags, half: int, least: int, level: Floats) -> None:
    """Fill the levels (merchants, days) that are known, as differences of running sums."""
    days = values.shape[1]
    sold, promised, count = np.zeros(days + 1), np.zeros(days + 1), np.zeros(days + 1, np.int64)
    for m in range(len(values)):
        for day in range(days):
            taken = use[m, day] and np.isfinite(values[m, day])
            sold[day + 1] = sold[day] + (values[m, day] if taken else 0.0)
            promised[day + 1] = promised[day] + (factors[m, day] if taken else 0.0)
            count[day + 1] = count[day] + taken
        for day in range(days):
            first, last = max(day - half, 0), min(day + half + 1, days)
            base = promised[last] - promised[first]
            if count[last] - count[first] >= least and base > TINY:
                level[m, day] = (sold[last] - sold[first]) / base
