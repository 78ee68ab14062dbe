"""From which days is learned: a calendar grid up to the month's start, so that a month has one training set.

The idea: whoever runs a day of May, on that day or a year later, learns from the same days, all of which had shown
their outcome before May began. That leaves at least a horizon between every day learned from and the day judged.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from models.risk.outlook.history import IntArray
from models.risk.outlook.settings import OutlookSettings


def month_start(day: int) -> int:
    """Ordinal of the first day of the month of an ordinal day."""
    return date.fromordinal(day).replace(day=1).toordinal()


def look_back(as_of: int, first_day: int, settings: OutlookSettings) -> int:
    """Days that features look back on: a third of the history, so that every day learned from has as many as today.

    Features that see less of a merchant's past on the first days learned from than today would be taught another
    meaning than they have.
    """
    third = (month_start(as_of) - first_day) // 3
    return int(np.clip(third, settings.trailing_days, settings.look_back_days))


def training_origins(as_of: int, first_day: int, horizon: int, settings: OutlookSettings) -> IntArray:
    """Ordinals of the days that are learned from, oldest first.

    Parameters
    ----------
    as_of, first_day : int
        Ordinals of the day judged and of the first day known.
    horizon : int
        Days after an origin in which its outcome shows; they end before the month of `as_of` begins.
    """
    learning, start = settings.learning, month_start(as_of)
    needed = max(settings.least_age_days, look_back(as_of, first_day, settings) - 1)
    earliest = max(first_day + needed, start - learning.history_days)
    days = np.arange(earliest, start - horizon, dtype=np.int64)
    return days[days % learning.origin_step == 0]
