"""Rises: what went up beyond what was expected.

A good surprise is no risk, so that no rise opens an alert or a light. But parcels that leave late after a run on the
shop, or that nobody scans after orders that nobody meant, began with one. The one idea: the same detectors over the
same residuals with their sign turned, used to name a root and for nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from models.risk.detection import Detection, detect
from models.risk.settings import RiskSettings

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def rise(
    days: FloatArray,
    windows: Mapping[str, FloatArray],
    strata: IntArray,
    day_types: IntArray,
    settings: RiskSettings,
) -> Detection:
    """Judge how far a metric rose, with the detectors that judge how far it fell.

    Parameters
    ----------
    days : array (merchants, days)
        Directed residuals of single days, high is bad, in standard deviations; the last day today.
    windows : mapping of name to array (merchants, days)
        The same over several days.
    strata, day_types : array
        As `ranks.calibrate` asks for them. Nothing is trimmed: with the rises of others in the past a rise is the more
        ordinary, and the root stays the leg itself.
    """
    nothing = np.zeros(days.shape, dtype=bool)
    turned = {name: -scores for name, scores in windows.items()}
    return detect(-days, strata, day_types, nothing, settings.calibration, settings.detectors, turned)
