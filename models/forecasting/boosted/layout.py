"""What the trees see of a merchant's day: names and places of the features, and the whole numbers they are kept in.

Features are 16-bit whole numbers: small, so that a row is about a cache line, and coarse, so that the last digit of a
sum, which depends on the order of summation, does not send a day down another branch. Nothing is missing: where a
merchant cannot say, the feature is 0, which stands for "as the corrected model has it".
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from models.forecasting.batched_prophet.compiled import compiled
from models.forecasting.panel import Floats

Features = npt.NDArray[np.int16]

STEPS: Final = 200.0  # steps of a log unit
MOST: Final = 150.0  # largest size of a feature in log units
OFF_THE_TIES: Final = 0.379  # values that many merchants share (0, log 2) lie inside a step, not on its border
FAR: Final = 15  # days beyond which an earlier or later day is no neighbour

# Of the day alone, the same for every merchant of the block.
HORIZON, WEEKDAY, MONTH_DAY, MONTH_LEFT = range(4)
# Of what is planned around the day.
STATE, EVENT, RUN_DAY, RUN_LEFT, SINCE_PROMOTION, UNTIL_PROMOTION = range(4, 10)
SINCE_CLOSED, UNTIL_CLOSED, UNTIL_SHUT, CLOSED_BEFORE, CLOSED_AFTER = range(10, 15)
HOLIDAY_BESIDE, HOLIDAYS_AFTER, FACTOR, DEPTH, PRICE = range(15, 20)
# Of the merchant's own past on such days.
OWN_CELL, OWN_WEEKDAY, OWN_BESIDE_CLOSED, RECENT_PROMOTION, RECENT_WEEKDAY = range(20, 25)
# Of the merchant, the same on all days ahead; one more for each half-life of the level follows.
RECENT, VOLUME, DISPERSION, SCOPE, LEVELS = range(25, 30)


def whole(values: Floats) -> Features:
    """Log units in whole steps."""
    clipped = np.clip(np.nan_to_num(values, nan=0.0), -MOST, MOST)
    return np.floor(clipped * STEPS + OFF_THE_TIES).astype(np.int16)


@compiled
def step_of(value: float) -> int:
    """`whole` for one number."""
    return int(np.floor(min(max(value, -MOST), MOST) * STEPS + OFF_THE_TIES))
