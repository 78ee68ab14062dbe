"""The same file twice, versions as known, held and replayed rows, history, corrections and late files."""

from __future__ import annotations

import random
from datetime import date

import pyarrow as pa
import pytest

D1, D2, D3 = date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 3)


def counts(entry):
    assert entry.balanced
    return entry.read, entry.accepted, entry.unchanged, entry.held, entry.rejected


def test_rows_come_into_the_lake_with_day_of_delivery_bucket_file_and_line(landing, make_sale):
    landing.csv("sales", "2026-10-01.csv", make_sale(), make_sale(merchant_id="m2", units=0.5))
    report = landing.ingest().feeds["sales"]
    assert (report.files, report.read, report.accepted, report.dates) == (1, 2, 2, frozenset({D1}))
    columns = ("merchant_id", "units", "known_on", "known_on_assumed", "file", "line", "known_month")
    assert landing.rows("sales", *columns) == [
        ("m1", 2.0, D1, False, "2026-10-01.csv", 2, "2026-10"),
        ("m2", 0.5, D1, False, "2026-10-01.csv", 3, "2026-10"),
    ]
    assert landing.workspace.lake.read("sales").schema.field("order_lines").type == pa.int64()


@pytest.mark.parametrize("name", ["2026-10-01.csv", "2026-10-01.csv.gz"])
def test_the_same_file_twice_changes_nothing(landing, make_sale, name):
    path = landing.csv("sales", name, make_sale())
    landing.ingest()
    before = landing.workspace.lake.delta("sales").version()
    path.touch()
    report = landing.ingest()
    assert report.read == 0
    assert landing.workspace.lake.delta("sales").version() == before


def test_a_later_file_adds_versions_and_counts_what_is_unchanged(landing, make_storefront):
    landing.csv("storefront", "2026-10-01.csv", make_storefront(), make_storefront(merchant_id="m2"))
    landing.csv("storefront", "2026-10-02.csv", make_storefront(visitors=10), make_storefront(merchant_id="m2"))
    landing.csv("storefront", "2026-10-03.csv", make_storefront(), make_storefront(merchant_id="m2"))
    landing.ingest()
    assert counts(landing.entry("storefront", "2026-10-02.csv")) == (2, 1, 1, 0, 0)
    assert counts(landing.entry("storefront", "2026-10-03.csv")) == (2, 1, 1, 0, 0)  # m1 goes back: a version again
    assert landing.rows("storefront", "merchant_id", "visitors", "known_on") == [
        ("m1", 10, D2), ("m1", 9, D1), ("m1", 9, D3), ("m2", 9, D1),
    ]  # fmt: skip


def test_one_file_at_a_time_shuffled_or_all_at_once_give_the_same_lake(landing, make_storefront, tmp_path_factory):
    from pipelines.workspace import Workspace

    days = [(date(2026, 10, day), f"2026-10-{day:02d}.csv") for day in range(1, 8)]
    values = [9, 9, 10, 10, 9, 9, 11]
    contents = {name: make_storefront(visitors=value) for (_, name), value in zip(days, values, strict=True)}
    shuffled = list(contents)
    random.Random(3).shuffle(shuffled)
    for name in shuffled:
        landing.csv("storefront", name, contents[name])
        landing.ingest()
    other = type(landing)(Workspace.at(tmp_path_factory.mktemp("other")))
    other.merchants("m1")
    for name, content in contents.items():
        other.csv("storefront", name, content)
    other.ingest()
    columns = ("visitors", "known_on", "file")
    assert landing.rows("storefront", *columns) == other.rows("storefront", *columns)
    assert [value for value, *_ in sorted(other.rows("storefront", *columns), key=lambda row: row[1])] == [9, 10, 9, 11]


def test_rows_of_an_unknown_merchant_are_held_and_replayed_when_it_appears(landing, make_sale):
    landing.csv("sales", "2026-10-01.csv", make_sale(), make_sale(merchant_id="new"))
    landing.ingest()
    assert counts(landing.entry("sales", "2026-10-01.csv")) == (2, 1, 0, 1, 0)
    assert landing.rows("held_rows", "feed", "file", "line", "merchant_id") == [("sales", "2026-10-01.csv", 3, "new")]
    landing.merchants("new", name="2026-10-03.csv")
    report = landing.ingest()
    assert report.feeds["sales"].held == 0
    assert counts(landing.entry("sales", "2026-10-01.csv")) == (2, 2, 0, 0, 0)
    assert landing.rows("sales", "merchant_id", "known_on") == [("m1", D1), ("new", D1)]
    assert landing.rows("held_rows", "merchant_id") == []
    assert landing.ingest().read == 0


def test_history_is_known_after_its_maturity_and_says_that_this_is_assumed(landing):
    row = "2026-08-01,m1,sf,,10" + ",0" * 11
    landing.csv("fulfilment", "history.csv", row)
    landing.csv("plans", "history-1.csv", "2026-11-11,m1,,true,1,,false")
    landing.ingest()
    assert landing.rows("fulfilment", "date", "known_on", "known_on_assumed") == [
        (date(2026, 8, 1), date(2026, 8, 15), True)  # 14 days
    ]
    assert landing.rows("plans", "known_on") == [(date(2026, 10, 14),)]  # announced 28 days before


def test_history_may_be_older_than_late_rows_may(landing, make_sale):
    landing.csv("sales", "history.csv", make_sale(date="2024-01-01"))
    landing.csv("sales", "2026-10-01.csv", make_sale(date="2024-01-01", units=3))
    landing.ingest()
    assert landing.rows("sales", "units", "known_on") == [(2.0, date(2024, 1, 1))]
    assert "more than 90 days before delivery" in landing.entry("sales", "2026-10-01.csv").message


