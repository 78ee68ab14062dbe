from datetime import date, timedelta

import numpy as np

from pipelines.defs.marts import build, step
from pipelines.defs.marts.changes import FeedFile
from pipelines.defs.marts.kept import NEVER, first_news
from pipelines.defs.marts.step import update_mart

FIRST = date(2026, 1, 27)


def sales(path, day):
    return FeedFile("sales", path, day, day)


def rows_of(workspace):
    return workspace.lake.read("merchant_day").to_pandas().sort_values(["date", "merchant_id"], ignore_index=True)


def deliver_day(deliver, day, number, random):
    """Each feed speaks of the day; refunds and parcels of orders up to four days old come with it."""
    for name in ("m1", "m2", "m3"):
        if random.random() < 0.8:
            sold = {"units": float(random.integers(1, 9)), "gmv": float(random.integers(1, 99)) / 7}
            deliver("sales", day, {"date": day, "merchant_id": name, "sku_id": "a", **sold})
        on_hand = float(random.integers(0, 9))
        deliver("stock", day, {"date": day, "merchant_id": name, "sku_id": "a", "on_hand": on_hand})
        if number >= 4:
            cohort = {"date": day - timedelta(days=int(random.integers(0, 5))), "merchant_id": name}
            deliver("after_sale", day, {**cohort, "orders": 9, "refunds": int(random.integers(0, 4))})
        if random.random() < 0.3:
            plan = {"date": day + timedelta(days=2), "merchant_id": name, "sku_id": "", "promotion": 1.0}
            deliver("plans", day, plan)
        if random.random() < 0.2:  # a plan of the past: no feed of the day itself speaks
            plan = {"date": day - timedelta(days=3), "merchant_id": name, "sku_id": "", "promotion": 0.0}
            deliver("plans", day, plan)


def test_adding_days_gives_what_building_at_once_gives(workspace, deliver):
    random = np.random.default_rng(7)
    deliver("merchants", FIRST, *({"merchant_id": name, "status": "open"} for name in ("m1", "m2", "m3")))
    for number in range(9):  # over the end of a month
        deliver_day(deliver, FIRST + timedelta(days=number), number, random)
        update_mart(workspace, "merchant_day")
    added = rows_of(workspace)
    workspace.lake.delete("mart_state", "mart = 'merchant_day'")
    update_mart(workspace, "merchant_day")
    at_once = rows_of(workspace)
    assert len(added) > 20
    assert added["after_sale_refunds"].notna().sum() > 5
    assert added[list(at_once.columns)].equals(at_once)


def test_only_the_feeds_with_news_are_read_again(workspace, deliver, monkeypatch):
    day = FIRST + timedelta(days=1)
    deliver("merchants", FIRST, {"merchant_id": "m1", "status": "open"})
    for on in (FIRST, day):
        deliver("stock", on, {"date": on, "merchant_id": "m1", "sku_id": "a", "on_hand": 5.0})
    update_mart(workspace, "merchant_day")
    deliver("after_sale", day, {"date": FIRST, "merchant_id": "m1", "orders": 3, "refunds": 2})
    seen, view = {}, build.create_feed_view

    def spied(connection, lake, feed, *more, **limits):
        seen[feed] = limits["from_date"]
        view(connection, lake, feed, *more, **limits)

    monkeypatch.setattr(build, "create_feed_view", spied)
    update_mart(workspace, "merchant_day")
    assert seen["stock"] == NEVER
    assert seen["after_sale"] == FIRST
    rows = rows_of(workspace)
    assert rows["stock_on_hand"].tolist() == [5.0, 5.0]
    assert rows["after_sale_refunds"].fillna(-1).tolist() == [2, -1]


def test_a_file_that_was_taken_away_has_everything_made_anew(workspace, deliver):
    deliver("merchants", FIRST, {"merchant_id": "m1", "status": "open"})
    for feed, column in (("sales", "units"), ("stock", "on_hand")):
        deliver(feed, FIRST, {"date": FIRST, "merchant_id": "m1", "sku_id": "a", column: 4.0})
    update_mart(workspace, "merchant_day")
    workspace.lake.delete("sales", "units = 4")
    update_mart(workspace, "merchant_day")
    rows = rows_of(workspace)
    assert rows["stock_on_hand"].tolist() == [4.0]
    assert rows["sales_units"].isna().all()


def test_a_column_that_the_mart_lacks_has_everything_made_anew(workspace, deliver, monkeypatch):
    deliver("merchants", FIRST, {"merchant_id": "m1", "status": "open"})
    deliver("sales", FIRST, {"date": FIRST, "merchant_id": "m1", "sku_id": "a", "units": 4.0})
    update_mart(workspace, "merchant_day")
    monkeypatch.setattr(
        step, "first_news", lambda *_: dict.fromkeys(build.FEEDS_OF_MART["merchant_day"], NEVER), raising=True
    )
    from pipelines.defs.marts import kept

    older = kept.merchant_day_schema().append(kept.merchant_day_schema().field(0).with_name("of_a_newer_release"))
    monkeypatch.setattr(kept, "merchant_day_schema", lambda: older)
    deliver("stock", FIRST, {"date": FIRST, "merchant_id": "m1", "sku_id": "a", "on_hand": 5.0})
    update_mart(workspace, "merchant_day")
    assert rows_of(workspace)["stock_on_hand"].tolist() == [5.0]  # with the news as said nothing would be read


def test_news_by_hand():
    old, new = sales("old", FIRST), sales("new", FIRST + timedelta(days=2))
    assert first_news([], [new], ["sales"]) is None
    assert first_news([old, new], [new], ["sales"]) is None
    assert first_news([old], [old, new], ["sales", "stock"]) == {"sales": FIRST + timedelta(days=2), "stock": NEVER}
    unknown = FeedFile("sales", "unknown", None, None)
    assert first_news([old], [old, new, unknown], ["sales"]) == {"sales": date.min}
