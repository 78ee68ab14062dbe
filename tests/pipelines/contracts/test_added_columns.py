"""A column that was added to a feed later: files and lakes from before it stay good."""

from datetime import date

import pyarrow as pa
import pytest

from pipelines.contracts.feeds import feeds
from pipelines.day import Day

FEED, ADDED = "after_sale", "defective_buyers"
BEFORE = [name for name in feeds()[FEED].columns if name != ADDED]
ROW = {"date": "2026-09-20", "merchant_id": "m1", "orders": 40, "defective_orders": 4, "claims": 1, "chargebacks": 0,
       "refunds": 2, "refunds_by_seller_fault": 1, "interventions": 0}  # fmt: skip


def old_csv(*rows):
    return "\n".join([",".join(BEFORE), *(",".join(str(row[name]) for name in BEFORE) for row in rows)]) + "\n"


def buyers(landing, day):
    with Day(landing.workspace, day).connect(FEED) as connection:
        return connection.execute(f"SELECT date, {ADDED} FROM {FEED} ORDER BY date").fetchall()


def test_the_column_is_optional_and_part_of_the_contract():
    assert feeds()[FEED].columns[ADDED].optional


def test_csv_and_parquet_files_without_the_column_are_taken_in_whole(landing):
    landing.merchants("m1")
    landing.write(FEED, "2026-10-01.csv", old_csv(ROW))
    rows = [{**ROW, "date": date(2026, 9, 21)}]
    path = landing.workspace.landing / FEED / "2026-10-02.parquet"
    schema = pa.schema([field for field in feeds()[FEED].schema if field.name != ADDED])
    pa.parquet.write_table(pa.Table.from_pylist(rows, schema=schema), path)
    landing.ingest()
    for name in ("2026-10-01.csv", "2026-10-02.parquet"):
        entry = landing.entry(FEED, name)
        assert (entry.status, entry.accepted, entry.rejected) == ("accepted", 1, 0), entry.message
    assert buyers(landing, date(2026, 10, 2)) == [(date(2026, 9, 20), None), (date(2026, 9, 21), None)]


def test_a_lake_from_before_the_column_takes_rows_with_it_and_the_same_row_is_no_news(landing):
    landing.merchants("m1")
    landing.write(FEED, "2026-10-01.csv", old_csv(ROW))
    landing.ingest()
    delta = landing.workspace.lake.delta(FEED)
    without = delta.to_pyarrow_table().drop_columns([ADDED]) if ADDED in delta.schema().to_arrow().names else None
    if without is not None:  # make the table as it was before the column
        from deltalake import write_deltalake

        write_deltalake(landing.workspace.lake.uri(FEED), without, mode="overwrite", schema_mode="overwrite",
                        partition_by=["known_month"])  # fmt: skip
    assert ADDED not in landing.workspace.lake.delta(FEED).schema().to_arrow().names
    assert buyers(landing, date(2026, 10, 1)) == [(date(2026, 9, 20), None)]
    header = ",".join(feeds()[FEED].columns)
    same = ",".join(str(ROW.get(name, "")) for name in feeds()[FEED].columns)
    more = ",".join(str({**ROW, "date": "2026-09-22", ADDED: 3}[name]) for name in feeds()[FEED].columns)
    landing.write(FEED, "2026-10-03.csv", f"{header}\n{same}\n{more}\n")
    landing.ingest()
    entry = landing.entry(FEED, "2026-10-03.csv")
    assert (entry.accepted, entry.unchanged, entry.rejected) == (1, 1, 0), entry.message
    assert buyers(landing, date(2026, 10, 3)) == [(date(2026, 9, 20), None), (date(2026, 9, 22), 3)]


def test_more_buyers_than_orders_are_refused(landing):
    landing.merchants("m1")
    row = ",".join(str({**ROW, ADDED: 5}[name]) for name in feeds()[FEED].columns)
    landing.csv(FEED, "2026-10-01.csv", row)
    landing.ingest()
    assert landing.entry(FEED, "2026-10-01.csv").rejected == 1


@pytest.mark.parametrize("missing", ["orders", "defective_orders"])
def test_any_other_column_is_still_asked_for(landing, missing):
    landing.merchants("m1")
    kept = [name for name in BEFORE if name != missing]
    landing.write(FEED, "2026-10-01.csv", ",".join(kept) + "\n" + ",".join(str(ROW[name]) for name in kept) + "\n")
    landing.ingest()
    entry = landing.entry(FEED, "2026-10-01.csv")
    assert entry.status == "quarantined"
    assert repr(missing) in entry.message
