"""Where a day stands among the plans around it: in a run of promotion days, after and before closed days and holidays.

What lies beyond the last day asked for is not looked at, however far plans reach, so that a past origin sees as much of
the plans as today's does.
"""

from __future__ import annotations

from models.forecasting.batched_prophet.compiled import compiled
from models.forecasting.boosted.layout import (
    CLOSED_AFTER,
    CLOSED_BEFORE,
    FAR,
    HOLIDAY_BESIDE,
    HOLIDAYS_AFTER,
    RUN_DAY,
    RUN_LEFT,
    SINCE_CLOSED,
    SINCE_PROMOTION,
    UNTIL_CLOSED,
    UNTIL_PROMOTION,
    UNTIL_SHUT,
    Features,
)
from models.forecasting.panel import Flags

WEEK = 7


@compiled
def fill_plans(out: Features, is_open: Flags, promotion: Flags, holiday: Flags, shut: Flags, before: int) -> None:
    """Fill the plan features of out (merchants, days, features).

    Parameters
    ----------
    is_open, promotion, holiday, shut : arrays of bool (merchants, before + days)
        Plans of the days asked for and of `before` days before them; shut = closed out of the ordinary.
    """
    last = is_open.shape[1]
    for m in range(is_open.shape[0]):
        _look_back(out[m], is_open[m], promotion[m], holiday[m], before)
        until_promotion, until_closed, until_shut, left, closed, holidays = FAR, FAR, FAR, 0, 0, 0
        for k in range(last - 1, before - 1, -1):
            o = out[m, k - before]
            left = min(left + 1, FAR) if promotion[m, k] else 0
            o[RUN_LEFT], o[UNTIL_PROMOTION], o[UNTIL_CLOSED] = left, until_promotion, until_closed
            o[UNTIL_SHUT], o[CLOSED_AFTER], o[HOLIDAYS_AFTER] = until_shut, closed, holidays
            if k + 1 < last and holiday[m, k + 1]:
                o[HOLIDAY_BESIDE] += 2
            until_promotion = 1 if promotion[m, k] else min(until_promotion + 1, FAR)
            until_closed = 1 if not is_open[m, k] else min(until_closed + 1, FAR)
            until_shut = 1 if shut[m, k] else min(until_shut + 1, FAR)
            closed += not is_open[m, k]
            holidays += holiday[m, k]
            if k + WEEK < last:
                closed -= not is_open[m, k + WEEK]
                holidays -= holiday[m, k + WEEK]


@compiled
def _look_back(out: Features, is_open: Flags, promotion: Flags, holiday: Flags, before: int) -> None:
    since_promotion, since_closed, run, closed = FAR, FAR, 0, 0
    for k in range(len(is_open)):
        run = min(run + 1, FAR) if promotion[k] else 0
        if k >= before:
            o = out[k - before]
            o[RUN_DAY], o[SINCE_PROMOTION], o[SINCE_CLOSED] = run, since_promotion, since_closed
            o[CLOSED_BEFORE] = closed
            o[HOLIDAY_BESIDE] = k > 0 and holiday[k - 1]
        since_promotion = 1 if promotion[k] else min(since_promotion + 1, FAR)
        since_closed = 1 if not is_open[k] else min(since_closed + 1, FAR)
        closed += not is_open[k]
        if k >= WEEK:
            closed -= not is_open[k - WEEK]
