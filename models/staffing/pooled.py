"""What service desks have in common, by category: consultations per visitor or order, hours of the day, spread.

The idea: a desk with few consultations is mostly chance. How far merchants of a category truly differ, in their ratio
and in their hours, is read from the data (empirical Bayes, by moments), and says how much a merchant's own count.

Sources: gamma-Poisson and Dirichlet-multinomial moments, e.g. Carlin and Louis, Bayesian Methods for Data Analysis, 3rd
ed., ch. 5; Mosimann, On the compound multinomial distribution, Biometrika 49, 1962.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.staffing.desk import AFTER_SALE, DRIVERS, PHASES, Causes, Desks, Floats, Ints, causes_of
from models.staffing.policy import StaffingPolicy

Flags = NDArray[np.bool_]
HOURS = 24
CODES = len(DRIVERS) + 1
SHAPES = (0.5, 500.0)  # of the gamma law of ratios
WEIGHTS = (5.0, 5000.0)  # of the Dirichlet law of hours, in consultations
DISPERSIONS = (0.005, 4.0)
FEW = 50.0  # consultations up to which a merchant's hours say little of how merchants differ
TINY = 1e-12


@dataclass(frozen=True)
class Pooled:
    """Laws of the merchants of each category; the last row is the platform's, which code -1 reads too.

    Parameters
    ----------
    ratio : (c + 1, 2, 4) array
        Consultations per unit of the driver.
    shape : (c + 1, 2) array
        Shape of the gamma law of merchants' ratios.
    noise : (2,) array
        Variance over mean of a day's consultations.
    profile : (c + 1, 2, 24) array
        Share of each hour.
    weight : (c + 1, 2) array
        Consultations that the category's profile counts for.
    dispersion : (c + 1, 2) array
        (variance - mean) / mean^2 of an hour's consultations, their driver known.
    human, seconds : (c + 1, 2) arrays
        Share taken by people; seconds of theirs per consultation (NaN = not known).
    after_sale_days : int
        Days of orders that consultations after a sale follow.
    """

    ratio: Floats
    shape: Floats
    noise: Floats
    profile: Floats
    weight: Floats
    dispersion: Floats
    human: Floats
    seconds: Floats
    after_sale_days: int


def pool(desks: Desks, categories: int, policy: StaffingPolicy) -> Pooled:
    """Estimate the laws from a sample of merchants."""
    lags = {days: causes_of(desks, days) for days in policy.after_sale_days}
    misfit = {days: _misfit(desks, causes) for days, causes in lags.items()}
    best = min(policy.after_sale_days, key=lambda days: (misfit[days], days))
    causes = lags[best]
    sold, cause = totals(desks, causes)
    place = desks.category % (categories + 1)
    noise = _noise(desks, causes, sold, cause)
    ratio, shape = _ratios(place, categories, causes.code, sold, cause, noise, policy)
    profile, weight = _hours(place, categories, hourly(desks), policy)
    dispersion = _dispersion(place, categories, desks, causes, sold, cause)
    human, seconds = _people(place, categories, desks, policy)
    return Pooled(ratio, shape, noise, profile, weight, dispersion, human, seconds, best)


def hourly(desks: Desks) -> Floats:
    """Consultations by hour over the known days; (n, 2, 24)."""
    result: Floats = np.nan_to_num(desks.sessions).sum(axis=2)
    return result


def totals(desks: Desks, causes: Causes) -> tuple[Floats, Floats]:
    """Consultations and driver over the days on which both are known; (n, 2)."""
    daily = desks.daily
    both = np.isfinite(daily) & np.isfinite(causes.known)
    return np.where(both, daily, 0.0).sum(axis=2), np.where(both, causes.known, 0.0).sum(axis=2)


def _expected(causes: Causes, sold: Floats, cause: Floats) -> Floats:
    """Each day's consultations by the merchant's own ratio; (n, 2, d), NaN where not known."""
    own = np.divide(sold, cause, out=np.zeros_like(sold), where=cause > 0)
    result: Floats = own[:, :, None] * causes.known
    return result


def _misfit(desks: Desks, causes: Causes) -> float:
    """Poisson deviance of the days' consultations after a sale about what their driver says."""
    daily, expected = desks.daily[:, AFTER_SALE], _expected(causes, *totals(desks, causes))[:, AFTER_SALE]
    seen = np.isfinite(daily) & np.isfinite(expected) & (expected > 0)
    actual, mean = daily[seen], expected[seen]
    return float((np.where(actual > 0, actual * np.log(np.maximum(actual, TINY) / mean), 0.0) - actual + mean).sum())


