"""Pooled day factors: weekday, day of the month, planned promotion and holiday, events; fitted on the summed cells.

Backfitting in log units: each part is estimated with all others divided out, in turn, until they settle. Every part
is shrunk along its own chain (platform -> category; phase -> family -> day), so that a category that never saw an
event has the platform's lift, and a platform that never saw one has the calendar's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.calendar.groups import ORDINARY, DayGroups
from models.forecasting.alone import AloneDays
from models.forecasting.cells import DayCells
from models.forecasting.panel import BESIDE_CLOSED, HOLIDAY, PROMOTION, STATES, Floats, Ints, Panel
from models.forecasting.policy import FactorPolicy
from models.forecasting.response import PlanResponse
from models.forecasting.shrinkage import shrunk_log_ratio

SWEEPS = 5
HAS_PROMOTION, HAS_HOLIDAY, IS_BESIDE_CLOSED = (
    (np.arange(STATES) & bit) > 0 for bit in (PROMOTION, HOLIDAY, BESIDE_CLOSED)
)


@dataclass(frozen=True)
class DayFactors:
    """Parts of the expected volume of a day, in log units.

    Parameters
    ----------
    weekday : array (scopes, 7)
    month_day : array (31,)
    promotion : array (scopes, 7)
        By weekday: what a promotion adds differs most between Monday and Saturday.
    holiday, beside_closed : arrays (scopes,)
    event : array (scopes, groups of days)
    year : array (days,)
        Of the window; zeros where history is too short for a yearly shape.
    total : array (scopes, states, days)
        Factor (not log) of every day of the window, horizon included.
    response : PlanResponse, optional
        How volume answers to what plans say beyond on and off; None = they say no more, or nothing is known of it.
    alone : AloneDays, optional
        Days on which most shops are closed; None = there are none.
    """

    weekday: Floats
    month_day: Floats
    promotion: Floats
    holiday: Floats
    beside_closed: Floats
    event: Floats
    year: Floats
    total: Floats
    response: PlanResponse | None = None
    alone: AloneDays | None = None

    def of_panel(self, panel: Panel, start: int = 0, stop: int | None = None) -> Floats:
        """Factors of a block's merchants (merchants, days), with what `beyond` says."""
        factors = self.of_merchants(panel.scope, panel.state, start, stop)
        beyond = self.beyond(panel, start, stop)
        return factors if beyond is None else factors * np.exp(beyond)

    def beyond(self, panel: Panel, start: int = 0, stop: int | None = None) -> Floats | None:
        """Log factor (merchants, days) of what sets a merchant's plans apart; None where nothing does."""
        planned, alone = self.planned(panel, start, stop), self.open_alone(panel, start, stop)
        if planned is None or alone is None:
            return alone if planned is None else planned
        return planned + alone

    def planned(self, panel: Panel, start: int = 0, stop: int | None = None) -> Floats | None:
        """Log factor of depth and price (merchants, days); None where nothing is known of them."""
        if self.response is None or (panel.depth is None and panel.price is None):
            return None
        return self.response.log_factor(panel, start, stop)

    def open_alone(self, panel: Panel, start: int = 0, stop: int | None = None) -> Floats | None:
        """Log factor of days on which most others are closed (merchants, days); None where no shop is open on one."""
        rows = np.zeros(0, np.int64) if self.alone is None else self.alone.open_then(panel)
        if self.alone is None or not len(rows):
            return None
        those = panel.rows(rows)
        result = np.zeros(panel.open[:, start:stop].shape)
        ratio = self.alone.log_ratio(those, self.of_merchants(those.scope, those.state, 0, self.alone.until))
        result[rows] = ratio[:, None] * self.alone.days[start:stop]
        return result

    def of_merchants(self, scope: np.ndarray, state: np.ndarray, start: int = 0, stop: int | None = None) -> Floats:
        """Factors of merchants (merchants, days) by their scope and planned state alone."""
        days = np.arange(self.total.shape[2])[start:stop]
        taken: Floats = self.total[scope[:, None], state[:, start:stop], days[None, :]]
        return taken


