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


def lasting_leg(leg_p: FloatArray, weights: FloatArray, settings: LastingSettings) -> IntArray:
    """Position of the leg whose trouble has lasted, the one with the smallest p-value today; -1 where none has.

    Parameters
    ----------
    leg_p : array (days, legs, merchants)
        p-values, the last day today; NaN where a merchant has none. Days that are not there count as calm.
    weights : array (legs,)
        Factor on the p-value that each leg may have: verdicts move it. 0 where none is ever low enough.
    """
    mild = leg_p < settings.p_value * weights[:, None]  # NaN never is
    lasts = mild[-1] & (mild[-settings.of :].sum(axis=0) >= settings.days)
    smallest = np.where(lasts, leg_p[-1], np.inf).argmin(axis=0)
    return np.where(lasts.any(axis=0), smallest, -1).astype(np.int64)
