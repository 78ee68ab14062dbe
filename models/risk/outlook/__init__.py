"""How likely is a volume collapse within two or four weeks: first version, a frequency counted from the past.

On past days whose outcome is known by now, merchants are sorted by what was then visible (last week over the last four
weeks, against the platform's median); of those with a like figure, the share that collapsed is the probability. Nothing
is promised where the history is too short: then there is no figure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.risk.settings import OutlookSettings

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class VolumeSnapshot:
    """What one day showed of each merchant's units (a day without a row counts as 0 here).

    Parameters
    ----------
    trailing, recent : arrays (merchants,)
        Mean units a day of the trailing and the recent days.
    ahead : array (merchants,) or None
        Mean units a day of the days after it; None for today.
    old_enough, sold_today : arrays of bool
    """

    trailing: FloatArray
    recent: FloatArray
    ahead: FloatArray | None
    old_enough: BoolArray
    sold_today: BoolArray


@dataclass(frozen=True)
class Outlook:
    """Probabilities of a collapse; NaN where no figure can be given."""

    p_bad: FloatArray
    p_bad_healthy: FloatArray


def snapshot(units: FloatArray, origin: int, horizon: int | None, settings: OutlookSettings) -> VolumeSnapshot:
    """Take a snapshot at column `origin` of units (merchants, days).

    Merchants whose first sale is older than the panel are old enough when they sold on the panel's first days.
    """
    sold = np.nan_to_num(units)
    past = sold[:, : origin + 1]
    first = np.where((past > 0).any(axis=1), (past > 0).argmax(axis=1), origin + 1)
    ahead = None if horizon is None else sold[:, origin + 1 : origin + 1 + horizon].mean(axis=1)
    return VolumeSnapshot(
        past[:, -settings.trailing_days :].mean(axis=1),
        past[:, -settings.recent_days :].mean(axis=1),
        ahead,
        origin - first >= settings.least_age_days,
        past[:, -1] > 0,
    )


def _adjusted(part: FloatArray, trailing: FloatArray, eligible: BoolArray) -> FloatArray:
    """Ratio to the trailing mean over its median among eligible merchants."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(eligible, part / trailing, np.nan)
    middle = np.nanmedian(ratio) if eligible.any() else np.nan
    return ratio / middle if middle > 0 else np.full_like(ratio, np.nan)


def outlook(today: VolumeSnapshot, past: list[VolumeSnapshot], settings: OutlookSettings) -> Outlook:
    """Probability of a collapse for each merchant, counted over the past snapshots.

    Parameters
    ----------
    past : list of VolumeSnapshot
        Each with its outcome (`ahead`); an outcome must lie entirely before today.
    """
    nothing = np.full(len(today.trailing), np.nan)
    if len(past) < settings.least_origins:
        return Outlook(nothing, nothing)
    edges = np.array(settings.ratio_edges)
    collapsed = np.zeros(len(edges) + 1)
    counted = np.zeros(len(edges) + 1)
    for one in past:
        bins, eligible = _bins(one, edges, settings)
        assert one.ahead is not None
        outcome = _adjusted(one.ahead, one.trailing, eligible) < settings.collapse_below
        used = eligible & (bins >= 0)
        counted += np.bincount(bins[used], minlength=len(counted))
        collapsed += np.bincount(bins[used], weights=outcome[used].astype(float), minlength=len(counted))
    if not counted.sum():
        return Outlook(nothing, nothing)
    overall = (collapsed.sum() + 0.5) / (counted.sum() + 1)
    frequency = (collapsed + overall * settings.prior_merchants) / (counted + settings.prior_merchants)
    frequency = _never_rising(frequency, counted + settings.prior_merchants)
    bins, eligible = _bins(today, edges, settings)
    p_bad = np.where(eligible & (bins >= 0), frequency[np.maximum(bins, 0)], np.nan)
    ratio = _adjusted(today.recent, today.trailing, eligible)
    healthy = (np.nan_to_num(ratio) >= settings.healthy_ratio) & today.sold_today
    return Outlook(p_bad, np.where(healthy, p_bad, np.nan))


def _bins(one: VolumeSnapshot, edges: FloatArray, settings: OutlookSettings) -> tuple[IntArray, BoolArray]:
    eligible = one.old_enough & (one.trailing >= settings.least_mean)
    ratio = _adjusted(one.recent, one.trailing, eligible)
    bins = np.searchsorted(edges, np.nan_to_num(ratio), side="right")
    return np.where(np.isnan(ratio), -1, bins).astype(np.int64), eligible


def _never_rising(frequency: FloatArray, weight: FloatArray) -> FloatArray:
    """Pool neighbours so that a merchant that does better is never told a higher probability."""
    values, weights, sizes = [], [], []
    for value, mass in zip(frequency, weight, strict=True):
        values.append(float(value))
        weights.append(float(mass))
        sizes.append(1)
        while len(values) > 1 and values[-1] > values[-2]:
            mass_of_both = weights[-1] + weights[-2]
            pooled = (values[-1] * weights[-1] + values[-2] * weights[-2]) / mass_of_both
            values[-2:], weights[-2:], sizes[-2:] = [pooled], [mass_of_both], [sizes[-2] + sizes[-1]]
    return np.repeat(values, sizes)
