"""Yesterday's forecast against what came: the raw material of every detector.

For each of the last 56 days the forecast made one day before it, and for each of the seven-day sums that end on it the
forecast made the day before the sum began. The shape of a week (models, weights, factors, quantiles) is that of the
week's start before it; the level moves from day to day. A level that moves follows a drop within days, and what came
then looks as expected, so that the same sums are also held against the level of four weeks before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from models.forecasting.backtest import known_sums
from models.forecasting.ensemble.past import BlockPast
from models.forecasting.fitted import BlockFit
from models.forecasting.learned import Learned
from models.forecasting.panel import Floats, Ints
from models.forecasting.predict import Forecast, with_quantiles
from models.forecasting.sum_errors import sum_errors

WEEKS = 8
WEEK = 7
DRIFT = 28  # days before a sum's last one whose level it is held against, and the horizon it is written under


class Residuals(NamedTuple):
    """Residuals of one horizon on some target columns: arrays (merchants, columns)."""

    horizon: int
    columns: np.ndarray
    actual: Floats
    forecast: Forecast
    z: Floats


def block_residuals(learned: Learned, past: BlockPast, whole: bool, count: int = WEEKS) -> Iterator[Residuals]:
    """Residuals of a block from its past origins, newest week first; weeks without an origin before them are left out.

    Parameters
    ----------
    learned : Learned
    past : BlockPast
        With nine origins for all eight weeks.
    whole : bool
        Quantiles of small means are whole numbers.
    count : int
        Weeks; each needs an origin before it, and sums one more.
    """
    history = learned.setting.history
    # A week's origin serves its own days, and the sums that end in the week after it.
    served = min(count + 1, len(past.known), len(learned.origins.recent))
    weeks = [_Week(learned, past, place) for place in range(served)]
    for week in range(count):
        columns = np.arange(history - WEEK * (week + 1), history - WEEK * week)
        if week < len(weeks):
            yield _one_day(weeks[week], columns, whole)
        if week + 1 < len(weeks):
            yield _seven_days(weeks[week + 1], columns, WEEK, whole)
            yield _seven_days(weeks[week + 1], columns, DRIFT, whole)


class _Week:
    """The mixture as it was at an origin, and levels that move on from there."""

    def __init__(self, learned: Learned, past: BlockPast, place: int) -> None:
        self.learned, self.made = learned, learned.made_then(past, place)
        self.fit: BlockFit = self.made.fit
        self.known = self.made.known
        self.calibration = learned.calibration(self.known)
        self.chosen = self.calibration.half_life[self.made.at.stratum]
        self.actual = past.actual[place]

    def shape(self) -> Floats:
        """What a merchant of level 1 is expected to sell (merchants, days after the origin), as the mixture sees it."""
        level = self.levels(np.array([self.known]))
        factors = self.fit.factors[:, self.fit.columns(self.known, self.known + self.made.mean.shape[1])]
        # A merchant at zero has no shape of its own, and whatever the shape is, its forecast is zero.
        return np.where(level > 0, self.made.mean / np.where(level > 0, level, 1.0), factors)

    def levels(self, known: Ints) -> Floats:
        """Levels (merchants, origins), each merchant's by the half-life that serves its stratum."""
        used, place = np.unique(self.chosen, return_inverse=True)
        levels: Floats = self.fit.levels_at(known, used.tolist()).level[place, np.arange(len(place))]
        return levels

    def judged(self, horizon: int, columns: np.ndarray, actual: Floats, said: _Said, whole: bool) -> Residuals:
        """Quantiles about means, and errors over their usual spread (negative = worse than expected)."""
        policy = self.learned.policy
        forecast = with_quantiles(self.made, said.mean, said.z, said.event_share, policy, whole)
        missed = self.made.errors(actual, said.mean, said.event_share, policy)
        return Residuals(horizon, columns, actual, forecast, missed / said.usual)


class _Said(NamedTuple):
    """What was said of some columns: means, share on event days, quantiles of errors and their usual spread."""

    mean: Floats
    event_share: Floats
    z: Floats
    usual: Floats


def _one_day(week: _Week, columns: np.ndarray, whole: bool) -> Residuals:
    days = columns - week.known
    mean = week.levels(columns) * week.shape()[:, days]
    z = week.calibration.z[week.made.at.stratum[:, None], 0, week.made.kind[:, days]]
    usual = week.calibration.spread[week.made.at.stratum, 0][:, None]
    said = _Said(mean, week.made.event[:, days].astype(np.float64), z, usual)
    return week.judged(1, columns, week.actual[:, days], said, whole)


def _seven_days(week: _Week, columns: np.ndarray, since: int, whole: bool) -> Residuals:
    """Sums of seven days ending on each column against the level known `since` days before their end."""
    shape, event = week.shape(), week.made.event
    levels = week.levels(np.maximum(columns - since + 1, 1))
    sums = [
        known_sums(week.actual[:, days], shape[:, days], event[:, days])
        for days in (slice(last - WEEK + 1, last + 1) for last in columns - week.known)
    ]
    actual, expected, share, known = (np.stack(parts, axis=1) for parts in zip(*sums, strict=True))
    usual = sum_errors(week.calibration, week.made.at.stratum, known, WEEK, week.learned.policy)
    return week.judged(since, columns, actual, _Said(levels * expected, share, usual.z, usual.spread), whole)
