"""The mixture: models are averaged on the scale on which their errors are alike.

That lies between a geometric mean (large volumes) and a mean of square roots (small counts); zeros are no trouble.
"""

from __future__ import annotations

import numpy as np

from models.forecasting.ensemble.weights import span_of
from models.forecasting.fitted import BlockFit
from models.forecasting.panel import Floats
from models.forecasting.spread import restore, stabilise


def combine(means: Floats, weights: Floats, fit: BlockFit) -> Floats:
    """Mix means (models, merchants, days) by weights (models, SPANS, merchants).

    Returns
    -------
    array (merchants, days)
        A model that says nothing of a day leaves its weight to the others; NaN where none says anything.
    """
    unit, dispersion = fit.unit[:, None], fit.dispersion[:, None]
    span = span_of(means.shape[2])
    total, given = np.zeros(means.shape[1:]), np.zeros(means.shape[1:])
    for said, weight in zip(means, weights, strict=True):
        says = np.isfinite(said)
        share = np.where(says, weight[span].T, 0.0)
        total += share * np.where(says, stabilise(said, unit, dispersion), 0.0)
        given += share
    with np.errstate(invalid="ignore", divide="ignore"):
        mixed = restore(total / given, unit, dispersion)
    return np.where(given > 0, mixed, np.nan)
