"""What was learned of a measure, and the forecasts that follow from it: today's of a block, and those of its past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from models.forecasting.backtest import AHEAD, Made, Standing
from models.forecasting.calibration import Calibration, ErrorCounts, HalfLifeErrors, calibrate
from models.forecasting.component import Component, PooledLevel, Silent
from models.forecasting.components.log_prophet import LogProphet
from models.forecasting.components.own_terms import TermPrior
from models.forecasting.components.seasonal_median import SeasonalMedian
from models.forecasting.ensemble.combine import combine
from models.forecasting.ensemble.past import BlockPast, look_back
from models.forecasting.ensemble.weights import ErrorMeans, Weighed, errors_seen, merchant_weights, segment_errors
from models.forecasting.factors import DayFactors, DayLabels
from models.forecasting.fitted import BlockFit, Platform, fit_block
from models.forecasting.panel import Floats, Ints, Panel
from models.forecasting.policy import ForecastPolicy
from models.forecasting.rolling import Origins

if TYPE_CHECKING:  # the trees are trained on what is learned here
    from models.forecasting.boosted.model import Boosted

BASE = "pooled_level"  # what is trusted until the others have shown what they can do
OWN_TERMS = "log_prophet"
PLANS = ("scope", "open", "promotion", "holiday", "depth", "price")  # what a panel says beside its values


@dataclass(frozen=True)
class Setting:
    """What every pass needs: the days' labels, how many are known, policy, and lifts nobody has seen yet."""

    labels: DayLabels
    history: int
    policy: ForecastPolicy
    prior_lift: Mapping[str, float]
    first_day: date


