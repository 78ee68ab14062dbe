"""How good the forecast of consultations is, judged on the newest week with what was known before it.

The idea: desks as they stood a week ago, their laws learned anew from the days before, and the visitors and orders that
then came; so this judges ratios, hours and spread, and the volumes are judged by `forecast_quality`. Beside it the
plainest forecast there is: the same hour of the week before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from models.staffing.consultations import expect
from models.staffing.desk import LEAD_DAYS, PHASES, Desks, Floats
from models.staffing.policy import StaffingPolicy
from models.staffing.pooled import pool

Row = Mapping[str, float | str | int | None]
OURS, NAIVE = "ours", "week_before"
WEEK = 7
LEAST_BEFORE = 7  # days that remain to learn from


def held_out(desks: Desks, days: int) -> tuple[Desks, Floats]:
    """Desks as they stood `days` ago with the drivers that then came, and the consultations that came.

    Returns
    -------
    Desks
    array (n, 2, days, 24)
        NaN where not known.
    """
    before = desks.days - days
    drivers = desks.drivers[:, :, : LEAD_DAYS + desks.days]
    spread = np.zeros((*desks.spread.shape[:2], days))
    stood = replace(desks, sessions=desks.sessions[:, :, :before], drivers=drivers, spread=spread)
    return stood, desks.sessions[:, :, before:]


def judge(desks: Desks, categories: int, policy: StaffingPolicy) -> list[Row]:
    """Errors by phase, ours and the naive's, over hours that both forecast and that were seen; empty without history.

    Parameters
    ----------
    desks : Desks
        The merchants that stand for all.
    categories : int
        Number of categories.
    """
    if desks.days < WEEK + LEAST_BEFORE:
        return []
    stood, actual = held_out(desks, WEEK)
    said = expect(stood, pool(stood, categories, policy))
    naive = stood.sessions[:, :, -WEEK:]
    seen = np.isfinite(actual) & np.isfinite(naive) & np.isfinite(said.mean)
    inside = _inside(said.quantiles(), actual)
    rows: list[Row] = []
    for phase, name in enumerate(PHASES):
        if not seen[:, phase].any():
            continue
        for model, mean in ((OURS, said.mean), (NAIVE, naive)):
            found = errors(actual[:, phase], mean[:, phase], seen[:, phase])
            held = float(inside[:, phase][seen[:, phase]].mean()) if model == OURS else None
            rows.append({"phase": name, "model": model, **found, "coverage_80": held})
    return rows


def errors(actual: Floats, mean: Floats, seen: np.ndarray) -> dict[str, float | int]:
    """WAPE of hours and of days, and bias, over the hours seen; arrays (n, days, 24)."""
    truth, made = np.where(seen, actual, 0.0), np.where(seen, mean, 0.0)
    total = max(float(truth.sum()), 1e-12)
    return {
        "wape_hour": float(np.abs(made - truth).sum()) / total,
        "wape_day": float(np.abs(made.sum(axis=2) - truth.sum(axis=2)).sum()) / total,
        "bias": float((made - truth).sum()) / total,
        "pairs": int(seen.sum()),
    }


def _inside(quantiles: Mapping[str, Floats], actual: Floats) -> np.ndarray:
    return (actual >= quantiles["q10"]) & (actual <= quantiles["q90"])
