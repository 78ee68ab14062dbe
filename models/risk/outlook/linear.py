"""Logistic regression on standardized features: it carries on beyond what it has seen, where trees are flat.

Among merchants that already stand deep in trouble trees tell nobody apart; a straight line in log odds still does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.risk.outlook.history import BoolArray, FloatArray, IntArray
from models.risk.outlook.threads import one_thread

MOST_DEVIATIONS = 4.0  # one wild figure must not decide alone
ITERATIONS = 300


@dataclass(frozen=True)
class Linear:
    """A fitted regression.

    Parameters
    ----------
    columns : array (used,)
        Features that it looks at.
    centre, spread : arrays (used,)
        Mean and standard deviation; what is not known counts as the centre.
    slope : array (used,)
    intercept : float
    """

    columns: IntArray
    centre: FloatArray
    spread: FloatArray
    slope: FloatArray
    intercept: float

    def log_odds(self, features: FloatArray) -> FloatArray:
        """Log odds of each row."""
        return _scaled(features[:, self.columns], self.centre, self.spread) @ self.slope + self.intercept


def fit_linear(features: FloatArray, bad: BoolArray, weight: FloatArray, columns: IntArray, strength: float) -> Linear:
    """Fit a regression with a ridge penalty.

    Parameters
    ----------
    strength : float
        Inverse of the penalty (C of scikit-learn).
    """
    chosen = features[:, columns]
    known = ~np.isnan(chosen)
    mass = np.maximum((known * weight[:, None]).sum(axis=0), 1e-9)
    centre = (np.where(known, chosen, 0.0) * weight[:, None]).sum(axis=0) / mass
    off = np.where(known, chosen - centre, 0.0)
    spread = np.sqrt((off**2 * weight[:, None]).sum(axis=0) / weight.sum()) + 1e-9
    model = LogisticRegression(C=strength, max_iter=ITERATIONS, solver="newton-cholesky")
    with one_thread():
        model.fit(_scaled(chosen, centre, spread), bad, sample_weight=weight)
    return Linear(columns, centre, spread, model.coef_[0].astype(np.float64), float(model.intercept_[0]))


def _scaled(chosen: FloatArray, centre: FloatArray, spread: FloatArray) -> FloatArray:
    scaled = np.clip((chosen - centre) / spread, -MOST_DEVIATIONS, MOST_DEVIATIONS)
    return np.where(np.isnan(chosen), 0.0, scaled)
