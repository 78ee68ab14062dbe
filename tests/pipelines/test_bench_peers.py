import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pipelines import bench_peers
from pipelines.bench_peers import LEVELS, features, lightgbm_model, main, quantiles_of, targets

DAYS, HORIZON, FIRST = 600, 28, 20_000


@pytest.fixture
def values():
    rng = np.random.default_rng(1)
    week = np.array([1.5, 1.0, 0.8, 1.0, 1.0, 1.2, 0.7])[np.arange(DAYS) % 7]
    return rng.poisson(np.exp(rng.normal(3, 0.5, (12, 1))) * week).astype(float)


def test_features_hold_nothing_from_after_the_origin(values):
    event = np.zeros(DAYS + HORIZON, int)
    before = features(values, 500, HORIZON, event, FIRST)
    changed = values.copy()
    changed[:, 500:] = 1e6
    np.testing.assert_array_equal(before, features(changed, 500, HORIZON, event, FIRST))
    assert before.shape[0] == 12 * HORIZON
    assert np.isfinite(before).all()


def test_targets_are_in_units_of_the_level(values):
    ratio, weight = targets(values, 500, HORIZON)
    np.testing.assert_allclose((ratio * weight).reshape(12, HORIZON), values[:, 500 : 500 + HORIZON])


def test_quantiles_are_those_of_past_ratios():
    mean, size = np.ones((100, 2)), np.arange(100.0)
    ratio = np.tile(np.linspace(0.5, 1.5, 1001), (100, 1))
    found = quantiles_of(mean, ratio, size)
    np.testing.assert_allclose(found[:, 0, 0], 0.5 + np.array(LEVELS), atol=1e-3)


def test_the_trees_learn_the_week(values, monkeypatch):
    monkeypatch.setattr(bench_peers, "ROUNDS", 60)
    event = np.zeros(DAYS + HORIZON, int)
    mean, quantiles = lightgbm_model()(values[:, : DAYS - HORIZON], HORIZON, event, FIRST)
    truth = values[:, -HORIZON:]
    flat = np.repeat(values[:, -56:-HORIZON].mean(axis=1)[:, None], HORIZON, axis=1)
    assert np.abs(mean - truth).sum() < 0.9 * np.abs(flat - truth).sum()
    assert (np.diff(quantiles, axis=0) >= 0).all()


def test_the_script_runs_alone_and_a_missing_peer_has_a_status(values, tmp_path, monkeypatch, capsys):
    given = tmp_path / "in.npz"
    arrays = {"values": values, "horizon": HORIZON, "event": np.zeros(DAYS + HORIZON, int), "first": FIRST}
    np.savez(given, **arrays)
    command = [sys.executable, "-S", bench_peers.__file__, "autoets", str(given), str(tmp_path / "o.npz")]
    script = Path(bench_peers.__file__).read_text(encoding="utf-8")
    assert "from pipelines" not in script
    assert "import pandas" not in script
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0  # no packages, so no NumPy

    def missing(_):
        raise ImportError("No module named 'statsforecast'")

    monkeypatch.setattr(bench_peers, "import_module", missing)
    assert main("seasonal_naive", str(given), str(tmp_path / "o.npz")) == bench_peers.NOT_INSTALLED
    assert "statsforecast cannot be imported" in capsys.readouterr().err
    monkeypatch.undo()
    monkeypatch.setattr(bench_peers, "ROUNDS", 2)
    assert main("lightgbm", str(given), str(tmp_path / "o.npz")) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"seconds", "peak_mb", "version"}
    with np.load(tmp_path / "o.npz") as made:
        assert made["quantiles"].shape == (7, 12, HORIZON)
