from datetime import date

from pipelines.defs.marts.changes import FeedFile, built_files, files_of, stale_months
from pipelines.defs.marts.step import update_mart

JANUARY, MARCH, MAY = date(2026, 1, 10), date(2026, 3, 10), date(2026, 5, 10)


def sales(path, first, last):
    return FeedFile("sales", path, first, last)


OLD = sales("old", JANUARY, JANUARY)
NEW = sales("new", MARCH, MARCH)


def test_nothing_changed_nothing_to_build():
    assert stale_months([OLD, NEW], [NEW, OLD], "merchant_day") == []
    assert stale_months([], [], "merchant_day") == []


def test_an_added_and_a_removed_file_touch_their_own_months():
    assert stale_months([OLD], [OLD, NEW], "merchant_day") == ["2026-03"]
    assert stale_months([OLD, NEW], [NEW], "merchant_day") == ["2026-01"]
    both = sales("both", date(2026, 1, 31), date(2026, 3, 1))
    assert stale_months([NEW], [NEW, both], "merchant_day") == ["2026-01", "2026-02", "2026-03"]


def test_a_file_without_statistics_touches_every_month_that_any_file_holds():
    unknown = sales("unknown", None, None)
    assert stale_months([OLD, NEW], [OLD, NEW, unknown], "merchant_day") == ["2026-01", "2026-02", "2026-03"]
    assert stale_months([], [unknown], "merchant_day") == []


def test_an_order_touches_all_months_after_it_and_only_in_the_mart_that_keeps_it_open():
    order = FeedFile("inbound", "order", JANUARY, JANUARY)
    newest = sales("newest", MAY, MAY)
    months = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05"]
    assert stale_months([newest], [newest, order], "sku_day") == months
    assert stale_months([newest], [newest, order], "merchant_day") == ["2026-01"]


def test_the_log_of_the_feed_gives_the_dates_of_its_files(workspace, deliver):
    deliver(
        "sales", MARCH, *({"date": on, "merchant_id": "m1", "sku_id": "a", "units": 1.0} for on in (JANUARY, MARCH))
    )
    deliver("inbound", MARCH, {"merchant_id": "m1", "purchase_order_id": "p", "sku_id": "a", "ordered_on": JANUARY})
    ranges = {file.feed: (file.first, file.last) for file in files_of(workspace.lake, "merchant_day")}
    assert ranges == {"sales": (JANUARY, MARCH), "inbound": (JANUARY, JANUARY)}
    # In sku_day a version of an order counts from the day it was known.
    ranges = {file.feed: (file.first, file.last) for file in files_of(workspace.lake, "sku_day")}
    assert ranges["inbound"] == (MARCH, MARCH)


def test_a_moment_late_on_the_last_day_keeps_a_margin(workspace, deliver):
    from datetime import datetime, timedelta

    moment = datetime(2026, 1, 31, 23, 59, 59, 999_999)
    deliver("consultations", MARCH, {"merchant_id": "m1", "session_id": "s", "started_at": moment})
    (file,) = files_of(workspace.lake, "merchant_day")
    assert file.first == moment.date()
    assert file.last >= moment.date() + timedelta(days=1)


def test_what_a_mart_was_built_from_is_kept_and_only_news_is_built(workspace, deliver):
    deliver("merchants", JANUARY, {"merchant_id": "m1", "status": "open"})
    deliver("sales", JANUARY, {"date": JANUARY, "merchant_id": "m1", "sku_id": "a", "units": 1.0})
    assert list(update_mart(workspace, "merchant_day")) == ["2026-01"]
    lake = workspace.lake
    assert set(built_files(lake, "merchant_day")) == set(files_of(lake, "merchant_day"))
    assert built_files(lake, "sku_day") == []
    assert update_mart(workspace, "merchant_day") == {}
    deliver("sales", MARCH, {"date": MARCH, "merchant_id": "m1", "sku_id": "a", "units": 1.0})
    assert update_mart(workspace, "merchant_day") == {"2026-03": 1}
