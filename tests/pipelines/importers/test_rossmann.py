"""Three stores for nearly three weeks in the layout of Rossmann Store Sales: open days only, and the official file."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from pipelines.contracts.ingest import ingest
from pipelines.day import Day
from pipelines.importers import IMPORTERS
from pipelines.workspace import Workspace

FIRST, DAYS = date(2014, 1, 6), 20  # a Monday, to a Saturday
HOLIDAY = FIRST + timedelta(days=9)
STORES = pd.DataFrame({"Store": [1, 2, 3], "StoreType": ["a", "a", "d"], "Assortment": ["a", "c", "a"]})


def train(closed_rows: bool, first: date = FIRST, days: int = DAYS) -> pd.DataFrame:
    """Closed on Sundays, and store 3 on the holiday; a promotion every other week."""
    rows = []
    for store in STORES["Store"]:
        for number in range(days):
            day = first + timedelta(days=number)
            closed = day.weekday() == 6 or (store == 3 and day == HOLIDAY)
            if closed and not closed_rows:
                continue
            rows.append({
                "Store": store, "DayOfWeek": day.isoweekday(), "Date": day,
                "Sales": 0 if closed else 1000 * store + number, "Customers": 0 if closed else 100 * store,
                "Open": int(not closed), "Promo": int(number // 7 % 2 == 1 and day.weekday() < 5),
                "StateHoliday": "a" if day == HOLIDAY else "0", "SchoolHoliday": int(number >= 14),
            })  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def open_days(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rossmann")
    train(closed_rows=False).to_parquet(folder / "train_open_days.parquet")
    STORES.to_parquet(folder / "store.parquet")
    return folder


@pytest.fixture(scope="module")
def taken(open_days, tmp_path_factory):
    """The open days in the lake of a workspace that tests only read, and what the importer said."""
    workspace = Workspace.at(tmp_path_factory.mktemp("shop"))
    report = IMPORTERS["rossmann"](open_days, workspace)
    read = ingest(workspace).feeds
    for feed, rows in report.rows.items():
        assert (read[feed].accepted, read[feed].rejected, read[feed].held) == (rows, 0, 0)
    return workspace, report


def rows_of(workspace, feed, **where):
    found = workspace.lake.read(feed).to_pylist()
    return [row for row in found if all(row[name] == value for name, value in where.items())]


def test_every_row_is_accepted_and_what_is_unknown_stays_empty(taken):
    workspace, report = taken
    assert report.rows == {"merchants": 3, "sales": 3 * DAYS, "storefront": 3 * DAYS, "plans": 3 * DAYS}
    store = rows_of(workspace, "merchants", merchant_id="store-3")[0]
    assert (store["category"], store["region"], store["opened_on"]) == ("store type d", None, None)
    sold = rows_of(workspace, "sales", merchant_id="store-2", date=FIRST)[0]
    assert (sold["sku_id"], sold["gmv"], sold["units"], sold["on_promotion"]) == ("", 2000.0, None, 0.0)
    shop = rows_of(workspace, "storefront", merchant_id="store-2", date=FIRST)[0]
    assert (shop["orders"], shop["visitors"], shop["buyers"]) == (200, None, None)


def test_a_closed_day_is_a_plan_and_no_turnover_never_an_unknown(taken):
    workspace, _ = taken
    sunday = FIRST + timedelta(days=6)
    assert [row["open"] for row in rows_of(workspace, "plans", date=sunday)] == [False] * 3
    assert [row["gmv"] for row in rows_of(workspace, "sales", date=sunday)] == [0.0] * 3
    assert [row["orders"] for row in rows_of(workspace, "storefront", date=sunday)] == [0] * 3
    plans = {row["merchant_id"]: row for row in rows_of(workspace, "plans", date=HOLIDAY)}
    assert (plans["store-1"]["open"], plans["store-1"]["holiday"], plans["store-1"]["promotion"]) == (True, True, 1.0)
    # Promotions are those of all stores; whether a closed day was a holiday, the copy of the open days does not say.
    assert (plans["store-3"]["open"], plans["store-3"]["holiday"], plans["store-3"]["promotion"]) == (False, None, 1.0)


def test_plans_are_known_ahead_and_marked_as_assumed(taken):
    workspace, _ = taken
    assert {(row["date"] - row["known_on"]).days for row in rows_of(workspace, "plans")} == {28}
    assert {row["known_on_assumed"] for row in rows_of(workspace, "plans")} == {True}
    with Day(workspace, FIRST).connect("plans", "sales", "merchant_day") as connection:
        last_planned = connection.execute("SELECT max(date) FROM plans").fetchone()[0]
        last_sold = connection.execute("SELECT max(date) FROM sales").fetchone()[0]
    assert (last_planned, last_sold) == (FIRST + timedelta(days=DAYS - 1), FIRST)


def test_the_official_file_tells_closed_days_itself(tmp_path, workspace):
    full = train(closed_rows=True)
    full = full[~((full["Store"] == 1) & (full["Date"] == FIRST + timedelta(days=2)))]
    full.to_csv(tmp_path / "train.csv", index=False)
    STORES.to_csv(tmp_path / "store.csv", index=False)
    report = IMPORTERS["rossmann"](tmp_path, workspace)
    ingest(workspace)
    assert report.rows["sales"] == 3 * DAYS - 1
    assert rows_of(workspace, "plans", merchant_id="store-1", date=FIRST + timedelta(days=2))[0]["open"] is None
    closed = rows_of(workspace, "plans", merchant_id="store-3", date=HOLIDAY)[0]
    assert (closed["open"], closed["holiday"]) == (False, True)


def test_the_half_year_that_the_official_file_lacks_is_unknown(tmp_path, workspace):
    days = train(closed_rows=False, first=date(2014, 6, 30), days=190)
    gap = (days["Store"] == 2) & (days["Date"] >= date(2014, 7, 1)) & (days["Date"] <= date(2014, 12, 31))
    days[~gap].to_parquet(tmp_path / "train_open_days.parquet")
    STORES.to_parquet(tmp_path / "store.parquet")
    IMPORTERS["rossmann"](tmp_path, workspace)
    ingest(workspace)
    unknown = {row["date"] for row in rows_of(workspace, "plans", merchant_id="store-2") if row["open"] is None}
    assert unknown == {date(2014, 7, 1) + timedelta(days=number) for number in range(184)}
    assert {row["date"] for row in rows_of(workspace, "sales", merchant_id="store-2")}.isdisjoint(unknown)
    assert all(row["open"] is not None for row in rows_of(workspace, "plans", merchant_id="store-1"))


def test_a_missing_file_says_where_to_get_it(tmp_path, workspace):
    with pytest.raises(FileNotFoundError, match=r"train\.csv, train\.parquet.*kaggle\.com"):
        IMPORTERS["rossmann"](tmp_path, workspace)