@dataclass(frozen=True)
class DayLabels:
    """What is known of each column: weekday, day of the month, groups of events, a yearly shape (log, may be zeros)."""

    weekday: Ints
    month_day: Ints
    groups: DayGroups
    year: Floats

    @property
    def scopes(self) -> int:
        """Number of scopes."""
        return int(self.groups.of_day.shape[0])


def fit_factors(
    cells: DayCells, labels: DayLabels, until: int, policy: FactorPolicy, prior_lift: Mapping[str, float]
) -> DayFactors:
    """Fit pooled factors on the days before column `until`.

    Parameters
    ----------
    cells : DayCells
        Sums of all merchants.
    labels : DayLabels
        Of the whole window.
    until : int
        First column that must not be looked at.
    policy : FactorPolicy
        Prior spreads.
    prior_lift : mapping of phase -> factor
        Lift of a phase that the platform has never seen.
    """
    fit = _Backfit(cells, labels, until, policy, prior_lift)
    for _ in range(SWEEPS):
        fit.sweep()
    return fit.result()


class _Backfit:
    """Parts under estimation; each method re-estimates one of them with the others divided out."""

    def __init__(
        self, cells: DayCells, labels: DayLabels, until: int, policy: FactorPolicy, prior_lift: Mapping[str, float]
    ) -> None:
        self.labels, self.policy = labels, policy
        self.sold, self.promised = cells.sold[:, :, :until], cells.promised[:, :, :until]
        scopes, until = self.sold.shape[0], self.sold.shape[2]
        self.shape = (scopes, STATES, until)
        groups = labels.groups
        self.chain = [groups.at_depth(depth) for depth in (1, 2, 3)]
        self.event_prior = np.array([np.log(prior_lift.get(key.split("/")[0], 1.0)) for key in groups.keys])
        self.weekday = np.zeros((scopes, 7))
        self.month_day = np.zeros(31)
        self.promotion = np.full((scopes, 7), np.log(policy.promotion_prior_lift))
        self.holiday = np.zeros(scopes)
        self.beside_closed = np.zeros(scopes)
        self.event = np.tile(self.event_prior, (scopes, 1))

    def sweep(self) -> None:
        """Re-estimate every part once."""
        self._events()
        self._weekdays()
        self._plans()
        self._month_days()

    def _log_total(self, days: int) -> Floats:
        labels, scopes = self.labels, self.shape[0]
        of_day = labels.groups.of_day[:, :days]
        by_day = (
            self.weekday[:, labels.weekday[:days]]
            + self.month_day[labels.month_day[:days]]
            + labels.year[:days]
            + self.event[np.arange(scopes)[:, None], of_day]
        )
        by_state = self.holiday[:, None] * HAS_HOLIDAY + self.beside_closed[:, None] * IS_BESIDE_CLOSED
        promotion = self.promotion[:, None, labels.weekday[:days]] * HAS_PROMOTION[None, :, None]
        total: Floats = by_day[:, None, :] + by_state[:, :, None] + promotion
        return total

    def _ratio(self, code: np.ndarray, part: Floats, parent: Floats, sd: float) -> Floats:
        """Estimate one part: `part` is its present value per cell, which is taken out of what is promised."""
        others = self.promised * np.exp(self._log_total(self.shape[2]) - part)
        codes = np.broadcast_to(code, self.shape)
        return shrunk_log_ratio(self.sold, others, codes, parent, sd, self.policy.day_sd)

    def _weekdays(self) -> None:
        scopes, days = self.shape[0], self.labels.weekday[: self.shape[2]]
        part = self.weekday[:, days][:, None, :]
        platform = self._ratio(days[None, None, :], part, np.zeros(7), self.policy.weekday_sd)
        code = (np.arange(scopes)[:, None] * 7 + days)[:, None, :]
        own = self._ratio(code, part, np.tile(platform, scopes), self.policy.weekday_group_sd)
        self.weekday = own.reshape(scopes, 7)

    def _month_days(self) -> None:
        days = self.labels.month_day[: self.shape[2]]
        part = self.month_day[days][None, None, :]
        self.month_day = self._ratio(days[None, None, :], part, np.zeros(31), self.policy.month_day_sd)

    def _plans(self) -> None:
        policy = self.policy
        self._promotions()
        self.holiday = self._plan(HAS_HOLIDAY, self.holiday, policy.holiday_sd, policy.holiday_group_sd)
        self.beside_closed = self._plan(
            IS_BESIDE_CLOSED, self.beside_closed, policy.holiday_sd, policy.holiday_group_sd
        )

    def _promotions(self) -> None:
        """Platform, then the platform's weekdays, then how each scope differs."""
        policy, scopes = self.policy, self.shape[0]
        weekday = self.labels.weekday[: self.shape[2]]
        planned = HAS_PROMOTION[None, :, None]
        part = self.promotion[:, None, weekday] * planned
        prior = np.array([np.log(policy.promotion_prior_lift)])
        platform = self._ratio(np.where(planned, 0, -1), part, prior, policy.promotion_sd)
        by_day = self._ratio(np.where(planned, weekday, -1), part, np.full(7, platform[0]), policy.promotion_weekday_sd)
        beyond = part - by_day[weekday] * planned
        code = np.where(planned, np.arange(scopes)[:, None, None], -1)
        difference = self._ratio(code, beyond, np.zeros(scopes), policy.promotion_group_sd)
        self.promotion = by_day[None, :] + difference[:, None]

    def _plan(self, planned: np.ndarray, present: Floats, sd: float, group_sd: float) -> Floats:
        scopes, planned = self.shape[0], planned[None, :, None]
        part = present[:, None, None] * planned
        platform = self._ratio(np.where(planned, 0, -1), part, np.zeros(1), sd)
        code = np.where(planned, np.arange(scopes)[:, None, None], -1)
        return self._ratio(code, part, np.full(scopes, platform[0]), group_sd)

    def _events(self) -> None:
        groups, scopes = self.labels.groups, self.shape[0]
        of_day = groups.of_day[:, : self.shape[2]]
        part = self.event[np.arange(scopes)[:, None], of_day][:, None, :]
        platform = self.event_prior
        for depth, sd in enumerate(self.policy.event_sd):
            code = np.where(of_day == ORDINARY, -1, self.chain[depth][of_day])[:, None, :]
            parent = platform[self.chain[depth - 1]] if depth else platform
            platform = self._ratio(code, part, parent, sd)
        platform[ORDINARY] = 0.0
        self.event = platform + self._events_of_scopes(of_day, part, platform)

    def _events_of_scopes(self, of_day: np.ndarray, part: Floats, platform: Floats) -> Floats:
        """How a category's lifts differ from the platform's: by phase, then by phase of a family."""
        scopes, groups = self.shape[0], len(platform)
        beyond = part - platform[of_day][:, None, :]
        difference = np.zeros((scopes, groups))
        for above in self.chain[:2]:
            code = np.where(of_day == ORDINARY, -1, np.arange(scopes)[:, None] * groups + above[of_day])
            wider = difference[:, self.chain[0]].ravel()
            estimated = self._ratio(code[:, None, :], beyond, wider, self.policy.event_group_sd)
            difference = estimated.reshape(scopes, groups)
        result = difference[:, self.chain[1]]
        result[:, ORDINARY] = 0.0
        return result

    def result(self) -> DayFactors:
        """Parts and their product over the whole window."""
        total = np.exp(self._log_total(len(self.labels.weekday)))
        return DayFactors(
            self.weekday,
            self.month_day,
            self.promotion,
            self.holiday,
            self.beside_closed,
            self.event,
            self.labels.year,
            total,
        )