def _noise(desks: Desks, causes: Causes, sold: Floats, cause: Floats) -> Floats:
    """Variance over mean of a day's consultations; at least 1."""
    expected = _expected(causes, sold, cause)
    both = np.isfinite(desks.daily) & np.isfinite(expected)
    days = both.sum(axis=2)
    square = np.where(both, (desks.daily - expected) ** 2, 0.0).sum(axis=2)
    corrected = np.where(days > 1, square * days / np.maximum(days - 1, 1), 0.0).sum(axis=0)
    mean = np.where(days > 1, sold, 0.0).sum(axis=0)
    return np.maximum(np.divide(corrected, mean, out=np.ones(len(PHASES)), where=mean > 0), 1.0)


def _ratios(
    place: Ints, categories: int, code: Ints, sold: Floats, cause: Floats, noise: Floats, policy: StaffingPolicy
) -> tuple[Floats, Floats]:
    rows = categories + 1
    ratio, shape = np.zeros((rows, len(PHASES), CODES)), np.zeros((rows, len(PHASES)))
    for phase in range(len(PHASES)):
        cell = place * CODES + code[:, phase]
        sums = [
            np.bincount(cell, values, rows * CODES).reshape(rows, CODES) for values in (sold[:, phase], cause[:, phase])
        ]
        everyone = sums[0].sum(axis=0), sums[1].sum(axis=0)
        usual = np.divide(*everyone, out=np.zeros(CODES), where=everyone[1] > 0)
        prior = policy.prior_sessions * noise[phase]
        with np.errstate(divide="ignore", invalid="ignore"):
            table = (sums[0] + prior) / (sums[1] + prior / usual)
        ratio[:, phase] = np.where(usual > 0, table, 0.0)
        ratio[-1, phase] = usual
        expected = ratio[place, phase, code[:, phase]] * cause[:, phase]
        shape[:, phase] = _shapes(place, rows, sold[:, phase], expected, noise[phase], policy)
    return ratio, shape


def _shapes(
    place: Ints, rows: int, sold: Floats, expected: Floats, noise: float, policy: StaffingPolicy
) -> Floats:  # fmt: skip
    """Shape of merchants' ratios about their category's: squared errors beyond chance, over squared means."""
    seen = expected > 0
    excess = np.divide((sold - expected) ** 2, expected, out=np.zeros_like(sold), where=seen) - noise * seen
    spread = _shrunk(place, rows, excess, expected, seen, policy)
    return np.clip(1.0 / np.maximum(spread, TINY), *SHAPES)


def _hours(place: Ints, categories: int, hours: Floats, policy: StaffingPolicy) -> tuple[Floats, Floats]:
    rows = categories + 1
    profile, weight = np.zeros((rows, len(PHASES), HOURS)), np.zeros((rows, len(PHASES)))
    for phase in range(len(PHASES)):
        mine = hours[:, phase]
        total = mine.sum(axis=1)
        everyone = mine.sum(axis=0)
        usual = (everyone + 1.0) / (everyone.sum() + HOURS) if everyone.sum() > 0 else np.full(HOURS, 1 / HOURS)
        sums = np.stack([np.bincount(place, column, rows) for column in mine.T], axis=1)
        profile[:, phase] = (sums + policy.prior_sessions * usual) / (
            sums.sum(axis=1, keepdims=True) + policy.prior_sessions
        )
        profile[-1, phase] = usual
        # Pearson's statistic of a merchant's hours is 23 (n + a) / (1 + a) on average where a is the prior's weight.
        expected = total[:, None] * profile[place, phase]
        pearson = np.divide((mine - expected) ** 2, expected, out=np.zeros_like(mine), where=expected > 0).sum(axis=1)
        trust = np.where(total > 1, 1.0 / (total + FEW), 0.0)
        excess = trust * (pearson / (HOURS - 1) - 1.0)
        spread = _shrunk(place, rows, excess, trust * (total - 1.0), total > 1, policy)
        weight[:, phase] = np.clip(1.0 / np.maximum(spread, TINY) - 1.0, *WEIGHTS)
    return profile, weight


