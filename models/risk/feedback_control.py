"""Verdicts move the share of false alarms that a leg may have: what was often wrong needs more, what was missed less.

The idea: the promise is one share q over all legs. Where the verdicts on a leg's anomalies show that it is not kept,
the leg's own share goes down a step; where it is more than kept, or an audit finds trouble that was missed, up a step;
always within bounds, and each step is judged only by alerts that opened after it. A share is a pure function of what
was said by a day, so a replayed day has the same one.

The shares enter the control as weights (Genovese, Roeder and Wasserman 2006). A merchant's p-value is its number of
legs times its smallest leg's, and is divided by that leg's weight. Which leg is smallest depends on the p-values, but
the chance that a merchant without trouble passes at k of m is at most the sum over its legs of q_leg k / (m legs), so
the false alarms stay within the mean share, whatever the dependence between legs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.metrics.rate import wilson_interval
from models.risk.settings import ControlSettings

FloatArray = npt.NDArray[np.float64]
DOOR = "anomaly"  # the only door that the control opens


@dataclass(frozen=True)
class LegShare:
    """Share q of one leg, and what it rests on.

    Attributes
    ----------
    moved_on : date or None
        Day from which it has held; None where it is still the policy's.
    labels, real : int
        Verdicts on alerts that opened since, and those that found real trouble; `low` and `high` are the interval of
        their share, NaN without verdicts.
    audited, missed : int
        Merchants looked at without an alert, and those that were in trouble.
    """

    leg: str
    q: float
    moved_on: date | None
    labels: int
    real: int
    low: float
    high: float
    audited: int
    missed: int


def leg_shares(labels: pd.DataFrame, legs: Sequence[str], settings: ControlSettings) -> list[LegShare]:
    """Share of each leg as the verdicts known by a day leave it.

    Parameters
    ----------
    labels : DataFrame
        `models.risk.verdicts.LABEL_COLUMNS`, only those known by the day. Alerts of other doors do not count: a limit
        is a limit whatever the control says.
    """
    counting = labels[labels["audit"] | (labels["door"] == DOOR)]
    return [_share(leg, counting[counting["leg"] == leg], settings) for leg in legs]


def _share(leg: str, labels: pd.DataFrame, settings: ControlSettings) -> LegShare:
    q, fresh = settings.q, 0
    moved_on: pd.Timestamp | None = None
    said: list[tuple[pd.Timestamp, bool]] = []
    for day in map(pd.Timestamp, sorted(labels["known_on"].unique())):
        today = labels[labels["known_on"] == day]
        alerts = today[~today["audit"]]
        news = list(zip(alerts["happened_on"], alerts["real"], strict=True))
        news = [(opened, real) for opened, real in news if moved_on is None or opened >= moved_on]
        said, fresh = (said + news)[-settings.most_labels :], fresh + len(news)
        enough = fresh >= settings.least_labels
        fresh = 0 if enough else fresh
        low, high = _precision(said, settings)
        moved = q
        if enough and high < 1 - settings.q:
            moved = max(q / settings.step, settings.q_least)
        elif (enough and low > 1 - settings.q) or (today["audit"] & today["real"]).any():
            moved = min(q * settings.step, settings.q_most)
        if moved != q:
            q, moved_on, fresh = moved, day, 0
            said = [(opened, real) for opened, real in said if opened >= day]
    low, high = _precision(said, settings)
    audits = labels[labels["audit"]]
    return LegShare(
        leg=leg,
        q=q,
        moved_on=None if moved_on is None else moved_on.date(),
        labels=len(said),
        real=sum(real for _, real in said),
        low=low,
        high=high,
        audited=len(audits),
        missed=int(audits["real"].sum()),
    )


def _precision(said: Sequence[tuple[pd.Timestamp, bool]], settings: ControlSettings) -> tuple[float, float]:
    """Interval of the share of verdicts that found real trouble; NaN without any."""
    if not said:
        return np.nan, np.nan
    real = float(sum(real for _, real in said))
    low, high = wilson_interval(np.array([real]), np.array([float(len(said))]), settings.confidence)
    return float(low[0]), float(high[0])


def merchant_weights(leg_p: FloatArray, shares: FloatArray) -> tuple[FloatArray, float]:
    """Weight of each merchant in the control, and the level at which the control then runs.

    Parameters
    ----------
    leg_p : array (legs, merchants)
        p-values; NaN where a merchant has none on a leg.
    shares : array (legs,)
        Share of each leg.

    Returns
    -------
    weights : array (merchants,)
        Share of the leg with the smallest p-value over the level; all 1 where the legs' shares are equal. NaN where a
        merchant has no p-value.
    level : float
        Mean share over the merchants, each with the mean over its legs: at most so many of the flagged are false.
    """
    known = ~np.isnan(leg_p)
    number = known.sum(axis=0)
    has_any = number > 0
    if not has_any.any() or np.ptp(shares) == 0:
        return np.where(has_any, 1.0, np.nan), float(shares.mean())
    own = (known * shares[:, None]).sum(axis=0)[has_any] / number[has_any]
    level = float(own.mean())
    smallest = np.where(known, leg_p, np.inf).argmin(axis=0)
    return np.where(has_any, shares[smallest] / level, np.nan), level
