"""Residuals: standard normal where nothing happens, negative where it is worse, made before what they judge."""

from __future__ import annotations

import numpy as np
import pytest

from models.forecasting.learn import learn
from models.forecasting.residuals import block_residuals

HISTORY, MERCHANTS = 220, 150


def residuals_of(values, setting, make_panel) -> dict[int, dict[str, np.ndarray]]:
    panel = make_panel({"orders": values})
    learned = learn(lambda: [panel], setting, ["orders"])["orders"]
    found: dict[int, dict[str, np.ndarray]] = {}
    for part in sorted(block_residuals(learned, learned.past(panel, 9), False), key=lambda part: part.columns[0]):
        kept = found.setdefault(part.horizon, {"columns": np.empty(0, int), "z": np.empty((len(values), 0))})
        kept["columns"] = np.append(kept["columns"], part.columns)
        kept["z"] = np.hstack([kept["z"], part.z])
        for name, matrix in (("actual", part.actual), ("mean", part.forecast.mean)):
            kept[name] = np.hstack([kept.get(name, np.empty((len(values), 0))), matrix])
    return found


def test_the_last_56_days_at_both_horizons(make_setting, make_panel, counts) -> None:
    values = counts(MERCHANTS, HISTORY)
    found = residuals_of(values, make_setting(HISTORY), make_panel)
    for horizon in (1, 7):
        assert found[horizon]["columns"].tolist() == list(range(HISTORY - 56, HISTORY))
        assert found[horizon]["z"].std() == pytest.approx(1.0, abs=0.12)
    np.testing.assert_array_equal(found[1]["actual"], values[:, -56:])
    np.testing.assert_allclose(found[7]["actual"][:, -1], values[:, -7:].sum(axis=1))
    assert found[7]["mean"].sum() == pytest.approx(found[7]["actual"].sum(), rel=0.02)


def test_an_outage_is_far_below_on_its_day(make_setting, make_panel, counts) -> None:
    values = counts(MERCHANTS, HISTORY, level=60.0)
    values[:10, -1] = 0.0
    z = residuals_of(values, make_setting(HISTORY), make_panel)[1]["z"]
    assert (z[:10, -1] < -4).all()
    assert np.median(z[10:, -1]) > -1


def test_a_residual_knows_nothing_of_its_own_day_or_later(make_setting, make_panel, counts) -> None:
    values, setting = counts(MERCHANTS, HISTORY), make_setting(HISTORY)
    panel = make_panel({"orders": values})
    learned = learn(lambda: [panel], setting, ["orders"])["orders"]
    changed = values.copy()
    changed[:, -3:] *= 9
    other_panel = make_panel({"orders": changed})
    one = [part for part in block_residuals(learned, learned.past(panel, 9), False) if part.columns[-1] == HISTORY - 1]
    two = [
        part
        for part in block_residuals(learned, learned.past(other_panel, 9), False)
        if part.columns[-1] == HISTORY - 1
    ]
    for before, after in zip(one, two, strict=True):
        # Column -3 is the first changed day: its own forecast, and that of every earlier day, was made before it.
        np.testing.assert_array_equal(before.forecast.mean[:, :5], after.forecast.mean[:, :5])


def test_a_short_history_has_fewer_weeks(make_setting, make_panel, counts) -> None:
    found = residuals_of(counts(10, 40), make_setting(40), make_panel)
    assert found[1]["columns"].tolist() == list(range(19, 40))
    assert residuals_of(counts(10, 12), make_setting(12), make_panel) == {}
