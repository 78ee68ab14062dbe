"""One outlook model: trees and regressions averaged in log odds, calibrated on later days that they have not seen.

The idea: trees find how figures work together, regressions tell apart merchants that are deep in trouble; neither is
best everywhere, their mean is hardly ever worse than both. A second regression looks at the few figures that a rule of
thumb would: where trouble already shows those order merchants better than fifty figures do, and a platform that changes
its ways changes theirs least.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.risk.outlook.calibration import Calibration, fit_calibration
from models.risk.outlook.feature import Feature
from models.risk.outlook.history import FloatArray, IntArray
from models.risk.outlook.linear import Linear, fit_linear
from models.risk.outlook.rows import Rows
from models.risk.outlook.settings import OutlookSettings
from models.risk.outlook.trees import Trees, grow_trees

# What a rule of thumb looks at; names that the features lack are passed over.
FEW = (
    "last_week",
    "last_fortnight",
    "smoothed_2",
    "smoothed_3",
    "smoothed_7",
    "since_sale",
    "over_limit",
    "over_limit_week",
)


@dataclass(frozen=True)
class Model:
    """A fitted model of one outcome and horizon.

    Parameters
    ----------
    members : tuple of Trees and Linear
    calibration : Calibration
    reference : array (features,)
        The usual merchant: medians of what was learned from.
    share : float
        How often it happened among those learned from.
    """

    members: tuple[Trees | Linear, ...]
    calibration: Calibration
    reference: FloatArray
    share: float

    def log_odds(self, features: FloatArray) -> FloatArray:
        """Mean log odds of the members, (rows,)."""
        return np.mean([member.log_odds(features) for member in self.members], axis=0)

    def probability(self, features: FloatArray) -> FloatArray:
        """Calibrated probability (rows,)."""
        return self.calibration.probability(self.log_odds(features))


def fit_model(rows: Rows, horizon: int, described: Sequence[Feature], settings: OutlookSettings) -> Model | None:
    """Fit a model; None where the past holds too few days or events.

    Parameters
    ----------
    rows : Rows
    horizon : int
        Days between the days fitted to and those calibrated on, so that no outcome lies in both.
    """
    learning = settings.learning
    if len(np.unique(rows.origin)) < learning.least_origins or rows.events < learning.least_events:
        return None
    rows = rows.thinned(learning.rows)
    if rows.events == len(rows.bad):
        return None
    members = _members(rows, described, settings)
    known = ~np.isnan(rows.features).all(axis=0)
    reference = np.zeros(rows.features.shape[1])
    reference[known] = np.nanmedian(rows.features[:, known], axis=0)
    calibration = _calibration(rows, horizon, described, settings)
    return Model(members, calibration, reference, rows.share)


def split_origins(origin: IntArray, horizon: int, held_out: float) -> tuple[IntArray, IntArray]:
    """Origins to fit to and, a horizon later at least, the latest ones to calibrate on; either may be empty."""
    days = np.unique(origin)
    late = days[len(days) - max(round(len(days) * held_out), 1) :]
    return days[days + horizon <= late[0]], late


def _calibration(rows: Rows, horizon: int, described: Sequence[Feature], settings: OutlookSettings) -> Calibration:
    early, late = split_origins(rows.origin, horizon, settings.learning.held_out)
    before, after = rows.chosen(np.isin(rows.origin, early)), rows.chosen(np.isin(rows.origin, late))
    enough = before.events >= settings.learning.least_events // 2 and before.events < len(before.bad)
    if not enough:
        return Calibration()
    members = _members(before, described, settings)
    log_odds = np.mean([member.log_odds(after.features) for member in members], axis=0)
    return fit_calibration(log_odds, after.bad, after.weight)


def _members(rows: Rows, described: Sequence[Feature], settings: OutlookSettings) -> tuple[Trees | Linear, ...]:
    learning = settings.learning
    usable = _usable(rows, learning.known_share)
    simple = np.array([place for place in usable if described[place].name in FEW], dtype=np.int64)
    members: list[Trees | Linear] = [
        grow_trees(rows.features, rows.bad, rows.weight, usable, described, settings.trees),
        fit_linear(rows.features, rows.bad, rows.weight, usable, learning.strength),
    ]
    if len(simple):
        members.append(fit_linear(rows.features, rows.bad, rows.weight, simple, learning.strength_few))
    return tuple(members)


def _usable(rows: Rows, known_share: float) -> IntArray:
    """Features that are known often enough and differ between rows."""
    known = ~np.isnan(rows.features)
    low = np.where(known, rows.features, np.inf).min(axis=0)
    high = np.where(known, rows.features, -np.inf).max(axis=0)
    return np.flatnonzero((known.mean(axis=0) >= known_share) & (high > low)).astype(np.int64)
