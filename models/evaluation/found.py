"""What detectors find of trouble that was put into real series, at a given price of false alarms.

The idea: one table per run. The threshold is chosen on every other stretch of days of the series as they are; what was
put in is judged where it begins on the other days; and what would have been flagged there anyhow stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.evaluation.alarms import (
    Calibration,
    calibration,
    control_thresholds,
    controlled,
    found_by,
    openings,
    openings_per_1000,
    threshold_at,
    worst_day,
)
from models.evaluation.intervals import Figure, Resampling, share_figure
from models.evaluation.policy import InjectionPolicy
from models.risk.lasting import lasting_days
from models.risk.settings import ControlSettings, LastingSettings

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Found:
    """One case by one day.

    Parameters
    ----------
    found : Figure
        Share found at the run's threshold.
    by_chance : float
        Share that the same days flag with nothing put in.
    by_control : float
        Share that the false-discovery control of the days would have flagged: the anomaly door of the day's run.
    """

    case: str
    change: float
    benign: bool
    day: int
    found: Figure
    by_chance: float
    by_control: float


@dataclass(frozen=True)
class Report:
    """What came of a run.

    Parameters
    ----------
    threshold : float
    per_1000_chosen, per_1000_judged : float
        Openings per 1,000 merchant-days on the days of the choice, and on those that are judged.
    worst : (column, share)
        Day on which the largest share of merchants was flagged, of all judged days.
    control_per_1000, control_worst : float, (column, share)
        The same of the day's false-discovery control in the place of a threshold, over all judged days.
    alone_per_1000, alone_worst : float, (column, share)
        The same of alerts that open on the day and that no incident takes in: who is alerted one by one.
    calibration : list of Calibration
        Of all judged days.
    calm : list of Calibration
        Of those that lie near no lasting move.
    found : list of Found
    """

    threshold: float
    per_1000_chosen: float
    per_1000_judged: float
    worst: tuple[int, float]
    control_per_1000: float
    control_worst: tuple[int, float]
    alone_per_1000: float
    alone_worst: tuple[int, float]
    calibration: list[Calibration]
    calm: list[Calibration]
    found: list[Found]


def other_days(days: int, first: int, alternate: int) -> BoolArray:
    """Days (days,) that are judged: every other stretch of `alternate` days from `first` on."""
    column = np.arange(days)
    judged: BoolArray = (column >= first) & ((column - first) // alternate % 2 == 0)
    return judged


def report(
    clean: FloatArray,
    found: Mapping[str, tuple[FloatArray, IntArray]],
    first: int,
    policy: InjectionPolicy,
    control: ControlSettings,
    how: Resampling,
    in_incident: BoolArray | None = None,
    near_move: BoolArray | None = None,
) -> Report:
    """Put a run together.

    Parameters
    ----------
    clean : array (merchants, days)
        p-values with nothing put in.
    found : mapping of "case/wave" to p-values (merchants, days) and onsets (merchants,)
    first : int
        First judged column.
    control : ControlSettings
        The day's false-discovery control, and how long mild evidence must last.
    in_incident : array (merchants, days) of bool, optional
        Whose alert would be told with an incident.
    near_move : array (merchants, days) of bool, optional
        Days near a lasting move, as later days tell (`lasting`).
    """
    judged = other_days(clean.shape[1], first, policy.alternate_days)
    chosen = ~judged & (np.arange(clean.shape[1]) >= first)
    threshold = threshold_at(clean[:, chosen], policy.per_1000, policy.apart_days)
    by_day = control_thresholds(clean, control.q, control.least_p)
    rows = _found_by_case(clean, found, judged, threshold, by_day, control.lasting, policy, how)
    by_control = controlled(clean, control)
    alone = by_control if in_incident is None else np.where(in_incident & (by_control == 0), 1.0, by_control)
    opened_alone = np.where(np.isnan(alone), np.nan, ~openings(alone == 0, policy.apart_days))
    return Report(
        threshold,
        openings_per_1000(clean[:, chosen], threshold, policy.apart_days),
        openings_per_1000(clean[:, judged], threshold, policy.apart_days),
        worst_day(clean, threshold, policy.least_of_day),
        openings_per_1000(by_control, 0.5, policy.apart_days),
        worst_day(by_control, 0.5, policy.least_of_day),
        openings_per_1000(alone, 0.5, policy.apart_days),
        worst_day(opened_alone, 0.5, policy.least_of_day),
        calibration(clean, policy.nominal),
        calibration(clean if near_move is None else clean[~near_move], policy.nominal),
        rows,
    )


def _found_by_case(
    clean: FloatArray,
    found: Mapping[str, tuple[FloatArray, IntArray]],
    judged: BoolArray,
    threshold: float,
    by_day: FloatArray,
    lasting: LastingSettings,
    policy: InjectionPolicy,
    how: Resampling,
) -> list[Found]:
    """What was put in on judged days (days,), found at the run's threshold and at each day's of the control (days,)."""
    rows = []
    for case in policy.cases:
        waves = [found[name] for name in sorted(found) if name.split("/")[0] == case.name]
        waves = [(p, np.where(judged[np.maximum(onset, 0)], onset, -1)) for p, onset in waves]
        merchants = np.concatenate([np.flatnonzero(onset >= 0) for _, onset in waves]) if waves else np.zeros(0)
        lasts = [lasting_days(p.T, lasting.p_value, lasting).T for p, _ in waves]
        flagged = [(np.where(days, 0.0, p), onset) for days, (p, onset) in zip(lasts, waves, strict=True)]
        for day in case.judged_on:
            hit = [found_by(p, onset, threshold, day) for p, onset in waves]
            chance = [found_by(clean, onset, threshold, day) for _, onset in waves]
            figure = share_figure(np.concatenate([np.zeros(0, bool), *hit]), how, merchants)
            anyhow = float(np.concatenate([np.zeros(0), *chance]).mean()) if figure.n else np.nan
            passed = [found_by(p, onset, by_day, day) for p, onset in flagged]
            share = float(np.concatenate([np.zeros(0), *passed]).mean()) if figure.n else np.nan
            rows.append(Found(case.name, case.change, case.benign, day, figure, anyhow, share))
    return rows
