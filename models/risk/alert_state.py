"""What is known of an alert on a day: the columns of its state.

The idea: yesterday's rows are all that today needs to know of the past, so everything that a later day asks (calm days,
threshold, who has it) is a column.
"""

from __future__ import annotations

import pandas as pd

STATE_COLUMNS = {
    "alert_id": "object",
    "key": "object",
    "merchant_id": "object",
    "leg": "object",
    "root_leg": "object",
    "symptoms": "object",
    "metric": "object",
    "opened_by": "object",
    "severity": "object",
    "status": "object",
    "opened_on": "datetime64[s]",
    "first_observable_on": "datetime64[s]",
    "reopened_on": "datetime64[s]",
    "updated_on": "datetime64[s]",
    "resolved_on": "datetime64[s]",
    "resolution": "object",
    "acked_by": "object",
    "snoozed_until": "datetime64[s]",
    "incident_id": "object",
    "observed": "float64",
    "expected": "float64",
    "money_at_risk": "float64",
    "days_to_harm": "float64",
    "verdict": "object",
    "level": "float64",
    "threshold": "float64",
    "calm_days": "int64",
    "unknown_days": "int64",
    "milder_days": "int64",
    "holds": "bool",
    "event": "object",
}


def no_alerts() -> pd.DataFrame:
    """State of a platform on its first day."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in STATE_COLUMNS.items()})


def typed(alerts: pd.DataFrame) -> pd.DataFrame:
    """Columns of the state in their order and types."""
    return alerts[list(STATE_COLUMNS)].astype(STATE_COLUMNS)
