"""Log odds become probabilities that come true as often as they say: a straight line through held-out outcomes.

Two numbers are learned from days that the models have not seen (Platt's scaling); the fewer events those days hold, the
nearer the line stays to "as the model says". Steps instead of a line (isotonic regression) would tie the merchants at
the top, and there are never enough events to place many steps.
Source: Platt (1999), Probabilistic outputs for support vector machines.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from models.risk.outlook.history import BoolArray, FloatArray

SHIFT_SPREAD = 1.0  # prior standard deviation of the shift, in log odds
SLOPE_SPREAD = 0.5
LEAST_SLOPE = 0.1  # order must never turn round
STEPS = 50
SMALLEST = 1e-6


@dataclass(frozen=True)
class Calibration:
    """Probability = expit(shift + slope * log odds)."""

    shift: float = 0.0
    slope: float = 1.0

    def probability(self, log_odds: FloatArray) -> FloatArray:
        """Calibrated probability of each row, never quite 0 or 1."""
        return np.clip(expit(self.shift + self.slope * log_odds), SMALLEST, 1 - SMALLEST)


def fit_calibration(log_odds: FloatArray, bad: BoolArray, weight: FloatArray) -> Calibration:
    """Find the most likely line given outcomes and a prior around "as the model says"."""
    design = np.stack([np.ones(len(log_odds)), log_odds], axis=1)
    prior, precision = np.array([0.0, 1.0]), np.diag([1 / SHIFT_SPREAD**2, 1 / SLOPE_SPREAD**2])
    line = prior.copy()
    for _ in range(STEPS):
        probability = expit(design @ line)
        slope = design.T @ (weight * (probability - bad)) + precision @ (line - prior)
        curve = (design * (weight * probability * (1 - probability))[:, None]).T @ design + precision
        step = np.linalg.solve(curve, slope)
        line = line - np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-8:
            break
    return Calibration(float(line[0]), float(max(line[1], LEAST_SLOPE)))
