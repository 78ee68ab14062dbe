"""Series of every kind that a platform has, made small."""

from datetime import date, timedelta

import numpy as np
import pytest

from models.forecasting.batched_prophet.columns import Event, day_columns, event_columns
from models.forecasting.batched_prophet.settings import ProphetSettings

FIRST = date(2025, 3, 1)
DAYS, HORIZON = 180, 14
EVENTS = (
    Event("double 11", FIRST + timedelta(40), -1, 1),
    Event("double 11", FIRST + timedelta(150), -1, 1),
    Event("festival", FIRST + timedelta(100), 0, 2),
    Event("never seen", FIRST + timedelta(DAYS + 3)),
)


def wave(seed, days=DAYS, noise=5.0):
    """Slopes that change, a week, a rise on events, noise."""
    rng = np.random.default_rng(seed)
    t = np.arange(days)
    slope = np.cumsum((rng.random(days) < 0.03) * rng.laplace(0, 0.4, days))
    events = event_columns(FIRST, days, EVENTS)[0].sum(axis=1)
    return 80 + np.cumsum(slope) + 7 * np.sin(2 * np.pi * (t + seed) / 7) + 25 * events + rng.normal(0, noise, days)


def kinds():
    """Name and values (DAYS,) of one series of each kind."""
    rng = np.random.default_rng(5)
    late = lambda values: np.append(np.full(DAYS - len(values), np.nan), values)  # noqa: E731
    holes, sparse, spike, weekly = wave(1), wave(2), wave(3), np.full(DAYS, np.nan)
    holes[rng.random(DAYS) < 0.15] = np.nan
    sparse[rng.random(DAYS) < 0.75] = np.nan
    spike[60] = 900
    weekly[::7] = wave(6)[::7]
    counts = rng.poisson(0.4, DAYS).astype(float)
    return {
        "plain": wave(0), "missing days": holes, "mostly missing": sparse, "spike": spike, "one day a week": weekly,
        "mostly zero": counts, "almost flat": 20 + rng.normal(0, 0.2, DAYS), "six weeks": late(wave(7, 42)),
        "three weeks": late(wave(8, 21)), "ten days": late(wave(9, 10)), "constant": np.full(DAYS, 4.0),
        "zero": np.zeros(DAYS),
    }  # fmt: skip


@pytest.fixture(scope="session")
def settings():
    return ProphetSettings()


@pytest.fixture(scope="session")
def calendar(settings):
    return day_columns(FIRST, event_columns(FIRST, DAYS + HORIZON, EVENTS)[0], settings)


@pytest.fixture(scope="session")
def mixed():
    """Names, values (series, DAYS) and own columns (series, 2, DAYS + HORIZON): a promotion flag and a price."""
    series = kinds()
    rng = np.random.default_rng(11)
    shape = (len(series), DAYS + HORIZON)
    own = np.stack([(rng.random(shape) < 0.2).astype(float), rng.normal(30, 4, shape)], axis=1)
    return list(series), np.stack(list(series.values())), own


@pytest.fixture(scope="session")
def world():
    """First day, events, days of history, days ahead."""
    return FIRST, EVENTS, DAYS, HORIZON
