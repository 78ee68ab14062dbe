"""What the chain from scores to evidence starts with: a metric, its scores, and what one score looks back on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from models.risk.residuals import Scores

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

DAY = "day"
WEEK, DRIFT = "week", "drift"  # scores over seven days, and of seven days against the level of four weeks before


@dataclass(frozen=True)
class ScoredMetric:
    """A metric with its scores, its leg, and how many days one score looks back on.

    `incident` says whether a group that moves is an incident; its effect is taken off in any case. `light_days` is how
    many days of scores the metric's light is read from. `days` are scores of single days (merchants, days) for the
    detectors where those of `scores` look back on more; `windows` are scores over several days, by name, that join
    them. `trouble` are days (merchants, days) that are known to be no part of what is usual. `tested_on` names the
    window that groups are tested on, in place of `scores` that know less of today.
    """

    metric: str
    leg: str
    scores: Scores
    memory_days: int
    incident: bool = True
    light_days: int = 1
    days: FloatArray | None = None
    windows: Mapping[str, FloatArray] = field(default_factory=dict)
    trouble: BoolArray | None = None
    tested_on: str | None = None

    @property
    def tested(self) -> FloatArray:
        """Scores (merchants, days) that groups are tested on."""
        return self.scores.z if self.tested_on is None else self.windows[self.tested_on]
