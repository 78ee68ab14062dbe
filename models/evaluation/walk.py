"""Past days judged one after the other, each with the window of scores that the risk step would have had.

The idea: one merchant is in trouble at a time. Rows into which trouble was put stand in the same window as the clean
ones, but their own past is marked as trimmed, so that they are ranked among a platform where nothing happened to the
others; what groups and crowds did on a day is taken off them as it was off the clean rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.forecasting.learned import Learned
from models.forecasting.panel import Panel
from models.forecasting.residuals import WEEK, block_residuals
from models.metrics.grouping import Grouping
from models.risk import groups
from models.risk.crowds import (
    CrowdTests,
    DayScale,
    day_scales,
    in_crowd_p,
    judge_crowds,
    judge_evidence,
    standing_members,
    without_crowd,
)
from models.risk.detection import detect
from models.risk.ranks import volume_strata
from models.risk.settings import RiskSettings
from models.risk.trimming import lasting_trouble

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


class Errors(NamedTuple):
    """Errors of forecasts made the day before (merchants, days), high is bad; `mean` is what was expected.

    `week` are those of the sum of the seven days that end on each day, `drift` those of the same sum against the level
    of four weeks before.
    """

    day: FloatArray
    week: FloatArray
    drift: FloatArray
    mean: FloatArray


class Injected(NamedTuple):
    """Errors made anew after something was put into the series, and the column of each onset (-1: none)."""

    errors: Errors
    onset: IntArray


class Window(NamedTuple):
    """What is known on a day: errors (rows, days) up to it, strata (rows,), types of days (days,), trimmed days.

    The first `clean` rows are series as they are.
    """

    day: FloatArray
    week: FloatArray
    drift: FloatArray
    strata: IntArray
    day_types: IntArray
    trimmed: BoolArray
    clean: int


Judge = Callable[[Window], FloatArray]  # p-values of the window's last day (rows,)


def walked_errors(learned: Learned, panel: Panel, weeks: int, whole: bool) -> Errors:
    """Errors of the last weeks of a panel, each day's forecast made by what was known the day before.

    Parameters
    ----------
    learned : Learned
        With at least `weeks` + 1 origins; more, where the weights of the models should rest on older errors.
    whole : bool
        The measure is in whole counts.
    """
    past = learned.past(panel, len(learned.origins.known))
    first, shape = learned.setting.history - WEEK * weeks, (len(panel.merchants), WEEK * weeks)
    day, week, drift, mean = (np.full(shape, np.nan) for _ in range(4))
    for part in block_residuals(learned, past, whole, weeks):
        columns = part.columns - first
        if part.horizon == 1:
            day[:, columns], mean[:, columns] = -part.z, part.forecast.mean
        else:
            (week if part.horizon == WEEK else drift)[:, columns] = -part.z
    return Errors(day, week, drift, mean)


def risk_judge(settings: RiskSettings) -> Judge:
    """Judge as the risk step does: all detectors of single days, joined by the errors of the week."""

    def judge(window: Window) -> FloatArray:
        found = detect(
            window.day, window.strata, window.day_types, window.trimmed, settings.calibration, settings.detectors,
            {"week": window.week, "drift": window.drift},
        )  # fmt: skip
        clean = slice(window.clean)
        _, scales = judge_evidence(found.p_value[clean], window.strata[clean], 1, settings.incidents)
        return in_crowd_p(found.p_value, scales, window.strata)[:, -1]

    return judge


class Walk:
    """A panel's days, ready to be judged by any judge.

    Parameters
    ----------
    clean : Errors
    injected : mapping of name to Injected
    groupings : mapping of scope to Grouping
    day_types : array (days,)
        0 on ordinary days, 1 on event days.
    settings : RiskSettings
    days_after : int
        Days after an onset that are judged.

    Attributes
    ----------
    in_crowd : array (merchants, days) of bool
        Who belongs to a crowd that stands on the day: an alert of theirs is told with its incident.
    """

    def __init__(
        self,
        clean: Errors,
        injected: Mapping[str, Injected],
        groupings: Mapping[str, Grouping],
        day_types: IntArray,
        settings: RiskSettings,
        days_after: int,
    ) -> None:
        self.past, self.after = settings.residuals.days - 1, days_after
        self.settings, self.day_types = settings, day_types
        usual = np.nanmean(clean.mean[:, : self.past], axis=1)
        self.strata = volume_strata(usual, settings.calibration.volume_strata)
        without = _OwnPart(groupings, self.strata, settings, self.past)
        self.day, day_map, self.in_crowd = without(clean.day, 1)
        self.week, week_map, _ = without(clean.week, WEEK)
        self.drift, drift_map, _ = without(clean.drift, WEEK)
        self.onset = {name: one.onset for name, one in injected.items()}
        self.rows = {
            name: (day_map(one.errors.day), week_map(one.errors.week), drift_map(one.errors.drift))
            for name, one in injected.items()
        }

    @property
    def judged(self) -> slice:
        """Columns that have a whole window before them."""
        return slice(self.past, self.day.shape[1])

    def __call__(self, judge: Judge) -> tuple[FloatArray, dict[str, FloatArray]]:
        """p-values (merchants, days) of the clean panel and of every injected one; NaN where not judged."""
        clean = np.full(self.day.shape, np.nan)
        found = {name: np.full(self.day.shape, np.nan) for name in self.rows}
        for column in range(self.past, self.day.shape[1]):
            window, chosen = self._window(column)
            p = judge(window)
            clean[:, column], place = p[: len(clean)], len(clean)
            for name, rows in chosen.items():
                found[name][rows, column] = p[place : place + len(rows)]
                place += len(rows)
        return clean, found

    def _window(self, column: int) -> tuple[Window, dict[str, IntArray]]:
        days = slice(column - self.past, column + 1)
        chosen = {name: self._running(onset, column) for name, onset in self.onset.items()}
        parts = [(self.rows[name], rows) for name, rows in chosen.items()]
        day, week, drift = (
            np.concatenate([clean[:, days], *(part[place][rows, days] for part, rows in parts)])
            for place, clean in enumerate((self.day, self.week, self.drift))
        )
        strata = np.concatenate([self.strata, *(self.strata[rows] for _, rows in parts)])
        trimmed = np.ones(day.shape, bool)
        trimmed[: len(self.day)] = lasting_trouble(self.day[:, days], self.settings.calibration)
        return Window(day, week, drift, strata, self.day_types[days], trimmed, len(self.day)), chosen

    def _running(self, onset: IntArray, column: int) -> IntArray:
        return np.flatnonzero((onset >= 0) & (onset <= column) & (column < onset + self.after))


class _OwnPart:
    """Takes off what groups and crowds did, day by day with the past that each day had."""

    def __init__(self, groupings: Mapping[str, Grouping], strata: IntArray, settings: RiskSettings, past: int) -> None:
        self.groupings, self.strata, self.incidents, self.past = groupings, strata, settings.incidents, past
        codes = np.stack([strata, *(grouping.codes for grouping in groupings.values())])
        self.cells = np.unique(codes, axis=1, return_inverse=True)[1].reshape(-1)

    def __call__(
        self, scores: FloatArray, memory_days: int
    ) -> tuple[FloatArray, Callable[[FloatArray], FloatArray], BoolArray]:
        """Own parts, the same change for other scores of these merchants and days, and members of crowds."""
        grouped, scales = scores.copy(), list[DayScale]()
        far, fired = np.zeros(scores.shape, bool), np.zeros(scores.shape[1], bool)
        for column in range(self.past, scores.shape[1]):
            first = column - self.past
            of_groups, crowd, of_crowds = self._of_window(scores[:, first : column + 1], memory_days)
            new = 0 if first == 0 else self.past  # the first window's days are all told, then today alone
            days = slice(first + new, column + 1)
            grouped[:, days], far[:, days], fired[days] = of_groups[:, new:], crowd.far[:, new:], crowd.fired[new:]
            scales += [one._replace(day=one.day + first) for one in of_crowds if one.day >= new]
        of_group = self._same_change(scores, grouped)

        def changed(others: FloatArray) -> FloatArray:
            return without_crowd(of_group(others), scales, self.strata)

        members = standing_members(far, fired, self.incidents.resolve_days)
        return without_crowd(grouped, scales, self.strata), changed, members

    def _of_window(self, scores: FloatArray, memory_days: int) -> tuple[FloatArray, CrowdTests, list[DayScale]]:
        """As the risk step has it: groups from the widest to the narrowest, then crowds that are no group."""
        for scope in self.incidents.scopes:
            if (grouping := self.groupings.get(scope)) is not None:
                tests = groups.judge_groups(scores, grouping, grouping.size, memory_days, self.incidents)
                scores = groups.without_group_effect(scores, tests, grouping, self.strata)
        crowd = judge_crowds(scores, self.strata, 1, memory_days, self.incidents)
        return scores, crowd, day_scales(scores, crowd, self.strata, self.incidents)

    def _same_change(self, before: FloatArray, after: FloatArray) -> Callable[[FloatArray], FloatArray]:
        """What is taken off is a centre and a scale per group, stratum and day: read off two of its members."""
        shift, scale = np.zeros_like(before), np.ones_like(before)
        for column in np.flatnonzero((np.nan_to_num(before) != np.nan_to_num(after)).any(axis=0)):
            for cell in np.unique(self.cells):
                rows = np.flatnonzero((self.cells == cell) & ~np.isnan(before[:, column]))
                if not len(rows):
                    continue
                low, high = rows[before[rows, column].argmin()], rows[before[rows, column].argmax()]
                wide = before[high, column] - before[low, column]
                slope = (after[high, column] - after[low, column]) / wide if wide > 0 else 1.0
                scale[self.cells == cell, column] = slope
                shift[self.cells == cell, column] = after[low, column] - slope * before[low, column]

        def changed(scores: FloatArray) -> FloatArray:
            return scores * scale + shift

        return changed
