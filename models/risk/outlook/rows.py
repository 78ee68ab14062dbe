"""Days of the past as rows to learn from: what was visible then, and what happened next.

The idea: features of a day do not depend on the outcome or the horizon, so they are calculated once. Events are rare;
all of them are kept and the harmless rows thinned out, each that is left standing for those that are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from models.risk.outlook.chain_features import CHAIN_FEATURES, chain_features
from models.risk.outlook.feature import matrix, middles
from models.risk.outlook.history import BoolArray, FloatArray, History, IntArray
from models.risk.outlook.outcomes import Outcome
from models.risk.outlook.settings import OutlookSettings
from models.risk.outlook.volume_features import VOLUME_FEATURES, volume_features

MERCHANT_FEATURES = (*VOLUME_FEATURES, *CHAIN_FEATURES)


@dataclass(frozen=True)
class Rows:
    """Rows to learn from.

    Parameters
    ----------
    features : array (rows, features)
    bad : array of bool (rows,)
        Whether it happened.
    healthy : array of bool (rows,)
        Whether the merchant still looked well.
    origin : array (rows,)
        Ordinal of the day.
    key : array (rows,)
        Number by which rows are thinned out: a hash of merchant and day.
    weight : array (rows,)
        Rows that each stands for.
    """

    features: FloatArray
    bad: BoolArray
    healthy: BoolArray
    origin: IntArray
    key: FloatArray
    weight: FloatArray

    def chosen(self, which: BoolArray) -> Rows:
        """Some of the rows."""
        return Rows(
            self.features[which],
            self.bad[which],
            self.healthy[which],
            self.origin[which],
            self.key[which],
            self.weight[which],
        )

    @property
    def events(self) -> int:
        """Number of rows in which it happened."""
        return int(self.bad.sum())

    @property
    def share(self) -> float:
        """Share of what the rows stand for in which it happened."""
        return float(self.weight[self.bad].sum() / self.weight.sum()) if len(self.bad) else 0.0

    def thinned(self, most: int) -> Rows:
        """At most so many rows: the events (if they are too many, half of the rows), and others for the rest."""
        if len(self.bad) <= most:
            return self
        events = _lowest(self.key, self.bad, max(most // 2, most - int((~self.bad).sum())))
        others = _lowest(self.key, ~self.bad, most - int(events.sum()))
        weight = self.weight.copy()
        weight[self.bad] *= self.events / max(int(events.sum()), 1)
        weight[~self.bad] *= int((~self.bad).sum()) / max(int(others.sum()), 1)
        return replace(self, weight=weight).chosen(events | others)


@dataclass
class PastDays:
    """Features of days of a history, each calculated when it is first asked for.

    Parameters
    ----------
    history : History
    settings : OutlookSettings
    look_back : int
        Days that features look back on.
    """

    history: History
    settings: OutlookSettings
    look_back: int
    _features: dict[int, FloatArray] = field(default_factory=dict)
    _hash: FloatArray | None = None

    def features(self, origin: int) -> FloatArray:
        """Features (merchants, features) of a day, the platform's median taken off."""
        if origin not in self._features:
            values = raw_features(self.history, self.history.place(origin), self.look_back)
            self._features[origin] = values - self.middles_of(values, origin)
        return self._features[origin]

    def middles_of(self, values: FloatArray, origin: int) -> FloatArray:
        """Medians of raw features among merchants that sell and are not new."""
        place, age = self.history.place(origin), self.settings.least_age_days
        established = self.history.total("sales_units", place, self.settings.trailing_days) > 0
        if place - age >= 0:
            established &= self.history.total("sales_units", place - age, place + 1) > 0
        return middles(MERCHANT_FEATURES, values[established])

    def rows(self, outcome: Outcome, horizon: int, origins: Sequence[int] | IntArray, use: BoolArray) -> Rows:
        """Rows of an outcome over origins whose horizon lies inside the history.

        Parameters
        ----------
        use : array of bool (merchants,)
            Merchants that stand for the platform in this outcome.
        """
        parts = [self._rows_of(outcome, horizon, int(origin), use) for origin in origins]
        return join_rows(parts, len(MERCHANT_FEATURES))

    def _rows_of(self, outcome: Outcome, horizon: int, origin: int, use: BoolArray) -> Rows:
        place = self.history.place(origin)
        standing = outcome.standing(self.history, place, outcome.middle(self.history, place))
        happened = outcome.happened(self.history, place, horizon, standing.eligible)
        known = use & standing.eligible & ~np.isnan(happened)
        count = int(known.sum())
        return Rows(
            self.features(origin)[known],
            happened[known] > 0,
            standing.healthy[known],
            np.full(count, origin, dtype=np.int64),
            scattered(self._hashed()[known], origin),
            np.ones(count),
        )

    def _hashed(self) -> FloatArray:
        if self._hash is None:
            self._hash = hashed(self.history)
        return self._hash


def raw_features(history: History, place: int, look_back: int) -> FloatArray:
    """Features (merchants, features) of a column, nothing taken off."""
    found = volume_features(history, place, look_back) | chain_features(history, place)
    return matrix(MERCHANT_FEATURES, found)


def join_rows(parts: Sequence[Rows], features: int) -> Rows:
    """Rows one after the other."""
    if not parts:
        nothing, no = np.empty(0), np.empty(0, dtype=bool)
        return Rows(np.empty((0, features)), no, no, np.empty(0, dtype=np.int64), nothing, nothing)
    return Rows(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("features", "bad", "healthy", "origin", "key", "weight")
        )
    )


def hashed(history: History) -> FloatArray:
    """Number in [0, 1) for each merchant that depends on its id alone."""
    found: FloatArray = pd.util.hash_array(history.ids.astype(object), categorize=False).astype(np.float64) / 2.0**64
    return found


def scattered(numbers: FloatArray, origin: int) -> FloatArray:
    """Numbers in [0, 1) turned by a day, so that each day keeps other merchants."""
    turned: FloatArray = (numbers + origin * 0.6180339887498949) % 1.0
    return turned


def _lowest(key: FloatArray, among: BoolArray, most: int) -> BoolArray:
    """The `most` rows with the smallest keys among some."""
    places = np.flatnonzero(among)
    kept = np.zeros(len(key), dtype=bool)
    kept[places[np.argsort(key[places], kind="stable")[:most]]] = True
    return kept
