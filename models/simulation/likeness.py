"""Can a classifier tell simulated from real shops? Windows of daily counts are its evidence.

The idea: figures agree one by one and the whole may still look invented, so a gradient-boosted classifier is asked. An
area under the curve of 0.5 means that it cannot tell, 1.0 that it always can. It is asked three times: about the whole
window, weeks, closed days and promotions included; about the noise alone, once those known effects and what all shops
of the day share are divided out; and about the noise's shape, once its size is divided out too, because platforms are
calm or lively by their kind of trade. No feature counts days: how many a window holds would tell the calendar.
Windows of one shop never lie in both training and test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from models.simulation.draws import Floats, Ints
from models.simulation.realism import WindowShape

Shown = Literal["everything", "noise", "shape"]
SHOWN: tuple[Shown, ...] = get_args(Shown)
ROUNDS = 4  # of dividing out weekdays and promotions in turn
NOISE = (
    "spread", "jump", "skew", "kurtosis", "lag_1", "lag_2", "lag_7", "lag_14", "lowest", "highest", "slope",
    "week_spread",
)  # fmt: skip
KNOWN = ("open_share", "promoted_share", "promotion_lift", *(f"weekday_{number}" for number in range(7)))


@dataclass(frozen=True)
class Windows:
    """Windows (n, days) of counts, each beginning on a Monday; 0 = nothing sold; `series` (n,) tells shops apart.

    `own` are the counts without what all shops of a day have in common.
    """

    counts: Floats
    own: Floats
    promoted: NDArray[np.bool_]
    series: Ints


@dataclass(frozen=True)
class Apart:
    """How well two sets of windows can be told apart; `telling`: features that tell most, alone, with their AUC."""

    windows: int
    auc: float
    low: float
    high: float
    telling: tuple[tuple[str, float], ...]


def cut_windows(
    counts: Floats, promoted: NDArray[np.bool_], first_weekday: int, shape: WindowShape, rng: np.random.Generator
) -> Windows:
    """Cut series into windows that do not overlap.

    Parameters
    ----------
    counts, promoted : (days, series)
        NaN where nothing is known.
    first_weekday
        Of the first day, 0 = Monday.
    """
    start = (7 - first_weekday) % 7
    number = (len(counts) - start) // shape.days
    size, used = counts.shape[1], slice(start, start + max(number, 0) * shape.days)
    blocks = (number, shape.days, size)
    known = np.where(np.isfinite(counts[used]), counts[used], 0.0)
    cut, own, flags = (
        np.asarray(matrix).reshape(blocks).transpose(0, 2, 1).reshape(-1, shape.days)
        for matrix in (known, known / common_factor(known)[:, None], promoted[used])
    )
    enough = (cut.mean(axis=1) >= shape.least_mean) & ((cut > 0).sum(axis=1) >= shape.least_open_days)
    chosen = np.flatnonzero(enough)
    if len(chosen) > shape.most_windows:
        chosen = np.sort(rng.choice(chosen, shape.most_windows, replace=False))
    return Windows(
        cut[chosen], own[chosen], flags[chosen].astype(bool), np.tile(np.arange(size), max(number, 0))[chosen]
    )


def common_factor(counts: Floats) -> Floats:
    """What all shops of a day have in common, (days,): the mean of their logs against each one's own mean."""
    is_open = counts > 0
    logs = np.where(is_open, np.log(np.where(is_open, counts, 1.0)), np.nan)
    return np.asarray(np.exp(np.nan_to_num(_mean(logs - _mean(logs.T)[None, :]))))


def features(windows: Windows, shown: Shown) -> tuple[Floats, tuple[str, ...]]:
    """Features of windows that do not depend on their scale, and their names.

    Parameters
    ----------
    shown
        What the classifier may see.

    Returns
    -------
    (n, k) array, names
    """
    is_open = windows.counts > 0
    counts = windows.counts if shown == "everything" else windows.own
    logs = np.where(is_open, np.log(np.where(is_open, counts, 1.0)), np.nan)
    residual, week, lift = _without_known(logs, windows.promoted & is_open)
    columns = _noise_features(residual)
    if shown == "shape":
        return np.column_stack(columns[1:]), NOISE[1:]
    if shown == "noise":
        return np.column_stack(columns), NOISE
    shares = [is_open.mean(axis=1), windows.promoted.mean(axis=1), lift]
    return np.column_stack([*columns, *shares, *week.T]), (*NOISE, *KNOWN)


