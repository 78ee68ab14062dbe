import json
import subprocess
import sys

import numpy as np
import pytest

from pipelines import bench_peers, bench_risk_peers, peer

GIVEN = {"scores": np.zeros((3, 5))}
HOW = "python -m venv PEERS"


def ask(method="autoets", python="python"):
    return peer.ask("bench_peers.py", method, GIVEN, python, HOW)


def ended(monkeypatch, status, said="", failed=""):
    monkeypatch.setattr(peer, "alone", lambda work, *arguments: work(*arguments))
    monkeypatch.setattr(peer, "_run", lambda command: subprocess.CompletedProcess(command, status, said, failed))


def test_a_peer_that_is_missing_or_an_interpreter_that_is_none_is_said(monkeypatch, tmp_path):
    ended(monkeypatch, peer.NOT_INSTALLED, failed="no such package")
    assert "no such package (python -m venv" in ask()
    ended(monkeypatch, 1, failed="boom")
    with pytest.raises(RuntimeError, match="boom"):
        ask()
    monkeypatch.undo()
    monkeypatch.setattr(peer, "alone", lambda work, *arguments: work(*arguments))
    assert "cannot be run" in ask(python=str(tmp_path / "no-python"))


def test_arrays_go_there_and_come_back_with_what_they_cost(monkeypatch):
    def work(command):
        _, _, _method, before, after = command
        with np.load(before) as arrays:
            np.savez(after, scores=arrays["scores"] + 1)
        return subprocess.CompletedProcess(command, 0, "chatter\n" + json.dumps({"seconds": 2.5, "peak_mb": 9.0}), "")

    monkeypatch.setattr(peer, "alone", lambda done, *arguments: done(*arguments))
    monkeypatch.setattr(peer, "_run", work)
    found = ask(python=sys.executable)
    assert (found.arrays["scores"] == 1).all()
    assert (found.cost.seconds, found.cost.peak_mb) == (2.5, 9.0)


def test_scripts_that_know_nothing_of_us_share_one_status():
    assert bench_peers.NOT_INSTALLED == bench_risk_peers.NOT_INSTALLED == peer.NOT_INSTALLED
