"""A small platform whose merchants slide before they collapse."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from models.risk.outlook.history import History
from models.risk.outlook.settings import OutlookSettings

LAST = date(2026, 10, 20).toordinal()
SETTINGS = OutlookSettings(least_mean=5)


def history_of(units, last_day=LAST, **columns):
    """History of merchants m000, m001, ... from rows of units."""
    units = np.asarray(units, dtype=np.float64)
    ids = np.array([f"m{number:03d}" for number in range(len(units))], dtype=object)
    return History(
        ids, last_day, {"sales_units": units} | {name: np.asarray(one, float) for name, one in columns.items()}
    )


def sliding_units(merchants=300, days=260, seed=1, every=4):
    """Every fourth merchant sells 55 % for a week, then next to nothing for five weeks, then as before."""
    generator = np.random.default_rng(seed)
    level = np.full((merchants, days), 40.0)
    for number in range(0, merchants, every):
        for start in range(int(generator.integers(30, 120)), days, 110):
            level[number, start : start + 7] *= 0.55
            level[number, start + 7 : start + 42] *= 0.05
    return generator.poisson(level).astype(float)


@pytest.fixture(scope="session")
def sliding():
    """History of 300 merchants over 260 days."""
    return history_of(sliding_units())
