import json

import pytest

from pipelines.bench import BENCHES, Peers, _compare, _row, bench_day, machine, print_result
from pipelines.measure import Measured
from pipelines.steps import steps_of_calculation, steps_of_publishing


def row(what, size, per_second):
    return {"what": what, "n": size, "per_second": per_second, "peer": None, "ratio": None}


def test_the_ratio_is_speed_against_the_smallest_size_of_the_same_step():
    rows = [row("marts", 100, 50.0), row("risk", 100, 10.0), row("marts", 1000, 200.0), row("risk", 1000, 5.0)]
    _compare(rows, 100)
    assert [one["ratio"] for one in rows] == [1.0, 1.0, 4.0, 0.5]
    assert {one["peer"] for one in rows} == {"100 merchants"}


def test_a_row_holds_merchants_per_second_and_rounded_cost():
    made = _row("risk", 30, Measured(12, 1.504, 99.6))
    assert (made["n"], made["rows"], made["seconds"], made["per_second"], made["peak_mb"]) == (30, 12, 1.5, 19.9, 100)


def test_the_machine_is_told_as_plain_facts():
    facts = machine()
    assert set(facts) == {"cpus", "memory_gb", "python", "system"}
    assert facts["cpus"] >= 1
    json.dumps(facts)


@pytest.mark.scale
def test_a_day_is_measured_step_by_step(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "200")  # a wide terminal cuts no name short
    for name in ("MERCHANT_GPS_HOME", "DAGSTER_HOME"):
        monkeypatch.setenv(name, "")  # so that the changes of the bench are undone
    result = BENCHES["day"]([30], 70)
    rows = {one["what"]: one for one in result["rows"]}
    steps = [f"day: {step.name}" for step in [*steps_of_calculation(), *steps_of_publishing()]]
    first = ["simulate", "history: ingest", "history: marts", "day: ingest", "day: marts"]
    assert list(rows) == [*first, *steps, "the whole day"]
    of_the_day = [one for what, one in rows.items() if what.startswith("day: ")]
    whole = rows["the whole day"]
    assert whole["seconds"] == pytest.approx(sum(one["seconds"] for one in of_the_day), abs=0.02)
    assert whole["peak_mb"] == max(one["peak_mb"] for one in of_the_day)
    assert all(one["ratio"] == 1.0 for one in rows.values())
    assert rows["day: risk"]["rows"] > 0
    capsys.readouterr()
    print_result(result)
    assert "the whole day" in capsys.readouterr().out


def test_a_bench_is_found_by_its_name():
    assert BENCHES["day"] is bench_day
    assert set(BENCHES) == {"day", "forecast", "risk"}


def test_the_forecast_is_measured_with_the_peers_that_are_asked_for(monkeypatch, capsys):
    row = {"method": "ours", "peer": None, "n": 5}
    asked = []
    monkeypatch.setattr("pipelines.bench_whole.bench_whole", lambda *given: asked.append(given) or [row])
    monkeypatch.setattr("pipelines.bench_forecast.bench_forecast", lambda sizes: {"name": "forecast", "rows": [row]})
    result = BENCHES["forecast"]([5], 0, Peers(("autoets",), "py"))
    assert (result["rows"], result["whole"], asked) == ([], [row], [([5], ("autoets",), "py")])
    print_result(result)
    assert "the whole forecast" in capsys.readouterr().out
    assert BENCHES["forecast"]([5], 0)["rows"] == [row]
