"""The peers' script without the peers: what it hands to a detector, and what it hands back."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from pipelines import bench_risk_peers
from pipelines.bench_risk import PEERS
from pipelines.bench_risk_peers import METHODS, NOT_INSTALLED, WINDOWS, features, main, model_of

SCORES = np.arange(60.0).reshape(6, 10) % 7


class Loudest:
    """Stands in for a detector of PyOD: a row is as odd as its largest mean."""

    def __init__(self, **options):
        self.options, self.shapes = options, []

    def fit(self, rows):
        self.shapes.append(rows.shape)
        self.decision_scores_ = rows.max(axis=1)


@pytest.fixture
def pyod(monkeypatch):
    """A PyOD whose detectors are all the stand-in; gives what was made, by module."""
    made = {}

    def module(place):
        name = next(name for where, name, _ in METHODS.values() if where == place)
        return SimpleNamespace(**{name: lambda **options: made.setdefault(place, Loudest(**options))})

    monkeypatch.setattr(bench_risk_peers, "import_module", module)
    monkeypatch.setattr(bench_risk_peers, "version", lambda name: f"9 of {name}")
    return made


def test_features_are_means_of_the_last_days_and_a_missing_day_is_nothing_odd():
    rows = features(np.array([[1.0, np.nan, 3.0, 5.0]]))
    assert rows.shape == (4, 3)
    assert rows[-1].tolist() == [5.0, 8 / 3, 9 / 7]


@given(arrays(float, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.floats(-50, 50) | st.just(np.nan)))
def test_features_agree_with_rolling_sums_of_pandas(scores):
    known = pd.DataFrame(scores).fillna(0).T
    for column, days in enumerate(WINDOWS):
        expected = known.rolling(days, min_periods=1).sum().T / days
        np.testing.assert_allclose(features(scores)[:, column].reshape(scores.shape), expected, atol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_a_detector_sees_every_day_and_answers_for_the_last(pyod, method):
    found = model_of(method)(SCORES)
    (detector,) = pyod.values()
    assert detector.options == METHODS[method][2]
    assert detector.shapes == [(60, len(WINDOWS))]
    np.testing.assert_allclose(found, features(SCORES).max(axis=1).reshape(6, 10)[:, -1])


def test_scores_come_back_beside_what_they_cost(pyod, tmp_path, capsys):
    np.savez(tmp_path / "in.npz", scores=SCORES.astype(np.float32))
    assert main("knn", str(tmp_path / "in.npz"), str(tmp_path / "out.npz")) == 0
    told = json.loads(capsys.readouterr().out)
    assert (set(told), told["version"]) == ({"seconds", "peak_mb", "version"}, "9 of pyod")
    assert told["seconds"] >= 0
    assert 10 < told["peak_mb"] < 100_000
    with np.load(tmp_path / "out.npz") as made:
        np.testing.assert_allclose(made["scores"], features(SCORES).max(axis=1).reshape(6, 10)[:, -1])


def test_a_peer_that_is_missing_is_told_from_one_that_fails(tmp_path, monkeypatch, capsys):
    given = str(tmp_path / "in.npz")
    np.savez(given, scores=SCORES)
    monkeypatch.setitem(sys.modules, "pyod", None)
    assert main("hbos", given, str(tmp_path / "out.npz")) == NOT_INSTALLED
    assert "pyod cannot be imported" in capsys.readouterr().err
    assert not (tmp_path / "out.npz").exists()
    monkeypatch.setattr(bench_risk_peers, "model_of", lambda _: lambda scores: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        main("hbos", given, str(tmp_path / "out.npz"))


def test_the_script_needs_nothing_of_this_project_and_knows_the_peers_of_the_benchmark():
    source = Path(bench_risk_peers.__file__).read_text(encoding="utf-8")
    for floor in ("pipelines", "models", "reports"):
        assert f"from {floor}" not in source
        assert f"import {floor}" not in source
    assert set(METHODS) <= set(PEERS)