@dataclass
class Learned:
    """What was learned of one measure.

    Parameters
    ----------
    setting : Setting
    measure : str
    factors : dict of refit (known columns) -> DayFactors
    platform : Platform
    origins : Origins
    half_lives : dict of model -> HalfLifeErrors
        Of the models that have a local level.
    errors : ErrorCounts
        Of the mixture, on the sample.
    priors : dict of refit -> TermPrior
        What merchants' own terms are shrunk to.
    boosted : dict of known columns -> Boosted or None
        Trees that saw nothing beyond; None where there was too little to learn from.
    unusual : array (columns,)
        Share of the sample for whom a day is one of an event, a holiday or beside a closed day.
    sample : BlockPast or None
        The sample's past; None where there is no merchant or no origin.
    """

    setting: Setting
    measure: str
    factors: dict[int, DayFactors]
    platform: Platform
    origins: Origins
    half_lives: dict[str, HalfLifeErrors]
    errors: ErrorCounts
    priors: dict[int, TermPrior] = field(default_factory=dict)
    boosted: dict[int, Boosted | None] = field(default_factory=dict)
    unusual: Floats = field(default_factory=lambda: np.zeros(0))
    sample: BlockPast | None = None
    _calibrations: dict[int, Calibration] = field(default_factory=dict)
    _segments: dict[int, Floats] = field(default_factory=dict)

    @property
    def policy(self) -> ForecastPolicy:
        """Settings."""
        return self.setting.policy

    def half_life(self, known: int, model: str = BASE) -> Ints:
        """Half-life (position) that serves each stratum best, as an origin could tell."""
        return self.half_lives[model].best(self.origins.usable(known, self.policy), self.policy)

    def calibration(self, known: int) -> Calibration:
        """Half-lives and error quantiles from errors that an origin had seen."""
        if known not in self._calibrations:
            half_life = self.half_life(known)
            self._calibrations[known] = calibrate(
                self.errors, half_life, self.origins, known, self.unusual, self.policy
            )
        return self._calibrations[known]

    def fit(self, panel: Panel, refit: int, until: int | None = None) -> BlockFit:
        """Fit a block with the factors of a refit."""
        return fit_block(
            panel,
            self.measure,
            self.factors[refit],
            self.setting.labels,
            refit,
            self.platform,
            self.setting.policy,
            until,
        )

    def components(self, known: int) -> tuple[Component, ...]:
        """The models as an origin had them, in the order of policy."""
        prior = self.priors.get(self.origins.refit_for(known))
        made: dict[str, Component] = {
            BASE: PooledLevel(self.half_life(known), self.policy.calibration.strata),
            OWN_TERMS: LogProphet(self.half_life(known, OWN_TERMS), self.policy, prior),
            "seasonal_median": SeasonalMedian(self.policy, prior),
            "boosted": self._boosted(known, prior) or Silent("boosted"),
        }
        return tuple(made[name] for name in self.policy.ensemble.models)

    def _boosted(self, known: int, prior: TermPrior | None) -> Boosted | None:
        taught = sorted(until for until in self.boosted if until <= known)
        # Where the past could not be taught there is no evidence, and without evidence no weight.
        model = self.boosted[taught[-1]] if taught and self.boosted[min(self.boosted)] else None
        return None if model is None else model.with_prior(prior)

    def past(self, panel: Panel, origins: int, fits: Mapping[int, BlockFit] | None = None) -> BlockPast:
        """What every model would have said of a block from the newest origins; fits by refit where there are some."""
        if self.sample is not None and _same(self.sample.fits[0].panel, panel, self.measure):
            return self.sample.newest(origins)

        def fit_at(refit: int, until: int) -> BlockFit:
            return self.fit(panel, refit, until) if fits is None else fits[refit]

        return look_back(fit_at, self.components, self.origins, origins, panel.values[self.measure])

    def weighed(self, past: BlockPast, fit: BlockFit, known: int) -> Weighed:
        """Weights of the models (models, SPANS, merchants) of a block, as an origin could tell."""
        policy = self.policy.ensemble
        stratum = fit.stratum(known, self.policy.calibration.strata)
        speaks = np.array([not isinstance(model, Silent) for model in self.components(known)])
        return merchant_weights(errors_seen(past, known, policy), self.segment(known), stratum, speaks, policy)

    def segment(self, known: int) -> Floats:
        """Errors of the models by stratum (models, SPANS, strata), as an origin could tell."""
        if known not in self._segments:
            policy, bounds = self.policy.ensemble, self.policy.calibration.strata
            base = policy.models.index(BASE) if BASE in policy.models else 0
            seen, stratum = ErrorMeans.none(len(policy.models)), np.zeros(0, np.int64)
            if self.sample is not None:
                seen, stratum = errors_seen(self.sample, known, policy), self.sample.stratum(known, bounds)
            self._segments[known] = segment_errors(seen, stratum, len(bounds) + 1, base, policy)
        return self._segments[known]

    def made(self, panel: Panel, days: int, weights: Floats | None = None) -> Made:
        """Forecast a block at the end of history; weights are read from its past unless they are given."""
        history = self.setting.history
        fit = self.fit(panel, history)
        if weights is None:
            weights = self.weighed(self.past(panel, self.policy.ensemble.origins), fit, history).weight
        means = np.stack([component.means(fit, history, days) for component in self.components(history)])
        return Made(fit, history, combine(means, weights, fit), self.standing(fit, history))

    def made_then(self, past: BlockPast, place: int) -> Made:
        """The mixture of a block as it was at one of its past origins, for the days until the end of history."""
        known, fit = int(past.known[place]), past.fits[place]
        days = min(AHEAD, self.setting.history - known)
        mean = combine(past.means[:, place, :, :days], self.weighed(past, fit, known).weight, fit)
        return Made(fit, known, mean, self.standing(fit, known))

    def standing(self, fit: BlockFit, known: int) -> Standing:
        """Where the merchants of a block stand at an origin."""
        stratum = fit.stratum(known, self.policy.calibration.strata)
        chosen = self.half_life(known)[stratum]
        peers = fit.levels_at(np.array([known])).peer_share[:, :, 0]
        return Standing(stratum, peers[chosen, np.arange(len(chosen))])


def _same(one: Panel, other: Panel, measure: str) -> bool:
    """Whether two panels say the same of a measure: a platform of one block is its own sample."""
    if len(one.merchants) != len(other.merchants) or not np.array_equal(one.merchants, other.merchants):
        return False
    parts = ((vars(panel)[name] for name in PLANS) for panel in (one, other))
    plans = all(
        (a is None) == (b is None) and (a is None or np.array_equal(a, b, equal_nan=a.dtype.kind == "f"))
        for a, b in zip(*parts, strict=True)
    )
    return plans and np.array_equal(one.values[measure], other.values[measure], equal_nan=True)
