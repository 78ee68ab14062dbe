"""Nothing from the future: whatever is delivered after a day changes no table of that day."""

import shutil
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from pipelines.contracts.feeds import feeds
from pipelines.contracts.ingest import ingest
from pipelines.day import Day
from pipelines.defs.marts.step import update_mart
from pipelines.past import past_built_once
from pipelines.steps import steps_of_calculation
from pipelines.tables import tables
from pipelines.workspace import Workspace

AS_OF = date(2026, 10, 24)
FIGURES = ("count", "decimal")


def navigate(workspace):
    ingest(workspace)
    for mart in ("merchant_day", "sku_day"):
        update_mart(workspace, mart)
    day = Day(workspace, AS_OF)
    with past_built_once(workspace, AS_OF):
        for step in steps_of_calculation():
            step.run(day)


def only_until(home, last):
    for path in sorted(home.glob("landing/*/*")):
        if date.fromisoformat(path.name[:10]) > last:
            path.unlink()


def tripled(table, feed):
    for name, column in feeds()[feed].columns.items():
        if column.type in FIGURES and name in table.column_names and column.max is None:
            values = pc.multiply(table.column(name).cast(pa.float64()), 3.0)
            table = table.set_column(table.column_names.index(name), name, values.cast(table.schema.field(name).type))
    return table


def rewrite_the_future(home):
    """Triple every figure delivered after the day, and redeliver the days before it with tripled figures too."""
    for feed in feeds():
        files = sorted(home.glob(f"landing/{feed}/*.parquet"))
        later = [path for path in files if date.fromisoformat(path.name[:10]) > AS_OF]
        for path in later:
            pq.write_table(tripled(pq.read_table(path), feed), path)
        recent = [path for path in files if AS_OF - timedelta(days=20) < date.fromisoformat(path.name[:10]) <= AS_OF]
        if recent and feed not in ("merchants", "events"):
            corrected = pa.concat_tables([pq.read_table(path) for path in recent], promote_options="permissive")
            key = list(feeds()[feed].key)
            newest = corrected.append_column("order", pa.array(range(corrected.num_rows)))
            last = newest.group_by(key).aggregate([("order", "max")]).column("order_max")
            day_after = AS_OF + timedelta(days=1)
            pq.write_table(
                tripled(corrected.take(last), feed), home / "landing" / feed / f"{day_after}-corrections.parquet"
            )


def rows(workspace, table):
    meaning = tables()[table]
    found = workspace.lake.read(table, where=f"{meaning.day_column} = DATE '{AS_OF}'")
    return found.select(sorted(found.column_names)).sort_by([(name, "ascending") for name in meaning.key])


@pytest.fixture(scope="module")
def both(landed, tmp_path_factory):
    ended, went_on = (tmp_path_factory.mktemp("future") / name for name in ("ended", "went_on"))
    for home in (ended, went_on):
        shutil.copytree(landed, home)
    only_until(ended, AS_OF)
    rewrite_the_future(went_on)
    for home in (ended, went_on):
        navigate(Workspace.at(home))
    return Workspace.at(ended), Workspace.at(went_on)


MADE = [name for name, table in tables().items() if table.layout == "day" and table.group != "publishing"]


def test_the_future_of_the_test_is_really_another_one(both):
    ended, went_on = both
    assert went_on.lake.read("sales").num_rows > ended.lake.read("sales").num_rows
    newest = went_on.lake.read("merchant_day", ["date"]).column("date")
    assert pc.max(newest).as_py() > AS_OF


@pytest.mark.parametrize("table", MADE)
def test_no_table_of_the_day_changes(both, table):
    ended, went_on = (rows(workspace, table) for workspace in both)
    if ended.equals(went_on):
        return
    assert ended.num_rows == went_on.num_rows
    for name in ended.column_names:
        a, b = ended.column(name), went_on.column(name)
        if pa.types.is_floating(a.type):
            # Sums of the same numbers in another order differ in the last bits.
            close = pc.less_equal(pc.abs(pc.subtract(a, b)), pc.add(1e-9, pc.multiply(1e-9, pc.abs(a))))
            assert a.is_null().equals(b.is_null()), name
            assert pc.all(pc.fill_null(close, True)).as_py(), name
        else:
            assert a.equals(b), name
