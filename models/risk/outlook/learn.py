"""Everything that is learned for a day: a model per outcome and horizon, or why there is none.

Nothing is kept between days: the training days lie on a calendar grid and end before the month begins, so every day of
a month learns the same anew, in a second or two whatever the number of merchants, and an old day replayed learns what
it learned then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.risk.outlook.breach import BREACH_FEATURES, RateSeries, breach_rows
from models.risk.outlook.history import BoolArray, FloatArray, History
from models.risk.outlook.model import Model, fit_model
from models.risk.outlook.origins import look_back, training_origins
from models.risk.outlook.outcomes import BREACH, COLLAPSE, FEW_EVENTS, SHORT_HISTORY, outcomes_of_merchants
from models.risk.outlook.rows import MERCHANT_FEATURES, PastDays, Rows, raw_features
from models.risk.outlook.settings import OutlookSettings


@dataclass(frozen=True)
class Sample:
    """Merchants that stand for all, and what is known of them.

    Parameters
    ----------
    history : History
    large, any_size, rated : arrays of bool (merchants,)
        A fair sample of those large enough for a volume collapse, of all, and of those whose rates are learned from.
    rates : sequence of RateSeries
        Of the merchants named by `rated`, over the same days.
    """

    history: History
    large: BoolArray
    any_size: BoolArray
    rated: BoolArray
    rates: Sequence[RateSeries] = ()


@dataclass
class Learned:
    """What was learned for a day.

    Parameters
    ----------
    models : dict of (outcome, horizon) -> Model or None
    healthy : dict of horizon -> Model or None
        Of volume collapse, from merchants alone that still looked well.
    notes : dict of (outcome, horizon) -> str
        Why there is no model.
    look_back : int
        Days that features look back on.
    feature_middles : array (features,)
        Platform's medians on the day.
    standing_middles : dict of outcome -> float
    """

    settings: OutlookSettings
    look_back: int
    feature_middles: FloatArray
    standing_middles: dict[str, float]
    models: dict[tuple[str, int], Model | None] = field(default_factory=dict)
    healthy: dict[int, Model | None] = field(default_factory=dict)
    notes: dict[tuple[str, int], str] = field(default_factory=dict)

    def note(self, outcome: str, horizon: int) -> str:
        """Why there is no model; empty where there is one."""
        return self.notes.get((outcome, horizon), "")

    def put(self, outcome: str, horizon: int, rows: Rows, model: Model | None) -> None:
        """Keep a model, or the reason why there is none."""
        self.models[outcome, horizon] = model
        if model is None:
            short = len(np.unique(rows.origin)) < self.settings.learning.least_origins
            self.notes[outcome, horizon] = SHORT_HISTORY if short else FEW_EVENTS


def learn(sample: Sample, settings: OutlookSettings) -> Learned:
    """Learn all outcomes from the sample's past; the history's last day is the day judged."""
    history = sample.history
    today = history.last_day
    days = look_back(today, history.first_day, settings)
    past = PastDays(history, settings, days)
    raw = raw_features(history, history.place(today), days)
    outcomes = outcomes_of_merchants(settings)
    middles = {one.name: one.middle(history, history.place(today)) for one in outcomes}
    learned = Learned(settings, days, past.middles_of(raw, today), middles)
    for horizon in settings.horizons:
        origins = training_origins(today, history.first_day, horizon, settings)
        for outcome in outcomes:
            collapse = outcome.name == COLLAPSE
            rows = past.rows(outcome, horizon, origins, sample.large if collapse else sample.any_size)
            model = fit_model(rows, horizon, MERCHANT_FEATURES, settings)
            learned.put(outcome.name, horizon, rows, model)
            if collapse:
                well = rows.chosen(rows.healthy)
                learned.healthy[horizon] = fit_model(well, horizon, MERCHANT_FEATURES, settings)
        rates = breach_rows(sample.rates, history, horizon, origins, sample.rated, settings)
        learned.put(BREACH, horizon, rates, fit_model(rates, horizon, BREACH_FEATURES, settings))
    return learned
