"""The merchant's own season: where it stood a year before the day asked for, over where it stood a year before now.

A year is 52 weeks, so that weekdays meet; pooled factors are divided out on both sides. Sums over some three weeks are
compared, and shrunk by how much they can say; beside them stands how far that very day of last year lay from the days
around it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from models.forecasting.batched_prophet.compiled import compiled
from models.forecasting.fitted import BlockFit
from models.forecasting.panel import Floats
from models.forecasting.policy import BoostedPolicy

YEAR: Final = 364
THEN: Final = 28  # days before last year's today that it is measured against
LEAST: Final = 7  # known days below which a sum says nothing
MOST: Final = 1.5  # largest season (log units) that is believed


class Seasons(NamedTuple):
    """Log ratios and their precisions (merchants, days): of the weeks around, and of the day among them."""

    weeks: Floats
    weeks_precision: Floats
    day: Floats
    day_precision: Floats

    def shrunk(self, sd: float) -> tuple[Floats, Floats]:
        """Both ratios, shrunk towards none."""
        return tuple(  # type: ignore[return-value]
            ratio * precision / (precision + sd**-2)
            for ratio, precision in ((self.weeks, self.weeks_precision), (self.day, self.day_precision))
        )

    def of_all(self) -> tuple[Floats, Floats]:
        """Both ratios over all merchants (days,)."""
        return tuple(  # type: ignore[return-value]
            (ratio * precision).sum(axis=0) / np.maximum(precision.sum(axis=0), 1e-12)
            for ratio, precision in ((self.weeks, self.weeks_precision), (self.day, self.day_precision))
        )


def seasons(fit: BlockFit, known: int, days: int, policy: BoostedPolicy) -> Seasons | None:
    """Compare last year's days (see the module); None where history does not hold a year and `THEN` days."""
    first = known - YEAR - THEN
    if first < 0:
        return None
    last, panel = min(known - YEAR + days + policy.season_days, known), fit.panel
    values = np.ascontiguousarray(panel.values[fit.measure][:, first:last])
    pooled = fit.pooled.of_merchants(panel.scope, panel.state, first, last)
    made = Seasons(*np.zeros((4, len(values), days)))
    _compare(*made, values, pooled, fit.unit, fit.dispersion, policy.season_days)
    return made


@compiled
def _compare(
    weeks: Floats, weeks_precision: Floats, day: Floats, day_precision: Floats, values: Floats, pooled: Floats,
    unit: Floats, dispersion: Floats, wide: int,
) -> None:  # fmt: skip
    """Fill `Seasons`; column THEN of values is last year's today."""
    last = values.shape[1]
    sold, promised, count = np.zeros(last + 1), np.zeros(last + 1), np.zeros(last + 1)
    for m in range(values.shape[0]):
        for k in range(last):
            is_known = values[m, k] == values[m, k] and pooled[m, k] > 0
            sold[k + 1] = sold[k] + (values[m, k] if is_known else 0.0)
            promised[k + 1] = promised[k] + (pooled[m, k] if is_known else 0.0)
            count[k + 1] = count[k] + is_known
        if sold[THEN] <= 0 or count[THEN] < LEAST:
            continue
        then, noise_then = (
            sold[THEN] / promised[THEN],
            (unit[m] * count[THEN] / sold[THEN] + dispersion[m]) / count[THEN],
        )
        for h in range(weeks.shape[1]):
            k = THEN + h
            a, b = max(k - wide, 0), min(k + wide + 1, last)
            total, known_days = sold[b] - sold[a], count[b] - count[a]
            if total <= 0 or known_days < LEAST:
                continue
            level = total / (promised[b] - promised[a])
            noise = (unit[m] * known_days / total + dispersion[m]) / known_days
            weeks[m, h] = min(max(np.log(level / then), -MOST), MOST)
            weeks_precision[m, h] = 1.0 / (noise + noise_then)
            is_known = values[m, k] == values[m, k] and pooled[m, k] > 0
            if is_known and values[m, k] > 0:
                mean = level * pooled[m, k]
                day[m, h] = min(max(np.log(values[m, k] / mean), -MOST), MOST)
                day_precision[m, h] = 1.0 / (unit[m] / mean + dispersion[m] + noise)
