"""Growth stage and size class of every merchant.

The idea: growth is measured against the platform's own growth in the same weeks, because a promotion lifts everybody
and is nobody's merit; size is measured by who makes the platform's value (80/20), not by a fixed amount.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.segments.policy import SegmentPolicy

Floats = NDArray[np.float64]


def assign_segments(merchants: pd.DataFrame, policy: SegmentPolicy) -> pd.DataFrame:
    """Assign a growth stage and a size class.

    Parameters
    ----------
    merchants : DataFrame
        One row per merchant: merchant_id, account_manager, age_days (since opening; NULL = not known), trailing_gmv
        and trailing_units (over `trailing_days`; NULL = not known), recent_units, previous_units, recent_days,
        previous_days (units and known days of the two compared periods), dormant_known_days and dormant_units (known
        days and units of the last `dormant_days`).
    policy : SegmentPolicy

    Returns
    -------
    DataFrame
        merchant_id, growth_stage, size_class, account_manager, age_days, trailing_value, value_measure, growth_ratio.
        A merchant whose sales are not known has no size class; one whose age is not known either, no growth stage.
    """
    value, measure = trailing_value(merchants)
    ratio = growth_ratio(merchants, policy)
    return pd.DataFrame(
        {
            "merchant_id": merchants["merchant_id"],
            "growth_stage": growth_stage(merchants, ratio, policy),
            "size_class": size_class(value, policy),
            "account_manager": merchants["account_manager"],
            "age_days": merchants["age_days"],
            "trailing_value": value,
            "value_measure": pd.Series(measure, dtype=object).where(~np.isnan(value), None),
            "growth_ratio": ratio,
        }
    )


def _floats(table: pd.DataFrame, name: str) -> Floats:
    return table[name].to_numpy(dtype=np.float64, na_value=np.nan)


def trailing_value(merchants: pd.DataFrame) -> tuple[Floats, NDArray[np.str_]]:
    """Value by which merchants are compared: gmv, or units at the platform's usual price where gmv is not delivered.

    Returns
    -------
    value : (n,) array
        NaN where neither is known.
    measure : (n,) array of str
        `gmv` or `units`: what the value comes from.
    """
    gmv, units = _floats(merchants, "trailing_gmv"), _floats(merchants, "trailing_units")
    priced = (gmv > 0) & (units > 0)
    usual_price = float(np.median(gmv[priced] / units[priced])) if priced.any() else 1.0
    from_gmv = ~np.isnan(gmv)
    return np.where(from_gmv, gmv, units * usual_price), np.where(from_gmv, "gmv", "units")


def size_class(value: Floats, policy: SegmentPolicy) -> NDArray[np.object_]:
    """Class by the share of the platform's value that larger merchants make: key, mid or small; None = not known."""
    known = np.nan_to_num(value)
    total = known.sum()
    order = np.argsort(-known, kind="stable")
    before = np.empty(len(value))
    before[order] = np.cumsum(known[order]) - known[order]
    share = before / total if total > 0 else np.ones(len(value))
    names = np.select([share < policy.key_share, share < policy.mid_share], ["key", "mid"], "small").astype(object)
    names[known == 0] = "small"
    names[np.isnan(value)] = None
    return names


def growth_ratio(merchants: pd.DataFrame, policy: SegmentPolicy) -> Floats:
    """Units per known day against the period before, relative to the platform's median; NaN where not known.

    A few units are added to both periods (`doubt_units`), so that small counts stay near 1.
    """
    recent_days, previous_days = _floats(merchants, "recent_days"), _floats(merchants, "previous_days")
    known = (recent_days >= policy.min_known_days) & (previous_days >= policy.min_known_days)
    days = np.where(known, recent_days, 1.0)
    recent = np.nan_to_num(_floats(merchants, "recent_units"))
    # The earlier period is brought to the same number of known days.
    previous = np.nan_to_num(_floats(merchants, "previous_units")) * days / np.where(known, previous_days, 1.0)
    sold = known & (recent + previous > 0)
    platform = float(recent[sold].sum() / previous[sold].sum()) if previous[sold].sum() > 0 else 1.0
    doubt = policy.doubt_units
    own = (recent + doubt * platform) / np.maximum(previous + doubt, 1e-9)
    return np.where(known, own / max(platform, 1e-9), np.nan)


def growth_stage(merchants: pd.DataFrame, ratio: Floats, policy: SegmentPolicy) -> NDArray[np.object_]:
    """Stage of each merchant; the first that holds of new, dormant, growing, declining, mature."""
    age = _floats(merchants, "age_days")
    silent_days, silent_units = _floats(merchants, "dormant_known_days"), _floats(merchants, "dormant_units")
    dormant = (silent_days >= min(policy.min_known_days, policy.dormant_days)) & (silent_units == 0)
    stages = np.select(
        [age < policy.new_days, dormant, ratio > policy.growing_above, ratio < policy.declining_below],
        ["new", "dormant", "growing", "declining"],
        "mature",
    ).astype(object)
    stages[np.isnan(age) & np.isnan(_floats(merchants, "trailing_units"))] = None
    return stages
