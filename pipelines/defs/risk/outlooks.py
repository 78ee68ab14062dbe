"""The outlook of a day: learned from a sample once, told block by block, written to `merchant_outlook`.

Of each merchant only what `merchant_risk` repeats is kept in memory: the probabilities of a volume collapse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from models.metrics.profile import Profile
from models.risk.outlook.judge import Verdict, judge_merchants, judge_rates, unjudged
from models.risk.outlook.learn import Learned, learn
from models.risk.outlook.outcomes import COLLAPSE, FEW_ORDERS
from models.risk.outlook.settings import OutlookSettings
from pipelines.day import Day
from pipelines.defs.risk.outlook_reading import read_block, read_sample
from pipelines.defs.risk.panel import Merchants, blocks_of
from pipelines.defs.risk.rows import floats

FloatArray = npt.NDArray[np.float64]
TextArray = npt.NDArray[np.object_]


@dataclass
class Outlooks:
    """Outlooks of a day's merchants; what is kept fills as the rows are made.

    Parameters
    ----------
    learned : Learned or None
        None where nothing was ever sold.
    """

    day: Day
    merchants: Merchants
    profile: Profile
    settings: OutlookSettings
    learned: Learned | None
    _kept: dict[tuple[str, int], FloatArray] = field(default_factory=dict)
    _reasons: TextArray | None = None

    def p_bad(self, horizon: int) -> FloatArray:
        """Probability of a volume collapse (merchants,); NaN where there is none."""
        return self._numbers("p", horizon)

    def p_bad_healthy(self, horizon: int) -> FloatArray:
        """The same of merchants that still look healthy."""
        return self._numbers("p_healthy", horizon)

    def reasons(self) -> TextArray:
        """Reasons of a volume collapse within 14 days, as JSON texts (merchants,)."""
        if self._reasons is None:
            self._reasons = np.full(self.merchants.count, None, dtype=object)
        return self._reasons

    def rows(self) -> Iterator[pa.Table]:
        """Rows of `merchant_outlook`, block by block."""
        for start, stop, buckets in blocks_of(self.day, self.merchants):
            ids = self.merchants.ids.slice(start, stop - start)
            for verdict in self._verdicts(ids, buckets):
                if verdict.outcome == COLLAPSE:
                    self._keep(verdict, slice(start, stop))
                yield self._table(verdict, ids)

    def _verdicts(self, ids: pa.Array, buckets: tuple[int, ...]) -> Iterator[Verdict]:
        if self.learned is None:
            yield from unjudged(len(ids), self.settings)
            return
        history, rates = read_block(self.day, ids, buckets, self.profile, self.settings)
        yield from judge_merchants(self.learned, history)
        yield from judge_rates(self.learned, rates)

    def _keep(self, verdict: Verdict, block: slice) -> None:
        self._numbers("p", verdict.horizon)[block] = verdict.p
        self._numbers("p_healthy", verdict.horizon)[block] = verdict.p_healthy
        if verdict.horizon == 14:
            self.reasons()[block] = verdict.reasons

    def _numbers(self, name: str, horizon: int) -> FloatArray:
        return self._kept.setdefault((name, horizon), np.full(self.merchants.count, np.nan))

    def _table(self, verdict: Verdict, ids: pa.Array) -> pa.Table:
        count = len(ids)
        rows = pa.table(
            {
                "as_of": pa.repeat(pa.scalar(self.day.as_of), count),
                "merchant_id": ids,
                "outcome": pa.repeat(verdict.outcome, count),
                "horizon": pa.repeat(verdict.horizon, count),
                "p": floats(verdict.p),
                "p_healthy": floats(verdict.p_healthy),
                "reasons": pa.array(verdict.reasons, pa.string()),
                "note": pa.array(verdict.note, pa.string(), mask=verdict.note == ""),
            }
        )
        # A rate without orders is no outlook; with it the table would be mostly empty rows.
        return rows.filter(pa.array(verdict.note != FEW_ORDERS))


def read_outlooks(day: Day, merchants: Merchants, profile: Profile, settings: OutlookSettings) -> Outlooks:
    """Learn a day's outlooks; they are told when their rows are asked for."""
    sample = read_sample(day, profile, settings)
    return Outlooks(day, merchants, profile, settings, learn(sample, settings) if sample else None)
