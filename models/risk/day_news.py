"""What a day may tell: the news of which the outbox is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class DayNews:
    """What may be told.

    Attributes
    ----------
    alerts : DataFrame
        The day's alerts with category, growth_stage and size_class of their merchants.
    incidents : DataFrame
        The day's incidents: incident_id, scope, leg, status; `worse` where it is much worse than was told.
    told : DataFrame
        Triggers and resolves of earlier days that were not suppressed: alert_id, incident_id, route, event.
    merchants : int
        Merchants of the platform, for the budget.
    told_today : set of str
        Alerts that this day's run, made before, has already told: they come first under cap and budget.
    standing : DataFrame
        alert_id, merchant_id, leg, severity of all alerts that are not resolved on the day.
    chain : mapping of leg to legs
        The legs on which trouble of a leg shows next.
    waiting : set of str
        Alerts that stood behind a graver one when they were last called for.
    recent : DataFrame
        severity and money_at_risk of what opened on the days before that the budget looks back on, told or not.
    """

    alerts: pd.DataFrame
    incidents: pd.DataFrame
    told: pd.DataFrame
    merchants: int
    told_today: frozenset[str] = frozenset()
    standing: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["alert_id", "merchant_id", "leg", "severity"], dtype=object)
    )
    chain: Mapping[str, Sequence[str]] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()
    recent: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(
            {"severity": pd.Series(dtype=object), "money_at_risk": pd.Series(dtype=float)}
        )
    )
