"""All that the trees see of a block from an origin; see `layout` for what stands where."""

from __future__ import annotations

import numpy as np

from models.forecasting.boosted.layout import (
    DEPTH,
    EVENT,
    FACTOR,
    FAR,
    HORIZON,
    LEVELS,
    MONTH_DAY,
    MONTH_LEFT,
    PRICE,
    RECENT,
    STATE,
    WEEKDAY,
    Features,
    whole,
)
from models.forecasting.boosted.own_past import fill_own_past
from models.forecasting.boosted.plans import fill_plans
from models.forecasting.component import Basis
from models.forecasting.fitted import BlockFit
from models.forecasting.panel import Floats, month_left
from models.forecasting.policy import BoostedPolicy
from models.forecasting.response import PRICE as RELATIVE
from models.forecasting.response import SLOPE, planned_terms

LONGEST = 28  # a day further ahead is looked at as if it were this far


def features(fit: BlockFit, known: int, days: int, basis: Basis, policy: BoostedPolicy) -> Features:
    """Lay out what is known at an origin of each day ahead.

    Parameters
    ----------
    fit : BlockFit
    known : int
        Panel columns that may be looked at.
    days : int
    basis : Basis
        Level and day factors that are corrected.
    policy : BoostedPolicy

    Returns
    -------
    array of int16 (merchants, days, features)
    """
    merchants, panel = len(basis.level), fit.panel
    out: Features = np.zeros((merchants, days, LEVELS + len(fit.half_lives)), dtype=np.int16)
    before = min(known, FAR)
    plans = slice(known - before, known + days)
    is_open, promotion, holiday, shut = (
        np.ascontiguousarray(plan[:, plans]) for plan in (panel.open, panel.promotion, panel.holiday, panel.shut)
    )
    fill_plans(out, is_open, promotion, holiday, shut, before)
    own = fill_own_past(out, fit, known, basis.factors, policy)
    _of_days(out, fit, known, basis.factors)
    _of_merchants(out, fit, known, basis.level, own.recent(policy.own_sd**-2))
    return out


def _of_days(out: Features, fit: BlockFit, known: int, factors: Floats) -> None:
    days, panel = out.shape[1], fit.panel
    ahead, columns = slice(known, known + days), fit.columns(known, known + days)
    out[:, :, HORIZON] = np.minimum(np.arange(1, days + 1), LONGEST)
    out[:, :, WEEKDAY], out[:, :, MONTH_DAY] = fit.labels.weekday[ahead], fit.labels.month_day[ahead]
    out[:, :, MONTH_LEFT] = month_left(panel.date_of(known), days)
    out[:, :, STATE], out[:, :, EVENT] = panel.state[:, ahead], fit.event[:, columns]
    out[:, :, FACTOR] = whole(np.log(np.maximum(factors[:, columns], 1e-9)))
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
