"""From p-values to alarms: openings, the threshold that a rate of false ones allows, and what it finds by which day.

The idea: detectors can only be compared at the same price. The price is openings per 1,000 merchant-days on series
into which nothing was put; the threshold that pays it is chosen on other days than those that are judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from models.risk.discovery import passes_control
from models.risk.lasting import lasting_days
from models.risk.settings import ControlSettings

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
LONG_AGO = -(10**6)
STEPS = 60  # of the search for a threshold


def openings(flagged: BoolArray, apart_days: int) -> BoolArray:
    """Flagged days (merchants, days) that open an alarm: none was flagged in the `apart_days` before."""
    day = np.arange(flagged.shape[1])
    last = np.maximum.accumulate(np.where(flagged, day, LONG_AGO), axis=1)
    before = np.concatenate([np.full((len(flagged), 1), LONG_AGO), last[:, :-1]], axis=1)
    opened: BoolArray = flagged & (day - before > apart_days)
    return opened


def openings_per_1000(p: FloatArray, threshold: float, apart_days: int) -> float:
    """Openings per 1,000 merchant-days that were judged; p (merchants, days), NaN = not judged."""
    opened = openings(np.nan_to_num(p, nan=1.0) <= threshold, apart_days)
    return 1000.0 * float(opened.sum()) / max(int(np.isfinite(p).sum()), 1)


def threshold_at(p: FloatArray, per_1000: float, apart_days: int) -> float:
    """Largest threshold on p (merchants, days) at which no more alarms open than asked for.

    Parameters
    ----------
    per_1000 : float
        Openings per 1,000 judged merchant-days.
    """
    known = np.sort(p[np.isfinite(p)])
    if not len(known):
        return 0.0
    # More flagged days open more alarms, until they run together: the search stays where they hardly do.
    low, high = 0, min(int(len(known) * per_1000 / 1000 * 50) + 1, len(known) - 1)
    if openings_per_1000(p, float(known[0]), apart_days) > per_1000:
        return float(np.nextafter(known[0], 0.0))
    for _ in range(STEPS):
        if high - low <= 1:
            break
        middle = (low + high) // 2
        if openings_per_1000(p, float(known[middle]), apart_days) <= per_1000:
            low = middle
        else:
            high = middle
    return float(known[low])


def control_thresholds(p: FloatArray, q: float, least: float = 0.0) -> FloatArray:
    """Threshold of each day (days,) under the false-discovery control of the day, for one more merchant in trouble.

    Parameters
    ----------
    p : array (merchants, days)
        Of merchants into whose series nothing was put.
    q : float
        Share of the flagged that may be false.
    least : float
        What passes in any case.
    """
    flagged = np.stack([passes_control(p[:, day], q, least=least).sum() for day in range(p.shape[1])])
    by_share = q * (flagged + 1) / np.maximum(np.isfinite(p).sum(axis=0), 1)
    return np.asarray(np.maximum(by_share, least), dtype=np.float64)


def controlled(p: FloatArray, control: ControlSettings) -> FloatArray:
    """0 where a merchant of one leg is flagged on its day, 1 where not (merchants, days); NaN stays NaN."""
    by_day = [passes_control(p[:, day], control.q, least=control.least_p) for day in range(p.shape[1])]
    flagged = np.stack(by_day, axis=1) | lasting_days(p.T, control.lasting.p_value, control.lasting).T
    return np.where(np.isnan(p), np.nan, np.where(flagged, 0.0, 1.0))


def found_by(p: FloatArray, onset: IntArray, threshold: float | FloatArray, day: int) -> BoolArray:
    """Whether each series with an onset was flagged by the end of its `day`-th day (1 = the day of the onset).

    `threshold` is one for all days, or one of each day (days,).
    """
    rows = np.flatnonzero(onset >= 0)
    since = np.arange(p.shape[1])[None, :] - onset[rows, None]
    flagged = np.nan_to_num(p[rows], nan=1.0) <= threshold
    return np.asarray((flagged & (since >= 0) & (since < day)).any(axis=1), dtype=np.bool_)


class Calibration(NamedTuple):
    """Share of p-values at or below a nominal one, over it; with an exact interval as if scores were independent."""

    nominal: float
    ratio: float
    low: float
    high: float
    scores: int


def calibration(p: FloatArray, nominal: Sequence[float], level: float = 0.95) -> list[Calibration]:
    """Realised over nominal share of small p-values, on series into which nothing was put."""
    known = p[np.isfinite(p)]
    rows = []
    for one in nominal:
        count, expected, tail = float((known <= one).sum()), one * max(len(known), 1), (1 - level) / 2
        low = float(special.chdtri(2 * count, 1 - tail)) / 2 if count else 0.0
        high = float(special.chdtri(2 * count + 2, tail)) / 2
        rows.append(Calibration(one, count / expected, low / expected, high / expected, len(known)))
    return rows


def worst_day(p: FloatArray, threshold: float, least: int) -> tuple[int, float]:
    """Day (column) on which the largest share of merchants is flagged, and that share; -1 where no day has `least`."""
    known = np.isfinite(p)
    share = (known & (np.nan_to_num(p, nan=1.0) <= threshold)).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    share = np.where(known.sum(axis=0) >= least, share, -1.0)
    if not len(share) or share.max() < 0:
        return -1, np.nan
    return int(share.argmax()), float(share.max())
