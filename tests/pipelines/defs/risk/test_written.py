import numpy as np
import pyarrow as pa
import pytest

from models.metrics.lights import GREY, LIGHT_NAMES
from pipelines.defs.risk.panel import read_merchants
from pipelines.defs.risk.standing import metric_places
from pipelines.defs.risk.step import metric_signals
from pipelines.defs.risk.written import WrittenSignals, codes_of, leg_lights
from pipelines.policy import load_profile


def read(day):
    profile, merchants = load_profile(day.workspace), read_merchants(day)
    with day.connect("metric_signals") as connection:
        connection.register("day_merchants", merchants.places())
        connection.register("day_metrics", metric_places(profile))
        return merchants, WrittenSignals.read(day, connection, merchants, profile)


def test_signals_come_back_as_they_were_written(platform):
    due = platform.columns["fulfilment_dispatch_due"][5, -12:]
    platform.columns["fulfilment_dispatched_late"][5, -12:] = np.round(due * 0.3)
    day = platform.write()
    metric_signals(day)
    merchants, found = read(day)
    place = merchants.ids.to_pylist().index(platform.ids[5])
    at = [number for number, metric in enumerate(found.metrics) if metric.id == "fulfilment.late_dispatch"]
    assert [LIGHT_NAMES[code] for code in found.light[at, place]] == ["red", "red"]
    assert found.money_parts()["rate"][place] == pytest.approx(np.nanmax(found.numbers["money_at_risk"][at, place]))
    assert found.recoverable({"fulfilment": 0.6})[place] == 0.6
    group, size = found.group_of_leg("fulfilment")
    assert group[place]
    assert size[place] >= 30


def test_a_day_without_signals_is_grey(platform):
    _, found = read(platform.write())
    legs = leg_lights(found)
    assert len(legs) == 7
    assert all((one.light == GREY).all() and set(one.reason) == {"not_connected"} for one in legs.values())


def test_names_become_codes():
    assert codes_of(pa.chunked_array([["b", "a", "?"]]), ("a", "b")).tolist() == [1, 0, 0]
