"""Walking forward through real or simulated days: what the outlook would have said, beside what came.

The idea: exactly what the daily run does. On every day judged the model is that of its month, learned from days whose
outcome had shown before the month began; two rules of thumb are asked the same questions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.risk.outlook.history import UNITS, BoolArray, FloatArray, History, IntArray
from models.risk.outlook.model import Model, fit_model
from models.risk.outlook.origins import look_back, month_start, training_origins
from models.risk.outlook.outcomes import Outcome
from models.risk.outlook.rows import MERCHANT_FEATURES, PastDays, join_rows
from models.risk.outlook.settings import OutlookSettings

Use = Callable[[int], BoolArray]
EWMA_HALF_LIFE = 3.0


@dataclass(frozen=True)
class Walked:
    """Rows that were judged (rows,).

    Parameters
    ----------
    p : array
        Probability of the model for all; NaN before there was enough to learn from.
    p_healthy : array
        Of the model for those that still look well, told for every row.
    rule, ewma : arrays
        Rules of thumb, higher is worse: last 7 over last 28 days, and a smoothed level over them, both turned round.
    bad, healthy : arrays of bool
    merchant, day : arrays of int
        Row of the history, and ordinal of the day.
    """

    p: FloatArray
    p_healthy: FloatArray
    rule: FloatArray
    ewma: FloatArray
    bad: BoolArray
    healthy: BoolArray
    merchant: IntArray
    day: IntArray

    def chosen(self, which: npt.NDArray[np.bool_]) -> Walked:
        """Some of the rows."""
        return Walked(
            self.p[which],
            self.p_healthy[which],
            self.rule[which],
            self.ewma[which],
            self.bad[which],
            self.healthy[which],
            self.merchant[which],
            self.day[which],
        )


def walk_forward(
    history: History,
    outcome: Outcome,
    horizon: int,
    days: Sequence[int],
    settings: OutlookSettings,
    use: Use | None = None,
) -> Walked:
    """Judge days of a history, each with the model of its month.

    Parameters
    ----------
    history : History
        The whole of it; no model sees a day whose outcome had not shown before its month.
    days : sequence of int
        Ordinals of the days judged.
    use : callable, optional
        Ordinal of a day -> merchants (merchants,) that are learned from and judged on it; by default all.
    """
    everyone = np.ones(len(history.ids), dtype=bool)
    chosen = use or (lambda _: everyone)
    pasts: dict[int, PastDays] = {}
    models: dict[int, tuple[Model | None, Model | None]] = {}
    parts = []
    for day in days:
        seen = look_back(day, history.first_day, settings)
        past = pasts.setdefault(seen, PastDays(history, settings, seen))
        month = month_start(day)
        if month not in models:
            models[month] = _models(past, outcome, horizon, month, chosen)
        parts.append(_judged(past, outcome, horizon, day, chosen(day), models[month]))
    return _joined(parts)


def _models(past: PastDays, outcome: Outcome, horizon: int, month: int, use: Use) -> tuple[Model | None, Model | None]:
    settings = past.settings
    origins = training_origins(month, past.history.first_day, horizon, settings)
    rows = join_rows(
        [past.rows(outcome, horizon, [int(origin)], use(int(origin))) for origin in origins], len(MERCHANT_FEATURES)
    )
    return (
        fit_model(rows, horizon, MERCHANT_FEATURES, settings),
        fit_model(rows.chosen(rows.healthy), horizon, MERCHANT_FEATURES, settings),
    )


def _judged(
    past: PastDays,
    outcome: Outcome,
    horizon: int,
    day: int,
    use: BoolArray,
    models: tuple[Model | None, Model | None],
) -> Walked:
    history, settings = past.history, past.settings
    at = history.place(day)
    standing = outcome.standing(history, at, outcome.middle(history, at))
    happened = outcome.happened(history, at, horizon, standing.eligible)
    rows = np.flatnonzero(use & standing.eligible & ~np.isnan(happened))
    features = past.features(day)[rows]
    told = [model.probability(features) if model else np.full(len(rows), np.nan) for model in models]
    rule, ewma = rules_of_thumb(history, at, settings)
    return Walked(
        told[0],
        told[1],
        rule[rows],
        ewma[rows],
        happened[rows] > 0,
        standing.healthy[rows],
        rows.astype(np.int64),
        np.full(len(rows), day, dtype=np.int64),
    )


def rules_of_thumb(history: History, at: int, settings: OutlookSettings) -> tuple[FloatArray, FloatArray]:
    """Last 7 over last 28 days, and a smoothed level over them, both turned round: higher is worse."""
    trailing = settings.trailing_days
    days = np.nan_to_num(history.columns[UNITS][:, at + 1 - trailing : at + 1])
    weight = 0.5 ** (np.arange(trailing)[::-1] / EWMA_HALF_LIFE)
    with np.errstate(divide="ignore", invalid="ignore"):
        rule = days[:, -settings.recent_days :].mean(axis=1) / days.mean(axis=1)
        ewma = days @ (weight / weight.sum()) / days.mean(axis=1)
    return tuple(-one / np.nanmedian(one) for one in (rule, ewma))  # type: ignore[return-value]


def _joined(parts: Sequence[Walked]) -> Walked:
    names = ("p", "p_healthy", "rule", "ewma", "bad", "healthy", "merchant", "day")
    return Walked(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def flagged_ahead(
    walked: Walked,
    score: FloatArray,
    onsets: tuple[IntArray, IntArray],
    budget: float = 0.05,
    least: int = 7,
    most: int = 14,
) -> float:
    """Share of onsets whose merchant was among the day's worst `budget` on a day `least` to `most` days before.

    Parameters
    ----------
    onsets : tuple of arrays (merchant, day)
        Only those count of which a day in that span was judged.
    """
    rows = pd.DataFrame({"merchant": walked.merchant, "day": walked.day, "score": score})
    rank = rows.groupby("day")["score"].rank(method="first", ascending=False)
    rows["flagged"] = rank <= np.maximum(np.round(budget * rows.groupby("day")["score"].transform("size")), 1)
    merchant, day = onsets
    begun = pd.DataFrame({"merchant": merchant, "onset": day})
    pairs = begun.merge(rows, on="merchant")
    before = pairs["onset"] - pairs["day"]
    pairs = pairs[(before >= least) & (before <= most)]
    found = pairs.groupby(["merchant", "onset"])["flagged"].any()
    return float(found.mean()) if len(found) else float("nan")


def collapse_onsets(history: History, settings: OutlookSettings, first: int, last: int) -> tuple[IntArray, IntArray]:
    """Days on which a collapse began: the week from it on lies below the limit against the 28 days before it.

    Returns
    -------
    merchant, day : arrays
        The first such day of a merchant after 28 days without one; `day` as ordinal.
    """
    count = last + 1 - first
    fallen = np.zeros((len(history.ids), count), dtype=bool)
    for ahead in range(count):
        before = history.place(first + ahead) - 1
        trailing = history.total(UNITS, before, settings.trailing_days) / settings.trailing_days
        eligible = trailing >= settings.least_mean
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = history.ahead(UNITS, before, 7) / 7 / trailing
        fallen[:, ahead] = eligible & (ratio / np.median(ratio[eligible]) < settings.collapse_below)
    counts = np.cumsum(np.pad(fallen, ((0, 0), (settings.trailing_days + 1, 0))), axis=1)
    shift = settings.trailing_days
    earlier = counts[:, shift : shift + count] - counts[:, :count]
    merchant, column = np.nonzero(fallen & (earlier == 0))
    return merchant.astype(np.int64), first + column.astype(np.int64)
