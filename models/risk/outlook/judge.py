"""What is said of a block of merchants on a day: probabilities with their reasons, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.risk.outlook.breach import BREACH_FEATURES, RateHistory, RateSeries
from models.risk.outlook.feature import Feature
from models.risk.outlook.history import FloatArray, History
from models.risk.outlook.learn import Learned
from models.risk.outlook.model import Model
from models.risk.outlook.outcomes import BREACH, COLLAPSE, SHORT_HISTORY, Standing, outcomes_of_merchants
from models.risk.outlook.reasons import TextArray, reason_texts
from models.risk.outlook.rows import MERCHANT_FEATURES, raw_features
from models.risk.outlook.settings import OutlookSettings


@dataclass(frozen=True)
class Verdict:
    """One outcome within one horizon, arrays (merchants,).

    Parameters
    ----------
    p : array
        Probability; NaN where there is none.
    p_healthy : array
        The same where the merchant still looks well, else NaN.
    reasons : array of str or None
        JSON text, see `reasons.py`.
    note : array of str
        Why there is no probability, see `outcomes.NOTES`; empty where there is one.
    """

    outcome: str
    horizon: int
    p: FloatArray
    p_healthy: FloatArray
    reasons: TextArray
    note: TextArray


def judge_merchants(learned: Learned, history: History) -> Iterator[Verdict]:
    """Outcomes of merchants; the history's last day is the day judged."""
    settings, at = learned.settings, history.place(history.last_day)
    features = raw_features(history, at, learned.look_back) - learned.feature_middles
    for outcome in outcomes_of_merchants(settings):
        standing = outcome.standing(history, at, learned.standing_middles[outcome.name])
        for horizon in settings.horizons:
            early = learned.healthy.get(horizon) if outcome.name == COLLAPSE else None
            yield _verdict(learned, outcome.name, horizon, standing, features, MERCHANT_FEATURES, early=early)


def judge_rates(learned: Learned, rates: Sequence[RateSeries]) -> Iterator[Verdict]:
    """Breaches of rates; the last column of each is the day judged."""
    for one in rates:
        found = RateHistory(one, learned.settings)
        at = one.bad.shape[1] - 1
        standing, features = found.standing(at), found.features(at)
        for horizon in learned.settings.horizons:
            yield _verdict(learned, BREACH, horizon, standing, features, BREACH_FEATURES, name=one.name)


def unjudged(count: int, settings: OutlookSettings) -> Iterator[Verdict]:
    """Say of every merchant that nothing can be said: no sale has ever been seen."""
    nothing, no_reason = np.full(count, np.nan), np.full(count, None, dtype=object)
    for outcome in outcomes_of_merchants(settings):
        for horizon in settings.horizons:
            note = np.full(count, SHORT_HISTORY, dtype=object)
            yield Verdict(outcome.name, horizon, nothing, nothing, no_reason, note)


def _verdict(
    learned: Learned,
    outcome: str,
    horizon: int,
    standing: Standing,
    features: FloatArray,
    described: Sequence[Feature],
    name: str = "",
    early: Model | None = None,
) -> Verdict:
    model = learned.models.get((outcome, horizon))
    count = len(features)
    nothing = np.full(count, np.nan)
    if model is None:
        note = np.where(standing.note == "", learned.note(outcome, horizon), standing.note).astype(object)
        return Verdict(name or outcome, horizon, nothing, nothing, np.full(count, None, dtype=object), note)
    p = nothing.copy()
    p[standing.eligible] = model.probability(features[standing.eligible])
    p_healthy = np.where(standing.healthy, p, np.nan)
    if early is not None and standing.healthy.any():
        p_healthy[standing.healthy] = early.probability(features[standing.healthy])
    settings = learned.settings.reasons
    asked = np.nan_to_num(p) >= settings.from_base * model.share
    reasons = reason_texts(model, features, asked & standing.eligible, described, settings)
    return Verdict(name or outcome, horizon, p, p_healthy, reasons, standing.note)
