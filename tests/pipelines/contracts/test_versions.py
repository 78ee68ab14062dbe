"""When versions must be compared with the lake, and when the log alone says that nothing can repeat."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.contracts import versions


@pytest.fixture
def compared(monkeypatch):
    """Return the list of feeds whose lake was read for comparison."""
    seen = []
    real = versions._view_of_lake
    monkeypatch.setattr(
        versions,
        "_view_of_lake",
        lambda connection, lake, name, *rest: (seen.append(name), real(connection, lake, name, *rest)),
    )
    return seen


def test_new_days_are_not_compared(landing, make_storefront, compared):
    for day in (1, 2, 3):
        landing.csv("storefront", f"2026-10-0{day}.csv", make_storefront(date=f"2026-10-0{day}"))
        landing.ingest()
    assert compared == []


def test_a_day_that_the_lake_holds_is_compared(landing, make_storefront, compared):
    landing.csv("storefront", "2026-10-01.csv", make_storefront())
    landing.ingest()
    landing.csv("storefront", "2026-10-02.csv", make_storefront(), make_storefront(date="2026-10-02"))
    assert landing.ingest().feeds["storefront"].unchanged == 1
    assert compared == ["storefront"]


def test_a_day_in_two_files_of_one_batch_is_compared(landing, make_storefront, compared):
    landing.csv("storefront", "2026-10-01.csv", make_storefront())
    landing.csv("storefront", "2026-10-02.csv", make_storefront())
    assert landing.ingest().feeds["storefront"].unchanged == 1
    assert compared == ["storefront"]


def test_single_events_are_found_by_their_id_months_later(landing):
    landing.csv("reviews", "2026-10-01.csv", "r1,2026-07-20,m1,,5,good,en")
    landing.ingest()
    landing.csv("reviews", "2026-10-15.csv", "r1,2026-07-20,m1,,5,good,en", "r2,2026-10-15,m1,,1,bad,en")
    report = landing.ingest().feeds["reviews"]
    assert (report.accepted, report.unchanged) == (1, 1)


def test_snapshots_are_compared_with_all_that_came_before(landing):
    landing.csv("products", "2024-01-01.csv", "m1,a,Tea,,listed,2020-01-01,,,,,,,,,")
    landing.ingest()
    landing.csv("products", "2026-10-01.csv", "m1,a,Tea,,listed,2020-01-01,,,,,,,,,", "m1,b,Pot,,,,,,,,,,,,")
    report = landing.ingest().feeds["products"]
    assert (report.accepted, report.unchanged) == (1, 1)
    assert landing.rows("products", "sku_id", "status", "known_on") == [
        ("a", "listed", date(2024, 1, 1)), ("b", "listed", date(2026, 10, 1)),
    ]  # fmt: skip