def test_a_corrected_file_is_a_second_delivery_known_on_the_newest_day_and_erases_nothing(landing, make_sale):
    landing.csv("sales", "2026-10-01.csv", make_sale(), make_sale(sku_id="b"))
    landing.csv("stock", "2026-10-03.csv")
    landing.ingest()
    landing.csv("sales", "2026-10-01.csv", make_sale(units=7), make_sale(sku_id="b"))
    landing.ingest()
    entry = landing.entry("sales", "2026-10-01.csv")
    assert (entry.delivery, entry.known_on, counts(entry)) == (2, D3, (2, 1, 1, 0, 0))
    assert landing.rows("sales", "sku_id", "units", "known_on", "file") == [
        ("a", 2.0, D1, "2026-10-01.csv"),
        ("a", 7.0, D3, "2026-10-01.csv#02"),
        ("b", 2.0, D1, "2026-10-01.csv"),
    ]
    assert landing.workspace.lake.read("ingested_files", where="feed = 'sales'").num_rows == 2


def test_a_quarantined_file_that_is_mended_is_read(landing, make_sale):
    landing.write("sales", "2026-10-01.csv", "date,merchant_id\n2026-10-01,m1\n")
    landing.ingest()
    assert landing.entry("sales", "2026-10-01.csv").status == "quarantined"
    landing.csv("sales", "2026-10-01.csv", make_sale())
    assert landing.ingest().feeds["sales"].accepted == 1


def test_a_file_of_a_day_far_ahead_waits_until_it_is_renamed_and_moves_no_clock(landing, make_sale):
    landing.csv("sales", "2026-10-01.csv", make_sale())
    landing.ingest()
    ahead = landing.csv("sales", "2126-10-02.csv", make_sale(merchant_id="m2"))
    landing.csv("sales", "2026-10-01.csv", make_sale(units=9))
    landing.csv("sales", "2026-10-03.csv", make_sale(merchant_id="m3"))
    report = landing.ingest()
    entry = landing.entry("sales", "2126-10-02.csv")
    assert (entry.status, entry.read, entry.known_on) == ("quarantined", 0, None)
    assert any("2126-10-02.csv" in one and "rename it to the day of its delivery" in one for one in report.complaints)
    assert landing.entry("sales", "2026-10-01.csv").known_on == D3  # and not the day far ahead
    ahead.rename(ahead.with_name("2026-10-02.csv"))
    landing.ingest()
    assert counts(landing.entry("sales", "2026-10-02.csv")) == (1, 1, 0, 0, 0)


def test_only_files_delivered_until_a_day_are_read(landing, make_sale):
    landing.csv("sales", "2026-10-01.csv", make_sale())
    landing.csv("sales", "2026-10-02.csv", make_sale(date=D2))
    assert landing.ingest(until=D1).feeds["sales"].accepted == 1
    assert landing.ingest().feeds["sales"].dates == frozenset({D2})


def test_only_the_feeds_that_are_asked_for_are_read_and_progress_is_told(landing, make_sale):
    landing.csv("sales", "2026-10-01.csv", make_sale())
    told = []
    report = landing.ingest(feeds=["merchants"], progress=lambda *values: told.append(values))
    assert set(report.feeds) == {"merchants"}
    assert told == [("merchants", 1, 1)]
    with pytest.raises(KeyError, match="no such feed: sale; the contract knows"):
        landing.ingest(feeds=["sale"])


def test_many_small_batches_give_the_same_as_one(landing, make_storefront, tmp_path_factory):
    from pipelines.workspace import Workspace

    home = tmp_path_factory.mktemp("small")
    (home / "config.yaml").write_text("ingest: {batch_rows: 1000}\n", encoding="utf-8")
    small = type(landing)(Workspace.at(home))
    small.merchants("m1")
    for made in (landing, small):
        for day in range(1, 5):
            rows = [make_storefront(date=f"2026-09-{number:02d}", visitors=9 + (day > 2) * (number == 5))
                    for number in range(1, 31)]  # fmt: skip
            made.csv("storefront", f"2026-10-{day:02d}.csv", *rows, *["x"] * 400)
        made.ingest()
    assert landing.rows("storefront", "date", "visitors", "file") == small.rows(
        "storefront", "date", "visitors", "file"
    )


def test_two_formats_side_by_side(landing, make_sale):
    landing.csv("sales", "2026-10-01.csv", make_sale())
    row = {"date": D2, "merchant_id": "m2", "sku_id": None, "units": 1.5, "gmv": float("nan")}
    landing.parquet("sales", "2026-10-02.parquet", [row])
    landing.ingest()
    assert landing.rows("sales", "merchant_id", "sku_id", "units", "gmv") == [
        ("m1", "a", 2.0, 3.5),
        ("m2", "", 1.5, None),
    ]


def test_feeds_without_merchants_need_none(workspace, landing):
    landing.csv("events", "2026-10-01.csv", "d11,Double 11,2026-11-10,2026-11-11,,")
    landing.csv("feedback", "2026-10-01.csv", "f1,alert,2026-10-01 09:30:00,ack,,ann,,")
    landing.ingest()
    assert landing.rows("events", "event_id", "phase", "scope") == [("d11", "peak", "")]
    assert [str(row[0]) for row in landing.rows("feedback", "given_at")] == ["2026-10-01 09:30:00"]
    assert "bucket" not in workspace.lake.read("events").column_names
