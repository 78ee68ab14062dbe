"""All that the trees see of a block from an origin; see `layout` for what stands where."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.forecasting.boosted.layout import (
    ALL_RECENT,
    ALL_SEASON,
    ALL_SEASON_DAY,
    DEPTH,
    EVENT,
    FACTOR,
    FAR,
    HORIZON,
    LEVELS,
    MONTH_DAY,
    PRICE,
    RECENT,
    SEASON,
    SEASON_DAY,
    STATE,
    WEEKDAY,
    Features,
    whole,
)
from models.forecasting.boosted.own_past import OwnPast, fill_own_past
from models.forecasting.boosted.plans import fill_plans
from models.forecasting.boosted.season import Seasons, seasons
from models.forecasting.fitted import BlockFit
from models.forecasting.panel import Floats
from models.forecasting.policy import BoostedPolicy
from models.forecasting.response import PRICE as RELATIVE
from models.forecasting.response import SLOPE, planned_terms

LONGEST = 28  # a day further ahead is looked at as if it were this far


class Together(NamedTuple):
    """What merchants together say of an origin: its newest days about their level, and last year's season (days,)."""

    recent: float
    season: Floats
    season_day: Floats

    @classmethod
    def of(cls, own: OwnPast, season: Seasons | None, days: int, policy: BoostedPolicy) -> Together:
        """Sum over the merchants of a sample; a precise merchant says more."""
        weight = own.weight[:, -1].sum() + policy.own_sd**-2
        if season is None:
            return cls(float(own.beyond[:, -1].sum() / weight), np.zeros(days), np.zeros(days))
        return cls(float(own.beyond[:, -1].sum() / weight), *season.of_all())


def features(
    fit: BlockFit, known: int, days: int, level: Floats, policy: BoostedPolicy, together: Together | None = None
) -> tuple[Features, Together]:
    """Lay out what is known at an origin of each day ahead.

    Parameters
    ----------
    fit : BlockFit
    known : int
        Panel columns that may be looked at.
    days : int
    level : array (merchants,)
        Level that is corrected.
    policy : BoostedPolicy
    together : Together, optional
        What the sample says of the origin; by default the block is the sample.

    Returns
    -------
    array of int16 (merchants, days, features), Together
    """
    merchants, panel = len(level), fit.panel
    out: Features = np.zeros((merchants, days, LEVELS + len(fit.half_lives)), dtype=np.int16)
    before = min(known, FAR)
    plans = slice(known - before, known + days)
    is_open, promotion, holiday = (
        np.ascontiguousarray(plan[:, plans]) for plan in (panel.open, panel.promotion, panel.holiday)
    )
    fill_plans(out, is_open, promotion, holiday, before)
    own, season = fill_own_past(out, fit, known, policy), seasons(fit, known, days, policy)
    together = together or Together.of(own, season, days, policy)
    _of_days(out, fit, known, together)
    if season is not None:
        for place, shrunk in zip((SEASON, SEASON_DAY), season.shrunk(policy.own_sd), strict=True):
            out[:, :, place] = whole(shrunk)
    _of_merchants(out, fit, known, level, own.recent(policy.own_sd**-2))
    return out, together


def _of_days(out: Features, fit: BlockFit, known: int, together: Together) -> None:
    days, panel = out.shape[1], fit.panel
    ahead, columns = slice(known, known + days), fit.columns(known, known + days)
    out[:, :, HORIZON] = np.minimum(np.arange(1, days + 1), LONGEST)
    out[:, :, WEEKDAY], out[:, :, MONTH_DAY] = fit.labels.weekday[ahead], fit.labels.month_day[ahead]
    out[:, :, ALL_RECENT] = whole(np.array(together.recent))
    out[:, :, ALL_SEASON], out[:, :, ALL_SEASON_DAY] = whole(together.season), whole(together.season_day)
    out[:, :, STATE], out[:, :, EVENT] = panel.state[:, ahead], fit.event[:, columns]
    out[:, :, FACTOR] = whole(np.log(np.maximum(fit.factors[:, columns], 1e-9)))
    if fit.pooled.response is not None:
        terms, mean = planned_terms(panel, known, known + days), fit.pooled.response.mean[ahead]
        # About all plans of the day, which else are taken for a mark of the weeks in which they were.
        for place, term in ((DEPTH, SLOPE), (PRICE, RELATIVE)):
            if term in terms:
                out[:, :, place] = np.where(terms[term] != 0, whole(terms[term] - mean[:, term]), 0)


def _of_merchants(out: Features, fit: BlockFit, known: int, level: Floats, recent: Floats) -> None:
    levels = fit.levels_at(np.array([known])).level[:, :, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        against = np.log(levels / level)
        volume = np.log(np.maximum(level, 1e-9) / fit.unit)
    against = np.where(np.isfinite(against), against, 0.0)
    columns = [whole(recent), whole(volume), whole(np.log(fit.dispersion)), fit.panel.scope.astype(np.int16)]
    of_merchant = np.stack([*columns, *whole(against)], axis=1)
    out[:, :, RECENT : RECENT + of_merchant.shape[1]] = of_merchant[:, None, :]
