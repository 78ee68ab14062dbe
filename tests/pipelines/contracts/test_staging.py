"""Many files in one statement, with each file's rows and lines told apart; and the careful reader where needed."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.contracts.feeds import feeds
from pipelines.contracts.landing import landing_files
from pipelines.contracts.look import look_at
from pipelines.contracts.manifest import read_manifest
from pipelines.contracts.staging import Delivery, names_in_order, stage
from pipelines.engine import connect

FEED = feeds()["storefront"]


@pytest.fixture
def staged(landing):
    """Return a function that stages all landing files of `storefront`."""

    def run():
        files = landing_files(landing.workspace.landing, "storefront")
        work = read_manifest(landing.workspace.lake, "storefront").work(files, None)
        deliveries = [Delivery(item, look_at(item.file), number) for number, item in enumerate(work)]
        connection = connect(own=True)
        connection.execute("SET preserve_insertion_order = true")
        rules = stage(connection, FEED, deliveries)
        rows = connection.execute(
            "SELECT file_number, line, merchant_id, visitors, rule, raw, known_on FROM typed ORDER BY 1, 2"
        ).fetchall()
        return deliveries, rows, rules

    return run


def test_lines_of_each_file_are_told_apart(landing, staged, make_storefront):
    landing.csv("storefront", "2026-10-01.csv", *(make_storefront(merchant_id=f"a{number}") for number in range(3)))
    landing.csv("storefront", "2026-10-02.csv", make_storefront(merchant_id="b0"))
    landing.csv("storefront", "2026-10-03.csv.gz", *(make_storefront(merchant_id=f"c{number}") for number in range(2)))
    row = {"date": date(2026, 10, 1), "merchant_id": "d0"}
    landing.parquet("storefront", "2026-10-04.parquet", [row, row | {"merchant_id": "d1"}])
    deliveries, rows, _ = staged()
    assert [delivery.read for delivery in deliveries] == [3, 1, 2, 2]
    assert [row[:3] for row in rows] == [
        (0, 2, "a0"), (0, 3, "a1"), (0, 4, "a2"), (1, 2, "b0"), (2, 2, "c0"), (2, 3, "c1"), (3, 1, "d0"), (3, 2, "d1"),
    ]  # fmt: skip
    assert {row[6] for row in rows} == {date(2026, 10, day) for day in (1, 2, 3, 4)}


def test_a_file_with_another_order_of_columns_is_read_by_name(landing, staged):
    landing.csv("storefront", "2026-10-01.csv", "2026-10-01,m1,9,20,3,2,2")
    landing.write(
        "storefront", "2026-10-02.csv", "visitors,orders,carts,line,page_views,buyers,merchant_id,date\n"
        "7,2,3,99,20,2,m2,2026-10-02\n",
    )  # fmt: skip
    _, rows, _ = staged()
    assert [row[1:4] for row in rows] == [(2, "m1", 9), (2, "m2", 7)]


def test_what_the_engine_counts_otherwise_goes_to_the_careful_reader(landing, staged, monkeypatch):
    landing.csv("storefront", "2026-10-01.csv", "2026-10-01,m1,9,20,3,2,2")
    landing.csv("storefront", "2026-10-02.csv", "2026-10-02,m2,9,20,3,2,2")
    from pipelines.contracts import look as module

    real = module._look_at_csv

    def one_too_many(path):
        seen = real(path)
        return type(seen)(seen.columns, seen.records + path.name.startswith("2026-10-01"))

    monkeypatch.setattr(module, "_look_at_csv", one_too_many)
    deliveries, rows, _ = staged()
    assert [(row[0], row[1], row[2]) for row in rows] == [(0, 2, "m1"), (1, 2, "m2")]
    assert [delivery.read for delivery in deliveries] == [1, 1]


def test_a_parquet_file_with_other_rows_than_promised_is_put_aside(landing, staged, monkeypatch):
    landing.parquet("storefront", "2026-10-01.parquet", [{"date": date(2026, 10, 1), "merchant_id": "m1"}])
    from pipelines.contracts import look as module

    real = module._look_at_parquet
    monkeypatch.setattr(module, "_look_at_parquet", lambda path, _: type(real(path, True))(
        real(path, True).columns, 5, schema=real(path, True).schema))  # fmt: skip
    deliveries, rows, _ = staged()
    assert deliveries[0].problem.startswith("cannot be read (holds 1 rows where its footer promises 5")
    assert rows == []


def test_bad_rows_carry_their_rule_and_raw_values(landing, staged):
    landing.csv("storefront", "2026-10-01.csv", "2026-10-01,m1,many,20,3,2,2")
    _, [row], rules = staged()
    assert rules.names[row[4]] == ("visitors", "not_a_number")
    assert row[5] == (
        '{"date":"2026-10-01","merchant_id":"m1","visitors":"many","page_views":"20","carts":"3","orders":"2","buyers":"2"}'
    )


def test_columns_beyond_the_contract_get_harmless_names():
    assert names_in_order(FEED, ("buyers", "filename", "date", "line")) == ("buyers", "beyond_1", "date", "beyond_3")
