from datetime import date, timedelta

from pipelines.day import Day
from pipelines.defs.marts.step import feed_status, in_chunks, update_mart

FIRST = date(2026, 1, 1)


def statuses(workspace, as_of, feed):
    feed_status(Day(workspace, as_of))
    rows = workspace.lake.read("feed_status", where=f"feed = '{feed}' AND as_of = DATE '{as_of}'").to_pylist()
    return {row["merchant_id"]: (row["status"], row["since"]) for row in rows}


def test_a_silent_feed_is_late_then_stale_and_an_absent_one_is_not_connected(workspace, deliver):
    deliver("merchants", FIRST, *({"merchant_id": name, "status": "open"} for name in ("loud", "quiet")))
    for offset in range(6):
        day = FIRST + timedelta(days=offset)
        speaking = ("loud", "quiet") if offset < 4 else ("loud",)
        deliver("sales", day, *({"date": day, "merchant_id": name, "sku_id": "a", "units": 1.0} for name in speaking))
    update_mart(workspace, "merchant_day")
    silent_since = FIRST + timedelta(days=4)
    assert statuses(workspace, FIRST + timedelta(days=3), "sales") == {
        "loud": ("fresh", None),
        "quiet": ("fresh", None),
    }
    assert statuses(workspace, FIRST + timedelta(days=4), "sales")["quiet"] == ("late", silent_since)
    assert statuses(workspace, FIRST + timedelta(days=5), "sales") == {
        "loud": ("fresh", None),
        "quiet": ("stale", silent_since),
    }
    assert statuses(workspace, FIRST + timedelta(days=5), "storefront")["loud"] == ("not_connected", None)


def test_a_merchant_that_is_used_to_gaps_is_given_time(workspace, deliver):
    deliver("merchants", FIRST, *({"merchant_id": name, "status": "open"} for name in ("daily", "weekly")))
    for offset in range(20):
        day = FIRST + timedelta(days=offset)
        speaking = ("daily", "weekly") if offset % 5 == 0 else ("daily",)
        deliver("sales", day, *({"date": day, "merchant_id": name, "sku_id": "a", "units": 1.0} for name in speaking))
    update_mart(workspace, "merchant_day")
    assert statuses(workspace, FIRST + timedelta(days=19), "sales") == {
        "daily": ("fresh", None),
        "weekly": ("fresh", None),
    }


def test_a_feed_speaks_with_any_of_its_figures(workspace, deliver):
    deliver("merchants", FIRST, {"merchant_id": "till", "status": "open"})
    deliver("sales", FIRST, {"date": FIRST, "merchant_id": "till", "sku_id": "", "gmv": 0.0})
    deliver("storefront", FIRST, {"date": FIRST, "merchant_id": "till", "orders": 3})
    update_mart(workspace, "merchant_day")
    assert statuses(workspace, FIRST, "sales") == {"till": ("fresh", None)}
    assert statuses(workspace, FIRST, "storefront") == {"till": ("fresh", None)}


def test_only_neighbouring_months_are_built_together():
    months = ["2025-11", "2025-12", "2026-01", "2026-03", "2026-04"]
    assert list(in_chunks(months, 2)) == [["2025-11", "2025-12"], ["2026-01"], ["2026-03", "2026-04"]]
    assert list(in_chunks(months, 9)) == [["2025-11", "2025-12", "2026-01"], ["2026-03", "2026-04"]]
    assert list(in_chunks([], 9)) == []
