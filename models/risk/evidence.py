"""What the doors of alerts read of a day, and the common shape of what they say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from models.risk.alert_policy import AlertPolicy

EVIDENCE_COLUMNS = (
    "key",
    "merchant_id",
    "leg",
    "family",
    "metric",
    "door",
    "level",
    "threshold",
    "known",
    "opens",
    "calm",
    "observed",
    "expected",
    "days_to_harm",
    "money_at_risk",
    "since",
)
SIGNAL_COLUMNS = (
    "merchant_id",
    "metric",
    "window",
    "leg",
    "kind",
    "observed",
    "expected",
    "limit_amber",
    "limit_red",
    "probability_over_limit",
    "p_value",
    "days_to_breach",
    "breach_probability",
    "money_at_risk",
    "light",
    "since",
    "better",
)


def no_roots() -> pd.DataFrame:
    """No leg's trouble began elsewhere."""
    return pd.DataFrame({"merchant_id": [], "leg": [], "root_leg": []}, dtype=object)


@dataclass(frozen=True)
class DayTables:
    """What the lifecycle reads of a day.

    Attributes
    ----------
    as_of : date
        The day.
    signals : DataFrame
        `SIGNAL_COLUMNS` of the rows of `metric_signals` that are red, on the way to a breach, or of merchants with an
        open alert or a flag.
    stock : DataFrame
        merchant_id, level (probability that the policy's share of the forecast runs out before it can be replaced),
        days_to_harm, money_at_risk.
    legs : DataFrame
        merchant_id, leg, p_value, reason of `leg_status`.
    risk : DataFrame
        merchant_id, flagged, p_value_leg, lasting_leg, money_at_risk of `merchant_risk`.
    roots : DataFrame
        merchant_id, leg, root_leg of legs whose trouble began on another one.
    """

    as_of: date
    signals: pd.DataFrame
    stock: pd.DataFrame
    legs: pd.DataFrame
    risk: pd.DataFrame
    roots: pd.DataFrame = field(default_factory=no_roots)


def evidence_rows(found: pd.DataFrame, policy: AlertPolicy, **values: object) -> pd.DataFrame:
    """Bring rows of a door to the common shape; the family decides the root leg."""
    metric = found["metric"].astype(object)
    columns: dict[str, object] = {
        "merchant_id": found["merchant_id"].astype(object),
        "metric": metric,
        "leg": metric.map(policy.leg_of_metric).astype(object).fillna(found["leg"].astype(object)),
        "family": metric.map(policy.family_of_metric).astype(object).fillna(metric),
        "observed": found["observed"].astype(float),
        "expected": found["expected"].astype(float),
        "money_at_risk": found["money_at_risk"].astype(float),
        "since": found["since"].astype("datetime64[s]"),
        **values,
    }
    rows = pd.DataFrame(columns, index=found.index).reset_index(drop=True)
    rows["key"] = rows["leg"] + "/" + rows["family"] + "/" + rows["merchant_id"]
    flags = ["known", "opens", "calm"]
    rows[flags] = rows[flags].astype(bool)
    return rows[list(EVIDENCE_COLUMNS)]
