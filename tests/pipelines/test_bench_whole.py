import numpy as np
import pytest

from pipelines import bench_whole as whole
from pipelines.bench_ensemble import HISTORY, Said, series_of
from pipelines.bench_forecast import Cost
from pipelines.bench_series import HORIZON


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    monkeypatch.setattr(whole, "alone", lambda work, *arguments: work(*arguments))


def said(mean, seconds=2.0):
    return Said(mean, np.repeat(mean[None], 7, axis=0), Cost(seconds, 100.0), seconds)


def test_accuracy_is_that_of_the_held_out_days():
    truth = series_of(0, 3)[:, HISTORY:]
    perfect = whole.accuracy(truth, np.repeat(truth[None], 7, axis=0))
    assert (perfect["wape"], perfect["pinball"], perfect["coverage_80"], perfect["coverage_95"]) == (0, 0, 1, 1)
    twice = whole.accuracy(2 * truth, np.repeat(2 * truth[None], 7, axis=0))
    assert twice["wape"] == 1.0


def test_every_peer_is_set_beside_ours_on_the_same_series(monkeypatch):
    truth = series_of(0, 4)[:, HISTORY:]
    asked = []
    monkeypatch.setattr(whole, "_prophet", lambda count: said(truth[:count]))
    monkeypatch.setattr(whole, "_asked", lambda name, count, python: "left out; not there")
    monkeypatch.setattr(whole, "ours", lambda first, last, kept: asked.append(kept) or said(truth[:kept] * 1.1, 1.0))
    monkeypatch.setattr(whole, "in_two", lambda size: said(truth[:0], 0.5))
    rows = whole.bench_whole([10, 20], ["prophet", "lightgbm"], most=4)
    assert [(row["method"][:4], row["n"], row["judged"], row["ratio"]) for row in rows] == [
        ("Prop", 4, 4, None), ("ours", 10, 4, 5.0), ("ours", 10, None, 2.0),
        ("ours", 20, 4, 10.0), ("ours", 20, None, 2.0),
    ]  # fmt: skip
    assert asked == [4, 4]
    assert rows[1]["wape"] == pytest.approx(0.1, abs=1e-3)
    assert len({tuple(row) for row in rows}) == 1  # one table


@pytest.mark.scale
def test_prophet_itself_and_trees_answer():
    theirs = whole._prophet(1)
    assert theirs.mean.shape == (1, HORIZON)
    import sys

    trees = whole._asked("lightgbm", 3, sys.executable)
    assert not isinstance(trees, str)
    assert trees.quantiles.shape == (7, 3, HORIZON)


@pytest.mark.scale
def test_the_whole_comparison(monkeypatch):
    monkeypatch.undo()
    rows = whole.bench_whole([2000], ["prophet", "lightgbm"], most=40)
    ours = next(row for row in rows if row["peer"] == whole.TITLES["prophet"])
    prophet = next(row for row in rows if row["method"] == whole.TITLES["prophet"])
    assert ours["ratio"] > 20
    assert ours["pinball"] < prophet["pinball"]
