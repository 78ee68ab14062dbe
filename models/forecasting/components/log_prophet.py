"""Prophet's terms in log space about the category's, times the merchant's local level.

The terms are fitted once per refit from the whole history; from origin to origin only the level moves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np

from models.forecasting.component import Basis
from models.forecasting.components.own_terms import OwnTerms, TermPrior, fit_own_terms
from models.forecasting.fitted import BlockFit
from models.forecasting.level import LevelSource, days_of_peers
from models.forecasting.panel import Floats, Ints
from models.forecasting.policy import ForecastPolicy


@dataclass(frozen=True)
class LogProphet:
    """See the module.

    Parameters
    ----------
    half_life : array of int (strata,)
        Position among the fit's half-lives that serves each volume stratum.
    policy : ForecastPolicy
    prior : TermPrior, optional
        What the platform taught, from nothing newer than the fit.
    """

    half_life: Ints
    policy: ForecastPolicy
    prior: TermPrior | None = None
    name: str = "log_prophet"

    def means(self, fit: BlockFit, known: int, days: int) -> Floats:
        """See `Component`."""
        return self.basis(fit, known).ahead(fit, known, days)

    def with_prior(self, prior: TermPrior | None) -> Self:
        """See `Levelled`."""
        return replace(self, prior=prior)

    def basis(self, fit: BlockFit, known: int) -> Basis:
        """See `Levelled`."""
        shape = shape_of(fit, self.policy, self.prior)
        chosen = self.half_life[fit.stratum(known, self.policy.calibration.strata)]
        past = fit.columns(fit.start, known)
        source = LevelSource.of(fit.values[:, past], shape.factors[:, past], fit.source.peer_level, shape.peer_days)
        used, place = np.unique(chosen, return_inverse=True)
        levels = source.after(np.array([past.stop - 1]), [fit.half_lives[half_life] for half_life in used]).level
        return Basis(levels[place, np.arange(len(chosen)), 0], shape.factors)


class Shape(NamedTuple):
    """Day factors with the merchants' own terms (merchants, columns), and how long peers count (merchants,)."""

    factors: Floats
    peer_days: Floats


def shape_of(fit: BlockFit, policy: ForecastPolicy, prior: TermPrior | None) -> Shape:
    """Shape of a block; worked out once per fit, as several models and origins ask for it."""
    key = ("own_terms", policy.own_terms, id(prior))
    kept = fit.kept.get(key)
    if kept is None or kept[0] is not prior:
        terms = fit_own_terms(fit, policy.own_terms, policy.spread.dispersion, prior)
        kept = fit.kept[key] = (prior, Shape(terms.factors(fit, policy.own_terms), _peer_days(fit, terms, policy)))
    shape: Shape = kept[1]
    return shape


def _peer_days(fit: BlockFit, terms: OwnTerms, policy: ForecastPolicy) -> Floats:
    noise, level = terms.noise, policy.level
    dispersion = policy.spread.dispersion * noise
    return days_of_peers(fit.unit * noise, fit.source.peer_level, dispersion, level.peer_log_sd, level.peer_days)
