"""How severe an alert is: a table of policy, door x money at risk x days to harm.

The idea: severity decides who is woken, so it is a table that on-call can read, not a score.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.risk.alert_policy import SeverityRule, SeverityTable


def severities(evidence: pd.DataFrame, table: SeverityTable) -> npt.NDArray[np.int64]:
    """Rank of each row's severity in `table.levels` (0 is the mildest).

    Parameters
    ----------
    evidence : DataFrame
        door, money_at_risk (platform currency), days_to_harm (days). What is not known fits no rule that asks for it.
    """
    fits = [_fits(evidence, rule) for rule in table.rules]
    ranks = [np.full(len(evidence), table.rank(rule.severity), dtype=np.int64) for rule in table.rules]
    return np.select(fits, ranks, default=0).astype(np.int64)


def _fits(evidence: pd.DataFrame, rule: SeverityRule) -> npt.NDArray[np.bool_]:
    fits = np.ones(len(evidence), dtype=bool)
    if rule.door is not None:
        fits &= (evidence["door"] == rule.door).to_numpy(bool)
    if rule.money_at_least is not None:
        fits &= evidence["money_at_risk"].to_numpy(float) >= rule.money_at_least
    if rule.days_to_harm_at_most is not None:
        fits &= evidence["days_to_harm"].to_numpy(float) <= rule.days_to_harm_at_most
    return fits


def settle_severity(
    current: npt.NDArray[np.int64],
    today: npt.NDArray[np.int64],
    milder_days: npt.NDArray[np.int64],
    table: SeverityTable,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Up at once, down only after some milder days, so that a value at the edge of a band sends no letters.

    Parameters
    ----------
    current, today : array of int
        Rank held so far, and the rank that the table gives today.
    milder_days : array of int
        Days in a row on which the table already gave a milder one.

    Returns
    -------
    tuple of array
        The rank from today on, and the new count of milder days.
    """
    milder = np.where(today < current, milder_days + 1, 0)
    goes_down = milder >= max(table.downgrade_after_days, 1)
    rank = np.where((today > current) | goes_down, today, current)
    return rank, np.where(rank == today, 0, milder)
