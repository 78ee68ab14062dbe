"""What sets a merchant apart from its category, read from its whole history: Prophet's terms, in log space.

    volume of a day = pooled factors x exp(slope with changes + year + kind of day)

Pooled factors hold what the category shares (weekdays, promotions, holidays, events), so that every coefficient here is
a difference from the category and has a prior about 0: a merchant without history is its category. `priors` learns
how far merchants of the platform differ, and in what together. Slope and changes only keep the season clean; where the
merchant stands now is for the local level to say (Prophet's own trend is the wrong level, see docs/adr/0019).
Counts are fitted as counts (variance unit x mean + dispersion x mean^2, times a noise of the merchant's own), so days
with zero orders need no rule of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.forecasting.batched_prophet.columns import EPOCH, fourier
from models.forecasting.batched_prophet.settings import YEAR_DAYS
from models.forecasting.components.own_terms_loops import fit_terms
from models.forecasting.fitted import BlockFit
from models.forecasting.panel import BESIDE_CLOSED, HOLIDAY, PROMOTION, STATES, Flags, Floats, Ints
from models.forecasting.policy import OwnTermsPolicy

WEEK = 7
KINDS = WEEK * 2 * STATES  # weekday, event day or not, planned state
LEVEL_SD = 100.0  # the level is free
FIXED = 1e-6  # spread of a season that the merchant has not seen for a year: the platform's


class TermPrior(NamedTuple):
    """What is expected of a merchant before its history is looked at.

    Parameters
    ----------
    precision : array (fast terms, fast terms)
        Of the differences by kind of day, about 0.
    year : array (2 x harmonics,)
        Season that merchants have beyond the pooled factors.
    noise : float
        Variance of a day over (unit / mean + dispersion).
    """

    precision: Floats
    year: Floats
    noise: float


@dataclass(frozen=True)
class OwnTerms:
    """Coefficients of a block (log units).

    Parameters
    ----------
    beta : array (merchants, fast terms)
        What kinds of day differ by; see `kinds_of_day`.
    year : array (merchants, 2 x harmonics)
    noise : array (merchants,)
        Variance of a day over (unit / mean + dispersion).
    whole_year : array of bool (merchants,)
        Whose year is its own.
    rows : array of int (merchants,)
        Known days that were looked at.
    """

    beta: Floats
    year: Floats
    noise: Floats
    whole_year: Flags
    rows: Ints

    def factors(self, fit: BlockFit, policy: OwnTermsPolicy) -> Floats:
        """Expected volume of a merchant of level 1 on the fit's columns (merchants, columns); 0 on closed days."""
        window = slice(fit.start, fit.start + fit.values.shape[1])
        panel, labels = fit.panel, fit.labels
        kind = labels.weekday[window] * 2 * STATES + fit.event * STATES + panel.state[:, window]
        season = self.year @ _year(panel.first_day, np.arange(window.start, window.stop), self.year.shape[1] // 2).T
        season += np.take_along_axis(self.beta @ kinds_of_day(policy)[0].T, kind, axis=1)
        pooled = fit.pooled.of_panel(panel, window.start, window.stop)
        return np.where(panel.open[:, window], pooled * np.exp(season), 0.0)


def fit_own_terms(fit: BlockFit, policy: OwnTermsPolicy, dispersion: float, prior: TermPrior | None = None) -> OwnTerms:
    """Fit each merchant of a block on all days before the fit's.

    Parameters
    ----------
    fit : BlockFit
    policy : OwnTermsPolicy
    dispersion : float
        Squared coefficient of variation of a day beyond counting noise.
    prior : TermPrior, optional
        What the platform taught; by default the policy's spreads.
    """
    prior = prior or stated_prior(policy)
    panel, known = fit.panel, fit.known
    values = np.ascontiguousarray(panel.values[fit.measure][:, :known])
    seen = np.isfinite(values)
    first = np.where(seen.any(axis=1), seen.argmax(axis=1), known)
    whole_year = known - first >= policy.year_from_days
    slow, precision, centre, week = _slow(panel.first_day, known, policy, prior)
    fast, _ = kinds_of_day(policy)
    merchants = len(values)
    beyond = fit.pooled.beyond(panel, 0, known)
    lift = np.zeros((merchants, 0)) if beyond is None else np.exp(beyond)
    theta, beta, noise = (
        np.zeros((merchants, slow.shape[1])),
        np.zeros((merchants, fast.shape[1])),
        np.zeros(merchants),
    )
    fit_terms(
        values, fit.pooled.total, lift, panel.scope.astype(np.int64), panel.state, panel.open,
        fit.labels.groups.is_event, fit.labels.weekday, week, fit.unit, dispersion, slow, precision, centre,
        whole_year.astype(np.int64), fast, prior.precision, policy.outlier**2, prior.noise, policy.noise_days,
        policy.rounds, theta, beta, noise,
    )  # fmt: skip
    year = theta[:, slow.shape[1] - len(prior.year) :]
    return OwnTerms(beta, year, noise, whole_year, seen.sum(axis=1))


def stated_prior(policy: OwnTermsPolicy) -> TermPrior:
    """Prior as the policy states it, for a platform that has not been looked at."""
    _, sd = kinds_of_day(policy)
    return TermPrior(np.diag(sd**-2.0), np.zeros(2 * len(policy.year_sd)), 1.0)


def kinds_of_day(policy: OwnTermsPolicy) -> tuple[Floats, Floats]:
    """Design of the kinds of day (KINDS, fast terms), and the stated spread of each term (fast terms,)."""
    weekday, rest = np.divmod(np.arange(KINDS), 2 * STATES)
    event, state = np.divmod(rest, STATES)
    weekdays = weekday[:, None] == np.arange(WEEK)
    promotion, holiday, beside = ((state & bit > 0)[:, None] for bit in (PROMOTION, HOLIDAY, BESIDE_CLOSED))
    parts = [
        (weekdays, policy.weekday_sd),
        (promotion, policy.promotion_sd),
        (weekdays & promotion, policy.promotion_weekday_sd),
        (holiday, policy.holiday_sd),
        (beside, policy.beside_closed_sd),
        ((event > 0)[:, None], policy.event_sd),
    ]
    design = np.concatenate([part for part, _ in parts], axis=1).astype(np.float64)
    return design, np.concatenate([np.full(part.shape[1], sd) for part, sd in parts])


def _slow(first_day: date, known: int, policy: OwnTermsPolicy, prior: TermPrior) -> tuple[Floats, Floats, Floats, Ints]:
    """Design by week (weeks, columns), precision without and with a year (2, columns, columns), centre, week of day."""
    week = (np.arange(known) - known) // WEEK
    week = week - (week[0] if known else 0)
    weeks = int(week[-1]) + 1 if known else 1
    back = (weeks - np.arange(weeks) - 0.5) * WEEK
    age = back / YEAR_DAYS
    changes = age[0] * np.arange(1, policy.changes + 1) / (policy.changes + 1)
    trend = np.column_stack([np.ones(weeks), -age, np.maximum(age[:, None] - changes, 0.0)])
    year = _year(first_day, known - back, len(policy.year_sd))
    sd = np.array([LEVEL_SD, policy.slope_sd] + [policy.change_sd] * policy.changes)
    own = np.repeat(policy.year_sd, 2)
    precision = np.stack([np.diag(np.concatenate([sd, part]) ** -2.0) for part in (np.full_like(own, FIXED), own)])
    centre = np.concatenate([np.zeros(len(sd)), prior.year])
    return np.concatenate([trend, year], axis=1), precision, centre, week.astype(np.int64)


def _year(first_day: date, columns: npt.NDArray[Any], order: int) -> Floats:
    return fourier((first_day - EPOCH).days + np.asarray(columns, dtype=float), YEAR_DAYS, order)
