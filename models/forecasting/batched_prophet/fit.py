"""The front door: many series at once, each to the maximum of the posterior that Prophet climbs towards.

Series are taken in groups of the same first and last day, because Prophet counts time from 0 to 1 over each series' own
history. Whole series of a group share one product (`shared`), others have rows or columns of their own (`own_rows`);
the few that fit all but perfectly are done again one by one (`careful`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from models.forecasting.batched_prophet.careful import solve_carefully
from models.forecasting.batched_prophet.changepoints import changepoint_rows
from models.forecasting.batched_prophet.columns import DayColumns
from models.forecasting.batched_prophet.fits import Fits, empty_fits
from models.forecasting.batched_prophet.histories import CONSTANT, FITTED, TOO_SHORT, UNBOUNDED, Histories, look_at
from models.forecasting.batched_prophet.layout import lay_out
from models.forecasting.batched_prophet.noise import LEAST_VARIANCE
from models.forecasting.batched_prophet.normal_equations import Window, window_of
from models.forecasting.batched_prophet.own_rows import solve_own_rows
from models.forecasting.batched_prophet.regressors import standardize
from models.forecasting.batched_prophet.settings import ProphetSettings
from models.forecasting.batched_prophet.shared import solve_shared
from models.forecasting.batched_prophet.sums import SumPlan, sum_plan
from models.forecasting.batched_prophet.whitening import Whitened, hinge_columns, whiten
from models.forecasting.panel import Flags, Floats, Ints

BLOCK = 512  # series whose values are in the processor's cache at once
SHARED_FROM = 8  # whole series of one group from which turning their design pays
PERFECT_SIGMA = 1e-9  # what Prophet reports for a series it need not fit


class Group(NamedTuple):
    """Series (indexes) that have the same first and last day and the same seasons."""

    members: Ints
    first: int
    last: int
    with_year: bool
    with_week: bool
    whole: bool


class Shared(NamedTuple):
    """What whole series of a group share, and how it is multiplied by their values; no plan: as a product."""

    design: Whitened
    plan: SumPlan | None


class Job(NamedTuple):
    """What every step of a fit needs."""

    values: Floats
    own: Floats
    calendar: DayColumns
    settings: ProphetSettings
    fits: Fits
    single: bool
    block: int


def fit_many(
    values: Floats,
    calendar: DayColumns,
    settings: ProphetSettings | None = None,
    own: Floats | None = None,
    *,
    single: bool = False,
    block: int = BLOCK,
) -> Fits:
    """Fit every series.

    Parameters
    ----------
    values : array (series, days)
        In any unit; NaN = no row on that day (missing, closed, out of stock).
    calendar : DayColumns
        Seasons and events of at least these days, from the same first day.
    own : array (series, columns, days or more), optional
        Covariates of each series; standardized as Prophet does.
    single : bool
        Whether whole series are multiplied by their design in float32 (seven digits); twice as fast where the design
        has a yearly season. Without one, a few sums in float64 are faster (`sums`).
    block : int
        Series per round; changes the answer by rounding only.

    Raises
    ------
    ValueError
        On an infinite value, a covariate that is not known on a day with a value, or arrays that do not fit together.
    """
    settings = settings or ProphetSettings()
    values = np.ascontiguousarray(values, dtype=np.float64)
    if values.ndim != 2 or values.shape[1] > len(calendar.values):
        raise ValueError(
            f"values must be (series, days) with at most the calendar's {len(calendar.values)} days; got {values.shape}"
        )
    own = np.empty((len(values), 0, values.shape[1])) if own is None else own
    if own.ndim != 3 or len(own) != len(values) or own.shape[2] < values.shape[1]:
        raise ValueError(f"own must be (series, columns, days) for {values.shape} series and days; got {own.shape}")
    histories = look_at(values)
    places = max(settings.changepoints, 1)
    fits = empty_fits(histories, places, calendar.values.shape[1], own.shape[1])
    job = Job(values, own, calendar, settings, fits, single, block)
    _place_changes(job)
    _keep_constants(job)
    for group in _groups(histories, fits.status, own.shape[1]):
        _fit_group(job, group)
    return fits


def _place_changes(job: Job) -> None:
    """Changepoints of whole series; those with missing rows are placed when their rows are at hand."""
    rows = job.fits.histories.rows
    for count in np.unique(rows[job.fits.status != TOO_SHORT]):
        places = changepoint_rows(int(count), job.settings)
        those = rows == count
        job.fits.changes[those] = len(places)
        job.fits.changepoints[those, : len(places)] = places


def _keep_constants(job: Job) -> None:
    those = np.flatnonzero(job.fits.status == CONSTANT)
    first = job.fits.histories.first[those]
    job.fits.level[those] = job.values[those, first] / job.fits.histories.scale[those]
    job.fits.sigma[those] = PERFECT_SIGMA


def _groups(histories: Histories, status: Ints, own: int) -> Iterator[Group]:
    todo = np.flatnonzero(status == FITTED)
    if not len(todo):
        return
    whole = histories.whole & (own == 0)
    keys = np.stack([histories.first, histories.last, histories.with_week, whole])[:, todo]
    order = np.lexsort(keys[::-1])
    ordered = keys[:, order]
    starts = np.flatnonzero(np.append(True, (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)))
    for start, end in zip(starts, np.append(starts[1:], len(todo)), strict=True):
        members = np.sort(todo[order[start:end]])
        one = members[0]
        yield Group(
            members, int(histories.first[one]), int(histories.last[one]), bool(histories.with_year[one]),
            bool(histories.with_week[one]), bool(whole[one]),
        )  # fmt: skip


def _fit_group(job: Job, group: Group) -> None:
    flags = job.calendar.used(group.with_year, group.with_week)
    days = slice(group.first, group.last + 1)
    flags = flags & (job.calendar.values[days] != 0).any(axis=0)  # an event that never happened has the coefficient 0
    columns, used = job.calendar.values[days][:, flags], np.flatnonzero(flags)
    window = window_of(columns, job.calendar.scales[flags], job.settings.trend_scale)
    together = group.whole and len(group.members) >= SHARED_FROM
    shared = _shared_design(job, window) if together else None
    for start in range(0, len(group.members), job.block):
        members = group.members[start : start + job.block]
        if shared is not None:
            _fit_shared(job, members, days, window, used, shared)
        else:
            _fit_own(job, members, days, window, used)


def _shared_design(job: Job, window: Window) -> Shared:
    t = window.columns[:, 0]
    places = changepoint_rows(len(t), job.settings)
    design = whiten(window.columns, window.scales, hinge_columns(t, t[places]))
    return Shared(design, None if job.single else sum_plan(window, places, design))


def _fit_shared(job: Job, members: Ints, days: slice, window: Window, used: Ints, shared: Shared) -> None:
    settings, scale = job.settings, job.fits.histories.scale[members]
    tau, noise_weight = settings.changepoint_scale, settings.noise_scale**-2.0
    solved = solve_shared(job.values, members, days.start, scale, *shared, tau, noise_weight, job.single)
    _write(job, members, used, solved.theta, solved.delta, solved.variance)
    everywhere = np.ones(len(window.columns), dtype=np.bool_)
    for i in np.flatnonzero(solved.careful):
        values = job.values[members[i], days] / scale[i]
        _fit_carefully(job, int(members[i]), values, everywhere, np.empty((0, 0)), window, used)


def _fit_own(job: Job, members: Ints, days: slice, window: Window, used: Ints) -> None:
    settings, fits = job.settings, job.fits
    first, last = days.start, days.stop - 1
    if job.own.shape[1]:
        fits.own_mean[members], fits.own_sd[members] = standardize(job.own, job.values, members, first, last)
    laid = lay_out(
        job.values, job.own, members, first, last, fits.histories.scale[members], fits.own_mean[members],
        fits.own_sd[members], fits.changepoints[members], fits.changes[members],
    )  # fmt: skip
    fits.changepoints[members] = laid.places
    solved = solve_own_rows(
        laid.extra, laid.present, laid.places, fits.changes[members], window, settings.holiday_scale,
        settings.changepoint_scale, settings.noise_scale**-2.0,
    )  # fmt: skip
    _write(job, members, used, solved.theta, solved.delta, solved.variance)
    for i in np.flatnonzero(solved.careful):
        _fit_carefully(job, int(members[i]), laid.extra[i, -1], laid.present[i], laid.extra[i, :-1], window, used)


def _fit_carefully(job: Job, i: int, values: Floats, present: Flags, own: Floats, window: Window, used: Ints) -> None:
    settings = job.settings
    Z = window.columns[present]
    scales = np.concatenate([window.scales, np.full(len(own), settings.holiday_scale)])
    if len(own):
        Z = np.concatenate([Z, own[:, present].T], axis=1)
    changes = job.fits.changepoints[i, : job.fits.changes[i]] / window.span
    D = hinge_columns(window.columns[present, 0], changes)
    theta, delta, variance = solve_carefully(
        values[present], Z, scales, D, settings.changepoint_scale, settings.noise_scale**-2.0
    )
    if variance < LEAST_VARIANCE:
        job.fits.status[i], variance = UNBOUNDED, PERFECT_SIGMA**2
    _write(job, np.array([i]), used, theta[None], delta[None], np.array([variance]))


def _write(job: Job, members: Ints, used: Ints, theta: Floats, delta: Floats, variance: Floats) -> None:
    fits, end = job.fits, 2 + len(used)
    fits.slope[members], fits.level[members] = theta[:, 0], theta[:, 1]
    fits.beta[np.ix_(members, used)] = theta[:, 2:end]
    fits.own_beta[members] = theta[:, end:]
    fits.delta[members, : delta.shape[1]] = delta
    fits.sigma[members] = np.sqrt(variance)
