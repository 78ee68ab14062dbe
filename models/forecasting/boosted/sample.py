"""What the trees are taught: days ahead of past origins, each seen with what was known at its origin.

From each origin some merchants are drawn, and some of their days; enough for trees, few enough that teaching costs the
same whether a platform has a thousand merchants or a million.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.forecasting.boosted.features import LONGEST, features
from models.forecasting.boosted.layout import Features
from models.forecasting.component import Levelled
from models.forecasting.fitted import BlockFit, fit_block
from models.forecasting.learned import Learned
from models.forecasting.panel import Floats, Ints, Panel
from models.forecasting.policy import BoostedPolicy
from models.forecasting.spread import stabilise

WEEK = 7


class Lessons(NamedTuple):
    """Days to learn from (rows,): features, correction that was needed (log units), its precision, and what made it.

    `said` is the corrected model's mean, `came` the value; `unit` and `dispersion` are the merchant's.
    """

    features: Features
    correction: Floats
    precision: Floats
    said: Floats
    came: Floats
    unit: Floats
    dispersion: Floats


def lessons(learned: Learned, sample: Panel, until: int, base: Levelled, policy: BoostedPolicy) -> Lessons | None:
    """Draw lessons from days before `until`.

    Parameters
    ----------
    learned : Learned
        Pooled factors; each origin is served by the newest refit at or before it, the oldest where there is none.
    sample : Panel
        Merchants that stand for all, in order of their ids.
    until : int
        First panel column that must not be looked at.
    base : Levelled
        What is corrected; at each origin with what the platform had taught by the refit that serves it.

    Returns
    -------
    Lessons, or None where there are no days to learn from
    """
    origins = [until - WEEK * back for back in range(1, policy.origins + 1)]
    origins = [known for known in origins if known >= policy.least_days_before]
    parts = [_from_origin(learned, sample, known, until, base, policy, len(origins)) for known in origins]
    parts = [part for part in parts if len(part.said)]
    return Lessons(*(np.concatenate(column) for column in zip(*parts, strict=True))) if parts else None


def _from_origin(
    learned: Learned, sample: Panel, known: int, until: int, base: Levelled, policy: BoostedPolicy, origins: int
) -> Lessons:
    random = np.random.default_rng([policy.seed, until - known])
    rows = -(-policy.rows // origins)
    block = sample.rows(_drawn(random, len(sample.merchants), -(-rows // policy.days_of_merchant)))
    refit = learned.origins.refit_for(known)
    factors, base = learned.factors[refit], base.with_prior(learned.priors.get(refit))
    labels, whole = learned.setting.labels, learned.setting.policy
    fit = fit_block(block, learned.measure, factors, labels, known, learned.platform, whole, known + LONGEST)
    basis = base.basis(fit, known)
    said = basis.ahead(fit, known, LONGEST)
    came = np.full(said.shape, np.nan)
    last = min(known + LONGEST, until)
    came[:, : last - known] = block.values[learned.measure][:, known:last]
    seen = features(fit, known, LONGEST, basis, policy)
    usable = np.flatnonzero((np.isfinite(came) & (said > 0)).ravel())
    chosen = usable[_drawn(random, len(usable), rows)]
    merchant = chosen // LONGEST
    return _lessons(seen.reshape(-1, seen.shape[2])[chosen], said.ravel()[chosen], came.ravel()[chosen], fit, merchant)


def _lessons(seen: Features, said: Floats, came: Floats, fit: BlockFit, merchant: Ints) -> Lessons:
    unit, dispersion = fit.unit[merchant], fit.dispersion[merchant]
    precision = precision_of(said, unit, dispersion)
    z = stabilise(came, unit, dispersion) - stabilise(said, unit, dispersion)
    return Lessons(seen, z / np.sqrt(precision), precision, said, came, unit, dispersion)


def precision_of(mean: Floats, unit: Floats, dispersion: Floats) -> Floats:
    """Inverse variance of a day in log units; its root times a correction is the step on the stabilised scale."""
    result: Floats = 1.0 / (unit / np.maximum(mean, 1e-12) + dispersion)
    return result


def _drawn(random: np.random.Generator, population: int, size: int) -> Ints:
    """Draw places in order; all of them where there are no more than asked for."""
    if population <= size:
        return np.arange(population)
    return np.sort(random.choice(population, size, replace=False))