def _shrunk(place: Ints, rows: int, excess: Floats, size: Floats, seen: Flags, policy: StaffingPolicy) -> Floats:
    """Excess over size by category, pulled to the platform's by some merchants of mean size; (rows,), platform last."""
    tops, bottoms, merchants = (
        np.bincount(place, values * seen, rows) for values in (excess, size, np.ones(len(seen)))
    )
    if bottoms.sum() <= 0:
        return np.full(rows, 1.0 / policy.prior_sessions)
    platform = max(float(tops.sum() / bottoms.sum()), 0.0)
    prior = policy.prior_merchants * float(bottoms.sum() / merchants.sum())
    spread: Floats = np.maximum((tops + prior * platform) / (bottoms + prior), 0.0)
    spread[-1] = platform
    return spread


def _dispersion(place: Ints, categories: int, desks: Desks, causes: Causes, sold: Floats, cause: Floats) -> Floats:
    """Spread of single hours about day times profile, both the merchant's own; (c + 1, 2)."""
    rows = categories + 1
    hours = hourly(desks)
    total = hours.sum(axis=2, keepdims=True)
    share = np.divide(hours, total, out=np.zeros_like(hours), where=total > 0)
    mean = _expected(causes, sold, cause)[:, :, :, None] * share[:, :, None, :]
    both = np.isfinite(desks.sessions) & np.isfinite(mean)
    days = both[:, :, :, 0].sum(axis=2)
    parts = (desks.sessions - mean) ** 2, mean, mean**2
    found = [np.where(both, values, 0.0).sum(axis=(2, 3)) for values in parts]
    square, first, second = (np.where(days > 1, one, 0.0) for one in found)
    excess = square * days / np.maximum(days - 1, 1) - first
    result = np.zeros((rows, len(PHASES)))
    for phase in range(len(PHASES)):
        tops, bottoms = (np.bincount(place, values[:, phase], rows) for values in (excess, second))
        platform = tops.sum() / bottoms.sum() if bottoms.sum() > 0 else DISPERSIONS[0]
        prior = bottoms.sum() / max(len(place), 1) * 20.0
        result[:, phase] = (tops + prior * platform) / np.maximum(bottoms + prior, TINY)
        result[-1, phase] = platform
    return np.clip(result, *DISPERSIONS)


def _people(place: Ints, categories: int, desks: Desks, policy: StaffingPolicy) -> tuple[Floats, Floats]:
    """People's share and seconds by category, pulled to the platform's; (c + 1, 2)."""
    rows, prior = categories + 1, policy.prior_sessions
    sessions = np.nan_to_num(desks.daily).sum(axis=2)
    human, seconds = np.zeros((rows, len(PHASES))), np.zeros((rows, len(PHASES)))
    for phase in range(len(PHASES)):
        sums = [
            np.bincount(place, values[:, phase], rows)
            for values in (sessions, desks.human_sessions, desks.handle_seconds)
        ]
        everyone = [float(values.sum()) for values in sums]
        share = everyone[1] / everyone[0] if everyone[0] > 0 else 0.0
        time = everyone[2] / everyone[1] if everyone[1] > 0 and everyone[2] > 0 else policy.handle_seconds
        human[:, phase] = np.minimum((sums[1] + prior * share) / (sums[0] + prior), 1.0)
        seconds[:, phase] = (sums[2] + prior * time) / (sums[1] + prior)
        human[-1, phase], seconds[-1, phase] = min(share, 1.0), time
    return human, seconds
