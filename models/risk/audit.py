"""A small random sample of merchants without an alert, for somebody to look at.

The idea: verdicts on alerts say nothing of what was never alerted, so what was missed is found only by looking where
nothing rang. Who is drawn depends on the merchant's name and the week alone, never on its figures, and so does the day
of the week; a day that is replayed draws the same merchants.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.risk.alert_identity import short_hash
from models.risk.alert_policy import AuditPolicy

AUDIT_COLUMNS = ("audit_id", "merchant_id", "stratum", "leg", "p_value")
PREFIX = "AUDIT-"
WEEK = 7


def draw_audits(merchants: pd.DataFrame, policy: AuditPolicy, as_of: date, step_days: int = 1) -> pd.DataFrame:
    """Merchants to look at, `AUDIT_COLUMNS`, sorted by audit_id.

    Parameters
    ----------
    merchants : DataFrame
        merchant_id, stratum, leg, p_value, alerted: every merchant of the day, and whether it has an alert.
    step_days : int
        Days since the day before; what would have been drawn on days that are left out is drawn today.
    """
    quiet = merchants[~merchants["alerted"].astype(bool)]
    days = [as_of - timedelta(days=back) for back in range(step_days)]
    drawn = np.zeros(len(quiet), dtype=bool)
    for day in days:
        hashes = _hashes(quiet["merchant_id"], day)
        turn = (hashes % WEEK + np.uint64(WEEK - day.weekday())) % WEEK
        order = np.lexsort((quiet["merchant_id"].to_numpy(object), hashes, turn))
        drawn[order[: audits_of_day(policy.per_week(len(merchants)), day)]] = True
    found = quiet[drawn]
    ids = [PREFIX + short_hash(name, as_of.isoformat()) for name in found["merchant_id"]]
    return found.assign(audit_id=ids)[list(AUDIT_COLUMNS)].sort_values("audit_id", ignore_index=True)


def audits_of_day(per_week: int, day: date) -> int:
    """Share of a week's audits that falls on a day; they add up to the week's from Monday to Sunday.

    Where the days get unequal shares, each week begins at another point, so that a lone audit falls on any weekday.
    """
    start = int(short_hash(_week(day)).encode().hex(), 16) % WEEK
    before, after = (start + per_week * day.weekday()) // WEEK, (start + per_week * (day.weekday() + 1)) // WEEK
    return after - before


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _hashes(names: pd.Series, day: date) -> npt.NDArray[np.uint64]:
    """One number per merchant and week."""
    key = f"audit.{_week(day)}".ljust(16, ".")
    hashed: npt.NDArray[np.uint64] = pd.util.hash_array(names.to_numpy(object), hash_key=key, categorize=False)
    return hashed