def _without_known(logs: Floats, promoted: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Log counts without level, weekdays and promotions, (n, days); the week (n, 7); the promotions' lift (n,)."""
    size, days = logs.shape
    weekday, lift = np.arange(days) % 7, np.zeros(size)
    week = np.zeros((size, 7))
    for _ in range(ROUNDS):
        plain = logs - lift[:, None] * promoted
        week = np.column_stack([_mean(plain[:, weekday == number]) for number in range(7)])
        rest = logs - week[:, weekday]
        lift = np.nan_to_num(_mean(np.where(promoted, rest, np.nan)) - _mean(np.where(promoted, np.nan, rest)))
    residual = logs - week[:, weekday] - lift[:, None] * promoted
    return residual, week - _mean(week)[:, None], lift


def _noise_features(residual: Floats) -> list[Floats]:
    spread = np.sqrt(_mean(residual**2))
    standard = residual / np.maximum(spread, 1e-9)[:, None]
    days = residual.shape[1]
    weeks = np.column_stack([_mean(block) for block in np.split(residual, days // 7, axis=1)])
    time = np.linspace(-1, 1, days)
    return [
        spread,
        np.sqrt(_mean(np.diff(standard, axis=1) ** 2)),
        _mean(standard**3),
        _mean(standard**4),
        *(_mean(standard[:, lag:] * standard[:, :-lag]) for lag in (1, 2, 7, 14)),
        np.nanmin(standard, axis=1),
        np.nanmax(standard, axis=1),
        _mean(standard * time),
        np.sqrt(_mean(weeks**2)) / np.maximum(spread, 1e-9),
    ]


def _mean(values: Floats) -> Floats:
    """Mean over the second axis of what is known; NaN where nothing is."""
    seen = np.isfinite(values)
    total = np.where(seen, values, 0.0).sum(axis=1)
    return np.divide(total, seen.sum(axis=1), out=np.full(len(values), np.nan), where=seen.any(axis=1))


def tell_apart(simulated: Windows, real: Windows, shown: Shown, folds: int, seed: int) -> Apart:
    """Area under the curve of a classifier that tells simulated from real windows, cross-validated over shops.

    The interval is that of a bootstrap over shops.

    Raises
    ------
    ValueError
        When a side has too few shops for the folds.
    """
    rng = np.random.default_rng(seed)
    sides = [_some(side, min(len(simulated.counts), len(real.counts)), rng) for side in (simulated, real)]
    for name, side in zip(("simulated", "real"), sides, strict=True):
        if len(np.unique(side.series)) < 2 * folds:
            raise ValueError(f"only {len(np.unique(side.series))} {name} shops have a window; {2 * folds} are needed")
    values = [features(side, shown) for side in sides]
    table, names = np.concatenate([value for value, _ in values]), values[0][1]
    label = np.repeat([0, 1], [len(side.counts) for side in sides])
    shops = np.concatenate([sides[0].series, sides[1].series + sides[0].series.max() + 1])
    score = np.zeros(len(label))
    # Small trees on several threads wait for each other most of the time.
    with threadpool_limits(limits=1):
        for train, test in StratifiedGroupKFold(folds, shuffle=True, random_state=seed).split(table, label, shops):
            model = HistGradientBoostingClassifier(max_iter=120, learning_rate=0.08, random_state=seed)
            score[test] = model.fit(table[train], label[train]).predict_proba(table[test])[:, 1]
    drawn = [_resampled(label, score, shops, rng) for _ in range(200)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Apart(len(label), float(roc_auc_score(label, score)), float(low), float(high), _telling(table, label, names))


def _some(windows: Windows, most: int, rng: np.random.Generator) -> Windows:
    chosen = np.sort(rng.choice(len(windows.counts), most, replace=False))
    return Windows(windows.counts[chosen], windows.own[chosen], windows.promoted[chosen], windows.series[chosen])


def _resampled(label: Ints, score: Floats, shops: Ints, rng: np.random.Generator) -> float:
    """Area under the curve with shops drawn anew, as weights."""
    unique, place = np.unique(shops, return_inverse=True)
    weight = np.bincount(rng.integers(0, len(unique), len(unique)), minlength=len(unique))[place]
    return float(roc_auc_score(label, score, sample_weight=weight))


def _telling(table: Floats, label: Ints, names: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """The three features that tell most when each is asked alone."""
    alone = {}
    for name, column in zip(names, table.T, strict=True):
        seen = np.isfinite(column)
        if len(np.unique(label[seen])) == 2:
            auc = float(roc_auc_score(label[seen], column[seen]))
            alone[name] = max(auc, 1 - auc)
    return tuple(sorted(alone.items(), key=lambda item: -item[1])[:3])
