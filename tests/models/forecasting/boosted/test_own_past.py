"""Cells hold how far a merchant's days lie from its level, in log units, shrunk by what they can say."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from models.forecasting.boosted import layout
from models.forecasting.boosted.own_past import AT_RECENT, beside_closed_cell, fill_own_past
from models.forecasting.policy import BoostedPolicy

DAYS, AHEAD = 210, 14
PLAIN = BoostedPolicy(own_half_life=1e9, recent_half_life=1e9, own_sd=0.15)


def block(values: np.ndarray, dispersion: float = 0.02) -> SimpleNamespace:
    merchants, shape = len(values), (len(values), DAYS + AHEAD)
    panel = SimpleNamespace(open=np.ones(shape, bool), promotion=np.zeros(shape, bool))
    labels = SimpleNamespace(weekday=np.arange(DAYS + AHEAD) % 7)
    full = np.full(shape, np.nan)
    full[:, :DAYS] = values
    return SimpleNamespace(
        start=0, values=full, factors=np.ones(shape), panel=panel, labels=labels, unit=np.ones(merchants),
        dispersion=np.full(merchants, dispersion), columns=slice,
    )  # fmt: skip


def out_of(fit, policy=PLAIN):
    out = np.zeros((len(fit.unit), AHEAD, layout.LEVELS), np.int16)
    return out, fill_own_past(out, fit, DAYS, fit.factors, policy)


def test_a_weekday_of_its_own_is_seen_in_log_units() -> None:
    values = np.full((2, DAYS), 1000.0)
    values[1, 5::7] *= 1.3
    out, _ = out_of(block(values))
    log = out[:, :7, layout.OWN_WEEKDAY] / layout.STEPS
    np.testing.assert_allclose(log[0], 0.0, atol=0.005)
    level = 1000.0 * (1 + 0.3 / 7)  # about what days are compared with
    precision = 29 / (1 / level + 0.02)
    assert log[1, 5] == pytest.approx(np.log(1300 / level) * precision / (precision + 0.15**-2), abs=0.02)


def test_what_is_small_or_short_is_shrunk() -> None:
    values = np.full((2, DAYS), 4.0)
    values[:, 5::7] = 8.0
    values[1, : DAYS - 21] = np.nan
    out, _ = out_of(block(values))
    own = out[:, 5, layout.OWN_WEEKDAY]
    assert 0 < own[1] < 0.4 * own[0]


def test_zeros_and_gaps_are_borne() -> None:
    values = np.zeros((3, DAYS))
    values[1] = np.nan
    values[2, ::9] = 3.0
    out, sums = out_of(block(values))
    assert np.isfinite(sums.beyond).all()
    np.testing.assert_array_equal(out[:2], 0)
    assert sums.weight[2, AT_RECENT] > 0


def test_days_beside_closed_ones() -> None:
    is_open = np.array([[True, True, False, True, False, True]])
    np.testing.assert_array_equal(beside_closed_cell(is_open), [[0, 2, 0, 3, 0, 1]])
