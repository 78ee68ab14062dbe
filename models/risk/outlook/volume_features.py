"""What the sales of the last weeks show, without scale: quotients of windows, gaps, spread, drift.

The idea: a shop of 30 and one of 3,000 a day look alike when each is held against its own last four weeks, and a bad
week of the whole platform is nobody's own once the median of all is taken off.
"""

from __future__ import annotations

import numpy as np

from models.risk.outlook.feature import Feature, log_ratio
from models.risk.outlook.history import UNITS, FloatArray, History

LEAST = 1 / 14  # half a unit a week
TRAILING = 28
HALF_LIVES = (1.5, 3.0, 7.0)
WEEKS = np.array([1.5, 0.5, -0.5, -1.5]) / 5.0  # slope of four weeks, newest first
CUSUM_ALLOWANCE = 0.5
SINCE_MOST = 28

VOLUME_FEATURES = (
    Feature("last_day", "falling_volume", -1, adjusted=True),
    Feature("last_3_days", "falling_volume", -1, adjusted=True),
    Feature("last_week", "falling_volume", -1, adjusted=True),
    Feature("last_fortnight", "falling_volume", -1, adjusted=True),
    Feature("week_on_week", "falling_volume", -1, adjusted=True),
    Feature("same_weekdays", "falling_volume", -1, adjusted=True),
    Feature("smoothed_2", "falling_volume", -1, adjusted=True),
    Feature("smoothed_3", "falling_volume", -1, adjusted=True),
    Feature("smoothed_7", "falling_volume", -1, adjusted=True),
    Feature("cusum", "falling_volume", 1),
    Feature("slope", "long_slide", -1, adjusted=True),
    Feature("month_on_month", "long_slide", -1, adjusted=True),
    Feature("month_of_quarter", "long_slide", -1, adjusted=True),
    Feature("zero_days_7", "no_sales", 1),
    Feature("zero_days_28", "no_sales", 1),
    Feature("since_sale", "no_sales", 1),
    Feature("longest_gap", "earlier_gaps", 1),
    Feature("worst_week", "earlier_gaps", -1),
    Feature("best_week", "spike", 0),
    Feature("top_day", "spike", 0),
    Feature("weekly_spread", "erratic", 0),
    Feature("daily_spread", "erratic", 0),
    Feature("noise", "erratic", 0),
    Feature("size", "size", 0),
    Feature("age", "age", 0),
)


def volume_features(history: History, at: int, look_back: int) -> dict[str, FloatArray]:
    """Features of column `at`, each an array (merchants,)."""
    units = np.nan_to_num(history.units[:, max(at + 1 - look_back, 0) : at + 1]).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _windows(history, at, units) | _recent(units) | _gaps(units) | _weeks(units)


def _mean(history: History, at: int, days: int, lag: int = 0) -> FloatArray:
    return history.total(UNITS, at, days, lag) / days


def _windows(history: History, at: int, units: FloatArray) -> dict[str, FloatArray]:
    month = _mean(history, at, TRAILING)
    spans = {"last_day": 1, "last_3_days": 3, "last_week": 7, "last_fortnight": 14}
    found = {name: log_ratio(_mean(history, at, days), month, LEAST) for name, days in spans.items()}
    found["week_on_week"] = log_ratio(_mean(history, at, 7), _mean(history, at, 7, 7), LEAST)
    before = _mean(history, at, TRAILING, TRAILING)
    # Days before the history began are not days without a sale.
    found["month_on_month"] = log_ratio(month, before if at + 1 >= 2 * TRAILING else before * np.nan, LEAST)
    found["month_of_quarter"] = log_ratio(month, units.mean(axis=1), LEAST)
    found["size"] = np.log(month + LEAST)
    return found


def _recent(units: FloatArray) -> dict[str, FloatArray]:
    """What single days of the last four weeks tell."""
    days = units[:, -TRAILING:]
    month = days.mean(axis=1)
    age = np.arange(days.shape[1])[::-1]
    found = {}
    for half_life in HALF_LIVES:
        weight = 0.5 ** (age / half_life)
        found[f"smoothed_{round(half_life)}"] = log_ratio(days @ (weight / weight.sum()), month, LEAST)
    expected = days.reshape(len(days), -1, 7).mean(axis=1)
    off = days.reshape(len(days), -1, 7) - expected[:, None]
    scaled = (off / np.sqrt(np.maximum(expected, 0.02 * month[:, None]) + 1e-9)[:, None]).reshape(days.shape)
    fallen = np.cumsum(-scaled / (scaled.std(axis=1, keepdims=True) + 1e-9) - CUSUM_ALLOWANCE, axis=1)
    found["cusum"] = fallen[:, -1] - np.minimum(fallen.min(axis=1), 0.0)
    found["noise"] = np.log(scaled.std(axis=1) + 1e-3)
    found["daily_spread"] = days.std(axis=1) / month
    found["top_day"] = days.max(axis=1) / month
    return found


def _gaps(units: FloatArray) -> dict[str, FloatArray]:
    """Days without a sale, since the first one."""
    sold = units > 0
    place = np.arange(units.shape[1])
    last = np.maximum.accumulate(np.where(sold, place, -1), axis=1)
    gap = np.where(last >= 0, place - last, 0)
    first = np.where(sold.any(axis=1), sold.argmax(axis=1), units.shape[1])
    return {
        "zero_days_7": 1 - sold[:, -7:].mean(axis=1),
        "zero_days_28": 1 - sold[:, -TRAILING:].mean(axis=1),
        "since_sale": np.where(last[:, -1] >= 0, np.minimum(gap[:, -1], SINCE_MOST), SINCE_MOST).astype(np.float64),
        "longest_gap": gap.max(axis=1).astype(np.float64),
        "age": np.log1p(units.shape[1] - first),
    }


def _weeks(units: FloatArray) -> dict[str, FloatArray]:
    sums = np.cumsum(np.pad(units, ((0, 0), (1, 0))), axis=1)
    weeks = (sums[:, 7:] - sums[:, :-7]) / 7
    usual = np.median(weeks, axis=1)
    four = np.log(weeks[:, [-1, -8, -15, -22]] + LEAST)
    before = units[:, -35:-7]
    return {
        "worst_week": log_ratio(weeks.min(axis=1), usual, LEAST),
        "best_week": log_ratio(weeks.max(axis=1), usual, LEAST),
        "slope": four @ WEEKS,
        "weekly_spread": four.std(axis=1),
        "same_weekdays": log_ratio(np.median(units[:, -7:], axis=1), np.median(before, axis=1), LEAST),
    }
