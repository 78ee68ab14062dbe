"""Known trouble put into real series: what the truth of a simulator is to it, this is to other people's data.

The idea: from a drawn day on a series falls (or rises, or drifts) by a known part, and everything that follows is made
anew: the level follows the drop, the model's weights too. What was judged is then what would have been judged.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


class Injection(BaseModel):
    """A change of a series from its onset on.

    Parameters
    ----------
    change : float
        -1 is an outage, -0.3 three tenths less, 1 twice as much.
    ramp_days : int
        Days until the change is whole; 0 = at once.
    days : int, optional
        How long it lasts; None = to the end.
    judged_on : tuple of int
        By the end of which days (1 = the day of the onset) it is asked whether it was found.
    benign : bool
        Nothing to be found: an alert is a false one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    change: Annotated[float, Field(ge=-1)]
    ramp_days: Annotated[int, Field(ge=0)] = 0
    days: Annotated[int, Field(ge=1)] | None = None
    judged_on: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=1)]
    benign: bool = False

    def factors(self, since: npt.NDArray[np.integer]) -> FloatArray:
        """Factor of each day by the days since its onset (below 0: before it)."""
        share = np.minimum((since + 1) / max(self.ramp_days, 1), 1.0)
        inside = since >= 0 if self.days is None else (since >= 0) & (since < self.days)
        return np.asarray(np.where(inside, 1 + self.change * share, 1.0), dtype=np.float64)


def draw_onsets(known: BoolArray, days: slice, rng: np.random.Generator) -> IntArray:
    """Draw an onset for each series among its known days.

    Parameters
    ----------
    known : array of bool (merchants, days)
    days : slice
        Columns that may be drawn.

    Returns
    -------
    array of int (merchants,)
        Column of the onset; -1 where a series has no known day there.
    """
    allowed = np.zeros(known.shape, bool)
    allowed[:, days] = known[:, days]
    drawn = np.where(allowed, rng.random(known.shape), -1.0)
    return np.where(allowed.any(axis=1), drawn.argmax(axis=1), -1).astype(np.int64)


def inject(
    values: FloatArray, onset: IntArray, injection: Injection, rng: np.random.Generator, counts: bool
) -> FloatArray:
    """Change every series from its onset on.

    Parameters
    ----------
    values : array (merchants, days)
        NaN = not known, and stays so.
    onset : array of int (merchants,)
        -1 leaves a series as it is.
    counts : bool
        Whole counts: each event stays away (or comes besides) by chance; otherwise values are multiplied.
    """
    since = np.arange(values.shape[1])[None, :] - onset[:, None]
    factor = np.where(onset[:, None] >= 0, injection.factors(since), 1.0)
    if not counts:
        return values * factor
    whole = np.rint(np.nan_to_num(values)).astype(np.int64)
    kept = rng.binomial(whole, np.minimum(factor, 1.0))
    more = rng.poisson(whole * np.maximum(factor - 1.0, 0.0))
    return np.where(np.isnan(values) | (factor == 1.0), values, kept + more)
