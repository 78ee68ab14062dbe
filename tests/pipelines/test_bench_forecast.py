"""The benchmark of the batched fit; the large comparison with Prophet is under `scale`."""

import json
import math
import os

import numpy as np
import pytest

from models.forecasting.batched_prophet.agreement import agreement
from models.forecasting.batched_prophet.fit import fit_many
from models.forecasting.batched_prophet.predict import predict
from models.forecasting.batched_prophet.reference import fit_prophet
from models.forecasting.batched_prophet.settings import ProphetSettings
from pipelines.bench_forecast import THREADS, WAYS, Cost, _batched, _blocks, _row, alone, bench_forecast
from pipelines.bench_series import EVENTS, FIRST, HORIZON, bench_calendar, mixed_block


def threads():
    return [os.environ.get(name) for name in THREADS]


def test_work_is_done_alone_with_one_thread():
    before = threads()
    assert alone(threads) == ["1"] * len(THREADS)
    assert alone(os.getpid) != os.getpid()
    assert threads() == before


def test_a_row_holds_speed_against_the_peer():
    row = _row("shared dates", "batched", 1000, Cost(0.5, 99.6), 0.1, None, None)
    assert (row["per_second"], row["ratio"], row["peak_mb"], row["peer"]) == (2000.0, 200.0, 100, "Prophet")
    json.dumps(row)


def test_blocks_add_up_to_the_series_asked_for():
    assert [len(block.values) for block in _blocks("shared dates", 4100)] == [4096, 4]


def test_a_benchmark_compares_every_way_with_prophet(monkeypatch):
    monkeypatch.setattr("pipelines.bench_forecast.alone", lambda work, *arguments: work(*arguments))
    rows = bench_forecast([20], sample=2)["rows"]
    assert {row["what"] for row in rows} == set(WAYS)
    ours = [row for row in rows if row["method"] != "Prophet"]
    assert len(ours) == 4
    for row in ours:
        assert row["peer"] == "Prophet"
        assert row["ratio"] > 1
        assert row["peak_mb"] > 10
        assert row["posterior_at_least_peer"] == 1.0
        assert row["wape_to_peer"] < 0.05
        assert row["wape_at_maximum"] <= row["wape_to_peer"] + 1e-9


@pytest.mark.scale
@pytest.mark.timeout(3600)  # Newton's method takes ten times as long as what Prophet does by itself
def test_a_thousand_series_of_every_kind_against_prophet():
    settings, calendar, values = ProphetSettings(), bench_calendar(), mixed_block(1000, 1).values
    fits = fit_many(values, calendar, settings)
    mean, _ = predict(fits, calendar, np.arange(values.shape[1], values.shape[1] + HORIZON))
    for to_maximum, most in ((False, 0.01), (True, 0.003)):
        references = [fit_prophet(row, FIRST, calendar, EVENTS, None, HORIZON, to_maximum) for row in values]
        found = agreement(values, fits, mean, references, calendar, settings)
        print(f"to_maximum={to_maximum}: {found}")
        assert found.share >= 0.999
        assert found.violation < 1e-8
        assert found.wape < most


@pytest.mark.scale
def test_memory_does_not_grow_with_the_number_of_series():
    small, large = (alone(_batched, "shared dates", size, False).peak_mb for size in (5_000, 60_000))
    assert math.isfinite(small)
    assert large < 1.1 * small
