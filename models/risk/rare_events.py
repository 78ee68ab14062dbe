"""How surprising a count of rare events is, in normal deviates: exact where a mean and a deviation would mislead.

One late parcel of a shop that expects a hundredth of one lies nine standard deviations out and comes once in a hundred
weeks. Deviates of the mid-p keep shops with a hundredth of an event and with a hundred of them on one scale.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri
from scipy.stats import nbinom

FloatArray = npt.NDArray[np.float64]

SMALLEST = 1e-300
LEAST_OVERDISPERSION = 1e-6  # of the mean, that a variance exceeds it by: a Poisson count has the limit of large shapes


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


def exact_where_rare(
    z: FloatArray,
    came: FloatArray,
    expected: FloatArray,
    variance: FloatArray,
    rare: npt.NDArray[np.bool_],
    least: float,
) -> FloatArray:
    """Scores with deviates of the mid-p in place of those that lie far out by a mean and a deviation of rare events.

    Parameters
    ----------
    z, came, expected, variance : arrays of one shape
        Scores in standard deviations, events, their mean and variance.
    rare : array of bool
        Where events are so few that their distribution is skewed.
    least : float
        Deviations from which on scores are replaced. Below it the two hardly differ, and most scores lie there.
    """
    exact = z.copy()
    far = rare & (np.nan_to_num(z) > least)
    over = np.maximum(variance[far] - expected[far], LEAST_OVERDISPERSION * expected[far])
    # what lies just beyond the border stays beyond what lies before it
    exact[far] = np.maximum(count_deviates(came[far], expected[far], expected[far] ** 2 / over), least)
    return exact
