"""What a shop does against its own month before, held against what its peers did in the same days.

A forecast that is unsure of a feast, a presale or a new season is unsure for all shops at once, and a shop that lost
half of its visitors in such weeks is lost in that doubt. What all shops of a category did alike needs no forecast to
be taken off: only what is left is a shop's own. The one idea: the log of the last days' mean over the mean of the month
before, less the peers' middle on the same day, in units of how far it usually lies out at this shop. A week and a
fortnight are judged so, and their mean counts: a fall that lasts is told from a restless shop's bad week.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import Field

from models.metrics.catalogue import Probability
from models.metrics.windows import known_together, rolling_sum
from models.metrics.words import Frozen

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

AGAINST_PEERS = "against_peers"  # the detector's name among those over several days


class Compared(Frozen):
    """Columns that are compared: a count, or a count per another."""

    of: str
    per: str | None = None


class AgainstPeersSettings(Frozen):
    """Which days are held against which, and how far a shop usually lies out."""

    metrics: dict[str, Compared] = Field(default_factory=dict, description="By metric")
    recent_days: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        default=(7, 14), min_length=1, description="Lengths of the recent days; the mean of their scores counts"
    )
    month_days: int = Field(default=28, ge=7, description="Days that the recent ones are held against")
    gap_days: int = Field(default=7, ge=0, description="Days between the month and the recent ones")
    usual_days: int = Field(default=140, ge=28, description="Days that say how far a shop usually lies out")
    move_days: int = Field(default=3, ge=1, description="Days whose mean is held against that of ...")
    move_apart_days: int = Field(default=28, ge=1, description="... as many days, so many days before")
    trouble_deviations: float = Field(default=4.0, gt=0, description="Weeks so far out say nothing of what is usual")
    move_clip: Probability = Field(default=0.02, lt=0.5, description="Share of its moves that count no more, each side")
    least_days: int = Field(default=28, ge=7, description="Fewest of them that are known")
    least_peers: int = Field(default=30, ge=5, description="Smaller groups are held against everybody")
    least_spread: float = Field(default=0.03, gt=0, description="Log deviations")
    shrinkage: Probability = Field(default=0.3, description="How far few days are drawn to all shops")

    def read_days(self, scored_days: int) -> int:
        """Days that so many scored days look back on, themselves included."""
        of_falls = max(self.recent_days) + self.gap_days + self.month_days
        of_moves = self.move_apart_days + self.usual_days + self.move_days + self.move_apart_days
        return scored_days + self.move_apart_days + max(of_falls, of_moves)


class Change(NamedTuple):
    """Fall of a shop's recent days against its month before, as a log, and the variance that counting alone gives it.

    Both are arrays (merchants, days), NaN where fewer than half of the days are known or nothing was there to
    be divided by; a positive change is a fall.
    """

    fall: FloatArray
    doubt: FloatArray


class Course(NamedTuple):
    """What a block of shops did.

    Attributes
    ----------
    falls : list of Change
        Of the scored days and of the `move_apart_days` before them, one for each length of the recent days.
    moves : array (merchants, days)
        The mean of some days over that of as many four weeks before, as a log (`move_days`, `move_apart_days`), of
        `usual_days` and `move_apart_days` more than the falls.
    """

    falls: list[Change]
    moves: FloatArray


def courses(of: FloatArray, per: FloatArray | None, settings: AgainstPeersSettings, scored_days: int) -> Course:
    """Falls of the newest days, and the moves that say what is usual on each of them.

    Parameters
    ----------
    of, per : array (merchants, days)
        Counts; NaN on days that are not known or on which the shop was closed by plan. Without `per` their mean over
        days is compared, else their mean per unit of it.
    """
    unit = np.where(np.isnan(of), np.nan, 1.0) if per is None else per
    of, unit = known_together(of, unit)
    seen = np.where(np.isnan(of), np.nan, 1.0)

    def window(length: int, before: int, days: int) -> tuple[FloatArray, FloatArray]:
        ends = slice(max(of.shape[1] - days, 0), of.shape[1])
        count, exposure, known = (rolling_sum(part, length, ends, before) for part in (of, unit, seen))
        enough = (known >= (length + 1) // 2) & (exposure > 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            # One more event on both sides keeps a small shop's empty week finite.
            return np.where(enough, np.log((count + 1) / exposure), np.nan), 1 / (count + 1)

    falls, days = [], scored_days + settings.move_apart_days
    for length in settings.recent_days:
        recent, doubt = window(length, 0, days)
        month, month_doubt = window(settings.month_days, length + settings.gap_days, days)
        falls.append(Change(month - recent, doubt + month_doubt))
    days += settings.usual_days + settings.move_apart_days
    now, before = (window(settings.move_days, apart, days)[0] for apart in (0, settings.move_apart_days))
    return Course(falls, now - before)


def own_part(change: FloatArray, groups: IntArray, least_peers: int) -> FloatArray:
    """Changes less the middle of the merchant's group on the same day; small groups are held against everybody.

    Parameters
    ----------
    change : array (merchants, days)
    groups : array (merchants,)
        Number of each merchant's group.
    """
    own = np.full_like(change, np.nan)
    sizes = np.bincount(groups)
    alone = sizes[groups] < least_peers
    if alone.any():
        own[alone] = change[alone] - _middle(change)
    for group in np.flatnonzero(sizes >= least_peers):
        members = np.flatnonzero(groups == group)
        own[members] = change[members] - _middle(change[members])
    return own


def _middle(values: FloatArray) -> FloatArray:
    """Median of each day over the merchants that are known; NaN where none is."""
    ordered = np.sort(values, axis=0)  # NaN comes last
    known = np.sum(~np.isnan(values), axis=0)
    place = np.maximum(known - 1, 0)
    days = np.arange(values.shape[1])
    middle: FloatArray = (ordered[place // 2, days] + ordered[(place + 1) // 2, days]) / 2
    return middle
