"""Where one merchant stands in the day's false-discovery control, and what it would have taken to pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.risk.discovery import needed_to_pass, passes_control


@dataclass(frozen=True)
class MerchantControl:
    """How the day's false-discovery control judged one merchant.

    Attributes
    ----------
    p_value : float
        Its number of legs times its smallest leg's p-value, at most 1; NaN where it has none.
    needed : float
        Largest p-value with which it would have passed, all others being as they were.
    merchants, passed : int
        Merchants with a p-value, and how many of them passed.
    level : float
        Share of false alarms that the control allows.
    legs : int
        Legs on which the merchant has a p-value.
    weights : dict of leg to float
        Weight of each leg; 1 where nothing else is said.
    leg : str or None
        Leg with the smallest p-value.
    """

    p_value: float
    needed: float
    merchants: int
    passed: int
    level: float
    legs: int
    weights: dict[str, float]
    leg: str | None

    def needed_on(self, leg: str) -> float:
        """What its p-value would have to be if this leg's were the smallest."""
        return self.needed / self.weights.get(self.leg or "", 1.0) * self.weights.get(leg, 1.0)


def merchant_control(
    risk: pd.DataFrame, merchant_id: str, legs: int, weights: dict[str, float], level: float, least: float = 0.0
) -> MerchantControl:
    """How one merchant stood in the control of a day.

    Parameters
    ----------
    risk : DataFrame
        merchant_id, p_value, p_value_leg of every merchant of the day.
    legs : int
        Legs on which the merchant has a p-value.
    weights : dict of leg to float
        Of the day; `level` is the share that the control ran at, `least` what passes in any case.
    """
    p_value = np.asarray(risk["p_value"], dtype=np.float64)
    weight = np.asarray(risk["p_value_leg"].map(weights).fillna(1.0), dtype=np.float64)
    place = int(np.flatnonzero(risk["merchant_id"] == merchant_id)[0])
    leg = risk["p_value_leg"].iloc[place]
    return MerchantControl(
        p_value=float(p_value[place]),
        needed=float(needed_to_pass(p_value, level, weight, least)[place]),
        merchants=int((~np.isnan(p_value)).sum()),
        passed=int(passes_control(p_value, level, weight, least).sum()),
        level=level,
        legs=legs,
        weights=weights,
        leg=leg if isinstance(leg, str) else None,
    )
