"""The benchmark of scoring: the same series for everyone, peers by their own interpreter, ratios in one run."""

import json

import numpy as np
import pytest

from pipelines import bench_risk
from pipelines.bench import PEERS_OF, SERIES_OF
from pipelines.bench_risk import DAYS, TITLES, Cost, Judged, residuals_of, rolling_robust_z, share_found, troubled


def test_every_two_hundredth_series_is_in_trouble_at_last():
    scores, bad = residuals_of(2000), troubled(2000)
    assert bad.sum() == 10
    np.testing.assert_allclose(np.nanmean(scores[bad, -7:]) - np.nanmean(scores[~bad, -7:]), 2.0, atol=0.5)
    assert 0.01 < np.isnan(scores).mean() < 0.03
    np.testing.assert_array_equal(scores, residuals_of(2000))


def test_finds_are_counted_among_as_many_alarms_as_there_is_trouble():
    scores = np.where(troubled(400), 5.0, np.linspace(0, 1, 400))
    assert share_found(scores) == 1.0
    scores[0], scores[1] = 9.0, 8.0  # two louder ones push both out
    assert share_found(scores) == 0.0
    scores[0] = np.nan
    assert share_found(scores) == 0.5


def test_rolling_robust_z_looks_back_only():
    scores = residuals_of(3)
    z = rolling_robust_z(scores)
    changed = scores.copy()
    changed[:, -1] += 100
    np.testing.assert_allclose(rolling_robust_z(changed)[:, :-1], z[:, :-1])
    assert np.isfinite(z[:, -1]).all()
    assert (rolling_robust_z(changed)[:, -1] > z[:, -1] + 10).all()


def test_ours_is_set_against_every_peer_on_the_peers_own_series(monkeypatch):
    """Run in this process; the command gives each its own."""
    monkeypatch.setattr(bench_risk, "alone", lambda work, *arguments: work(*arguments))
    there = {"knn": Judged(np.zeros(1000), Cost(1.0, 10.0))}
    monkeypatch.setattr(bench_risk, "_asked", lambda name, count, python: there.get(name, "left out"))
    found = bench_risk.bench_risk([1200], ["iforest", "knn", "pandas"])
    assert json.dumps(found)
    rows = {(row["method"], row["peer"]): row for row in found["rows"]}
    assert (TITLES["knn"], None) in rows
    assert (TITLES["iforest"], None) not in rows
    (ours,) = [row for (method, peer), row in rows.items() if method.startswith("ours") and peer == TITLES["knn"]]
    assert ours["n"] == 1200 * DAYS
    assert ours["ratio"] == pytest.approx(ours["per_second"] / (1000 * DAYS), rel=0.01)
    assert ours["judged"] == 1000
    (whole,) = [row for (method, peer), row in rows.items() if method.startswith("ours") and peer == TITLES["pandas"]]
    assert whole["found"] > rows[TITLES["pandas"], None]["found"]


def test_names_and_defaults_are_those_of_the_command():
    assert set(TITLES) == set(bench_risk.PEERS) == set(PEERS_OF["risk"])
    assert int(SERIES_OF["risk"]) * DAYS >= 2_000_000
