"""Weights are kept by block and measure, and written one row per merchant and model."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np

from models.forecasting.ensemble.weights import Weighed
from pipelines.defs.forecasts.weights import Weights


def test_what_is_kept_comes_back_and_becomes_rows() -> None:
    kept = Weights()
    panels = [SimpleNamespace(merchants=np.array(names, dtype=object)) for names in (["a", "b"], ["c"])]
    learned = {"orders": SimpleNamespace(policy=SimpleNamespace(ensemble=SimpleNamespace(models=("x", "y"))))}
    for panel in panels:
        count = len(panel.merchants)
        weight = np.stack([np.full((2, count), 0.25), np.full((2, count), 0.75)])
        kept.keep(panel, "orders", Weighed(weight, 1.0 - weight))
    np.testing.assert_allclose(kept.of(panels[0], "orders")[:, 1, 1], [0.25, 0.75])
    rows = [row for table in kept.rows(date(2026, 11, 11), learned) for row in table.to_pylist()]
    assert [(row["merchant_id"], row["model"]) for row in rows] == [
        ("a", "x"), ("b", "x"), ("a", "y"), ("b", "y"), ("c", "x"), ("c", "y")
    ]  # fmt: skip
    assert rows[2] == {
        "made_on": date(2026, 11, 11), "merchant_id": "a", "measure": "orders", "model": "y",
        "weight_near": 0.75, "weight_far": 0.75, "error_near": 0.25, "error_far": 0.25,
    }  # fmt: skip
