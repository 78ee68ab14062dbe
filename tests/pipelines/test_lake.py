import threading
from datetime import date
from functools import partial

import pandas as pd
import pyarrow as pa
import pytest

from pipelines.lake import Lake, LakeBusyError
from pipelines.tables import tables

D1, D2 = date(2026, 1, 1), date(2026, 1, 2)


def legs(day, *lights):
    return (
        pd.DataFrame(
            {
                "as_of": day,
                "merchant_id": [f"m{number}" for number in range(len(lights))],
                "leg": "sales",
                "light": list(lights),
                "p_value": 0.5,
                "reason": "all_good",
            }
        )
        .reindex(columns=list(tables()["leg_status"].columns))
        .astype({"since": "datetime64[us]", "changed_on": "datetime64[us]"})
    )


@pytest.fixture
def lake(tmp_path):
    return Lake(str(tmp_path / "lake"))


def lights(lake, day=None):
    where = f"as_of = DATE '{day}'" if day else None
    return sorted(lake.read("leg_status", ["light"], where).column("light").to_pylist())


def test_a_day_is_replaced_as_a_whole_and_other_days_stay(lake):
    assert lake.replace_day("leg_status", D1, legs(D1, "red", "red")) == 2
    assert lake.replace_day("leg_status", D2, legs(D2, "amber")) == 1
    assert lake.replace_day("leg_status", D1, legs(D1, "green")) == 1
    assert lights(lake, D1) == ["green"]
    assert lights(lake, D2) == ["amber"]


def test_replacing_a_day_by_nothing_empties_it(lake):
    lake.replace_day("leg_status", D1, legs(D1, "red"))
    assert lake.replace_day("leg_status", D1, []) == 0
    assert lights(lake) == []


def test_rows_of_another_day_are_refused_and_nothing_is_written(lake):
    with pytest.raises(ValueError, match="rows of another day"):
        lake.replace_day("leg_status", D1, legs(D2, "red"))
    assert lights(lake) == []


def test_parts_stream_into_one_commit(lake):
    lake.replace_day("leg_status", D1, (legs(D1, light) for light in ("red", "amber", "green")))
    delta = lake.delta("leg_status")
    assert delta is not None
    assert delta.version() == 0
    assert lights(lake) == ["amber", "green", "red"]


def test_a_missing_table_reads_as_no_rows_with_its_columns(lake):
    table = lake.read("leg_status")
    assert table.num_rows == 0
    assert "light" in table.column_names


def test_a_backtest_writes_beside_the_live_tables_and_reads_the_live_marts(lake):
    backtest = lake.scoped("try")
    backtest.replace_day("leg_status", D1, legs(D1, "red"))
    assert lights(lake) == []
    assert lights(backtest) == ["red"]
    assert backtest.uri("merchant_day") == lake.uri("merchant_day")
    assert backtest.uri("sales") == lake.uri("sales")
    assert backtest.uri("feed_status") != lake.uri("feed_status")


def test_new_columns_widen_an_old_table(lake, monkeypatch):
    from pipelines import tables as module

    lake.replace_day("leg_status", D1, legs(D1, "red"))
    old = module.tables()["leg_status"]
    wider = old.model_copy(update={"columns": {**old.columns, "note": module.Column(type="text", description="n")}})
    monkeypatch.setitem(module.tables(), "leg_status", wider)
    lake.replace_day("leg_status", D2, legs(D2, "green").assign(note="new"))
    assert lake.read("leg_status", ["light", "note"]).to_pylist().__len__() == 2


def at_once(works):
    """Do all at the same moment; returns what went wrong."""
    wrong, ready = [], threading.Barrier(len(works))

    def do(work):
        ready.wait()
        try:
            work()
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=do, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def segments(day, *merchants):
    schema = tables()["segments"].schema
    rows = [{**dict.fromkeys(schema.names), "as_of": day, "merchant_id": one} for one in merchants]
    return pa.Table.from_pylist(rows, schema=schema)


def test_writers_of_different_days_do_not_disturb_each_other(tmp_path):
    lake = Lake(str(tmp_path))
    days = [date(2026, 1, number) for number in (1, 2)]
    for _ in range(3):  # the first time they make the table as well
        assert at_once([partial(lake.replace_day, "segments", day, segments(day, "a", "b")) for day in days]) == []
        assert lake.read("segments").num_rows == 4


def test_of_two_writers_of_one_day_one_wins_and_the_other_says_so(tmp_path):
    lake, day = Lake(str(tmp_path)), date(2026, 1, 1)
    lake.replace_day("segments", day, segments(day, "old"))
    lost = 0
    for _ in range(4):
        names = (["a", "b"], ["c", "d"])
        wrong = at_once([partial(lake.replace_day, "segments", day, segments(day, *some)) for some in names])
        lost += len(wrong)
        assert all(isinstance(error, LakeBusyError) for error in wrong)
        assert all("segments" in str(error) and "run this again" in str(error) for error in wrong)
        rows = sorted(lake.read("segments", ["merchant_id"]).column("merchant_id").to_pylist())
        assert rows in names, "rows of both, or of neither"
    assert lost <= 4
