"""How surprising a count of few events is, in normal deviates: exact where a mean and a deviation would mislead.

One late parcel of a shop that expects a hundredth of one lies nine standard deviations out and comes once in a hundred
weeks. Deviates of the mid-p keep shops with a hundredth of an event and with a hundred of them on one scale.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, ndtri
from scipy.stats import nbinom

FloatArray = npt.NDArray[np.float64]

SMALLEST = 1e-300
CLOSE = 1e-6  # of the mean: a variance as close to it is that of a Poisson count, the limit of either family


def count_deviates(came: FloatArray, expected: FloatArray, shape: FloatArray) -> FloatArray:
    """Normal deviates of the mid-p of counts that are negative binomial; high where more came than expected.

    Parameters
    ----------
    came, expected : arrays of one shape
        Events, and their mean.
    shape : array
        Gamma shape of the mean: how many events it is known from. The variance is `expected + expected^2 / shape`.

    Notes
    -----
    Mid-p: Lancaster, Significance tests in discrete distributions, JASA 56 (1961).
    """
    probability = shape / (shape + expected)
    over = nbinom.sf(came, shape, probability) + 0.5 * nbinom.pmf(came, shape, probability)
    deviates: FloatArray = -ndtri(np.clip(over, SMALLEST, 1 - 1e-12))
    return deviates


def few_of_many_deviates(came: FloatArray, expected: FloatArray, variance: FloatArray) -> FloatArray:
    """Normal deviates of the mid-p of counts whose variance is below their mean: binomial, of the same two moments.

    Parameters
    ----------
    came, expected, variance : arrays of one shape
        Events, their mean, and their variance, which is smaller.
    """
    share = 1 - variance / expected
    trials = expected / share
    rest = np.maximum(trials - came, 0.0)  # trials of the matched binomial are no whole number
    over = np.where(rest > 0, betainc(came + 1, np.maximum(rest, SMALLEST), share), 0.0)
    at_least = np.where(came > 0, betainc(np.maximum(came, SMALLEST), rest + 1, share), 1.0)
    deviates: FloatArray = -ndtri(np.clip((over + at_least) / 2, SMALLEST, 1 - 1e-12))
    return deviates


def exact_where_few(
    z: FloatArray, came: FloatArray, expected: FloatArray, variance: FloatArray, few: float, least: float
) -> FloatArray:
    """Scores with deviates of the mid-p in place of those that lie far out by the mean and deviation of few events.

    Parameters
    ----------
    z, came, expected, variance : arrays of one shape
        Scores in standard deviations, events, their mean and variance.
    few : float
        Expected events up to which their distribution is taken as it is; of more it is as good as normal.
    least : float
        Deviations from which on scores are replaced. Below it the two hardly differ, and most scores lie there.
    """
    exact = z.copy()
    far = (expected <= few) & (np.nan_to_num(z) > least)
    came, expected, variance = came[far], expected[far], variance[far]
    within = variance < expected * (1 - CLOSE)
    deviates = np.empty(len(came))
    deviates[within] = few_of_many_deviates(came[within], expected[within], variance[within])
    wide = ~within
    over = np.maximum(variance[wide] - expected[wide], CLOSE * expected[wide])
    deviates[wide] = count_deviates(came[wide], expected[wide], expected[wide] ** 2 / over)
    exact[far] = np.maximum(deviates, least)  # what lies just beyond the border stays beyond what lies before it
    return exact
