from datetime import date, timedelta

import pytest

from pipelines.newest_day import NoCompleteDayError, newest_complete_day

FIRST = date(2026, 1, 1)


def sold(day, count):
    return [{"date": day, "merchant_id": f"m{number}", "sku_id": "", "units": 1.0} for number in range(count)]


def test_a_day_that_is_still_arriving_is_passed_over(workspace, deliver):
    for offset, count in enumerate([10, 10, 10, 3]):
        day = FIRST + timedelta(days=offset)
        deliver("sales", day, *sold(day, count))
    assert newest_complete_day(workspace) == FIRST + timedelta(days=2)


def test_without_sales_stock_carries_the_day(workspace, deliver):
    deliver("stock", FIRST, {"date": FIRST, "merchant_id": "m1", "sku_id": "a"})
    assert newest_complete_day(workspace) == FIRST


def test_an_empty_workspace_says_what_to_do(workspace):
    with pytest.raises(NoCompleteDayError, match="merchant-gps simulate"):
        newest_complete_day(workspace)
