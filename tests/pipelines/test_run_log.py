from datetime import UTC, date, datetime

import pytest

from pipelines import run_log
from pipelines.day import Day
from pipelines.run_log import logged, peak_megabytes

DAY = date(2026, 1, 1)


def rows(lake):
    return sorted(lake.read("run_log").to_pylist(), key=lambda row: row["step"])


def test_every_step_leaves_a_row(workspace):
    before = datetime.now(UTC)
    day = Day(workspace, DAY)
    assert logged(day, "b", "run-1", lambda day: {"x": 2, "y": 3}) == {"x": 2, "y": 3}
    logged(day, "a", "run-1", lambda day: {})
    first, second = rows(workspace.lake)
    assert (first["step"], first["rows_out"]) == ("a", 0)
    assert (second["run_id"], second["rows_out"], second["as_of"], second["run_kind"]) == ("run-1", 5, DAY, "live")
    assert second["rows_in"] is None  # not known, and not 0
    assert second["seconds"] >= 0
    assert second["peak_mb"] > 0
    assert before.replace(microsecond=0) <= second["started_at"] <= datetime.now(UTC)


def test_steps_of_a_backtest_stand_in_the_same_log_and_are_told_apart(workspace):
    logged(Day(workspace, DAY, "backtest", "b1"), "a", "run-1", lambda day: {"x": 1})
    logged(Day(workspace, DAY), "b", "run-2", lambda day: {"x": 1})
    assert [(row["step"], row["run_kind"]) for row in rows(workspace.lake)] == [("a", "backtest"), ("b", "live")]


def test_listeners_are_told_before_the_step_runs_and_a_failed_step_leaves_no_row(workspace, monkeypatch):
    told = []
    monkeypatch.setattr(run_log, "listeners", [told.append, lambda name: told.append(f"again {name}")])

    def fails(day):
        assert told == ["risk", "again risk"]
        raise ArithmeticError("no")

    with pytest.raises(ArithmeticError):
        logged(Day(workspace, DAY), "risk", "run-1", fails)
    assert rows(workspace.lake) == []


def test_peak_memory_is_in_megabytes_and_never_falls():
    before = peak_megabytes()
    ballast = bytearray(b"x") * 60_000_000
    after = peak_megabytes()
    assert len(ballast) == 60_000_000
    assert 20 < before <= after < 100_000
