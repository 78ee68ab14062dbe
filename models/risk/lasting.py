"""Trouble that lasts: evidence of one leg that is mild on each day, and there on most days of more than a week.

The control of a day sees that day alone, so that a fall which comes slowly and stays has to be rare among all merchants
on one day. Chance rarely stays where each day brings new figures: a run rule asks for less on each day and for many
days. Legs that count few bad cases over a week are left out of it, since one case stands in all seven windows.
Sources: the supplementary run rules of control charts, Western Electric (1956), Statistical Quality Control Handbook;
Champ and Woodall (1987), Technometrics 29, 393-399.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from models.risk.settings import LastingSettings

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


def lasting_days(p_value: FloatArray, allowed: float | FloatArray, settings: LastingSettings) -> BoolArray:
    """Days on which trouble has lasted: p-values (days, ...) below `allowed` on most of the last days, and on that one.

    NaN is never below; days before the first one count as calm.
    """
    mild = p_value < allowed
    so_far = np.cumsum(mild, axis=0)
    before = np.concatenate([np.zeros((settings.of, *mild.shape[1:]), dtype=so_far.dtype), so_far])[: len(mild)]
    lasting: BoolArray = mild & (so_far - before >= settings.days)
    return lasting


def lasting_leg(leg_p: FloatArray, weights: FloatArray, settings: LastingSettings) -> IntArray:
    """Position of the leg whose trouble has lasted, the one with the smallest p-value today; -1 where none has.

    Parameters
    ----------
    leg_p : array (days, legs, merchants)
        p-values, the last day today; NaN where a merchant has none. Days that are not there count as calm.
    weights : array (legs,)
        Factor on the p-value that each leg may have: verdicts move it. 0 where none is ever low enough.
    """
    lasts = lasting_days(leg_p, settings.p_value * weights[:, None], settings)[-1]
    smallest = np.where(lasts, leg_p[-1], np.inf).argmin(axis=0)
    return np.where(lasts.any(axis=0), smallest, -1).astype(np.int64)
