import shutil
from datetime import date, timedelta

import pytest

from pipelines import past
from pipelines.day import Day
from pipelines.defs.marts.step import update_mart
from pipelines.engine import connect
from pipelines.past import past_built_once, touched_ranges
from pipelines.workspace import Workspace

D1, D2, D3 = date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)
OLD = date(2025, 10, 5)
NAMES = [f"m{number}" for number in range(6)]


def sold(on, merchant, units):
    return {"date": on, "merchant_id": merchant, "sku_id": "a", "units": units}


@pytest.fixture(scope="session")
def corrected_home(tmp_path_factory, delivering):
    """Sales of three days and an old one; on the third day the second and the old one are corrected."""
    home = tmp_path_factory.mktemp("corrected")
    (home / "config.yaml").write_text("buckets: 2\n", encoding="utf-8")
    workspace = Workspace.at(home)
    deliver = delivering(workspace)
    deliver("merchants", OLD, *({"merchant_id": name, "status": "open"} for name in NAMES))
    for day in (OLD, D1, D2):
        deliver("sales", day, *(sold(day, name, 1.0) for name in NAMES))
    deliver("sales", D3, sold(OLD, "m0", 5.0), *(sold(D2, name, 7.0) for name in NAMES))
    for mart in ("merchant_day", "sku_day"):
        update_mart(workspace, mart)
    return home


@pytest.fixture
def corrected(corrected_home, workspace):
    """A copy of that platform."""
    shutil.copytree(corrected_home, workspace.home, dirs_exist_ok=True)
    return workspace


def units(day, **more):
    found = {}
    for mart, column in (("merchant_day", "sales_units"), ("sku_day", "units")):
        with day.connect(mart, **more) as connection:
            query = f"SELECT date, merchant_id, bucket, {column} FROM {mart} ORDER BY ALL"
            found[mart] = connection.execute(query).fetchall()
    return found


@pytest.mark.parametrize("more", [{}, {"buckets": [1]}, {"buckets": []}, {"since": D2}, {"buckets": [0], "since": D1}])
@pytest.mark.parametrize("as_of", [OLD, D1, D2, D3])
def test_shared_rows_are_the_rows_that_each_step_would_build(corrected, as_of, more):
    day = Day(corrected, as_of)
    alone = units(day, **more)
    with past_built_once(corrected, as_of):
        assert units(day, **more) == alone
        assert units(day, **more) == alone  # also for the second step


def test_touched_rows_are_built_once_for_all_steps_in_a_folder_that_goes_with_the_day(corrected, monkeypatch):
    from pipelines.defs.marts import build

    built, make = [], build.create_mart_rows_table
    monkeypatch.setattr(build, "create_mart_rows_table", lambda *args: (built.append(args[2:6]), make(*args)))
    scratch = corrected.home / ".scratch"
    with past_built_once(corrected, D2):
        for kind in ("live", "backtest"):
            units(Day(corrected, D2, kind, "b" if kind == "backtest" else ""))
        folders = [path.name for path in scratch.iterdir() if path.is_dir()]
    assert built == [(mart, D2, day, day) for mart in ("merchant_day", "sku_day") for day in (OLD, D2)]
    assert sorted(name[: name.index("_day")] for name in folders) == ["past-merchant", "past-sku"]
    assert list(scratch.iterdir()) == []
    units(Day(corrected, D2))
    assert len(built) == 8, "outside, every reader builds for itself again"


def test_where_nothing_was_touched_nothing_is_built(corrected):
    with past_built_once(corrected, D3):
        assert units(Day(corrected, D3))["merchant_day"][-1][-1] == 7.0
        assert not (corrected.home / ".scratch").exists()


def test_what_is_taken_in_meanwhile_does_not_reach_a_day_that_is_open(corrected, deliver):
    day = Day(corrected, D2)
    with past_built_once(corrected, D2):
        before = units(day)
        deliver("sales", D3 + timedelta(days=1), *(sold(D1, name, 900.0) for name in NAMES))
        for mart in ("merchant_day", "sku_day"):
            update_mart(corrected, mart)
        assert units(day) == before
    assert units(day) == before


def test_a_day_within_a_day_shares_and_does_not_close_it(corrected):
    with past_built_once(corrected, D2):
        with past_built_once(corrected, D2):
            units(Day(corrected, D2))
        assert (corrected.lake.root, D2) in past._OPEN
    assert past._OPEN == {}


def test_dates_near_each_other_make_one_range():
    with connect() as connection:
        connection.execute("CREATE TABLE t (date DATE, known_on DATE)")
        days = [date(2025, 3, 1), D1, D1 + timedelta(days=7), D1 + timedelta(days=15)]
        connection.executemany("INSERT INTO t VALUES (?, DATE '2026-05-01')", [(day,) for day in days])
        connection.execute("INSERT INTO t VALUES (DATE '2025-06-01', DATE '2025-06-02')")
        ranges = touched_ranges(connection, "SELECT * FROM t", date(2026, 2, 1))
    assert ranges == ((days[0], days[0]), (D1, days[2]), (days[3], days[3]))
