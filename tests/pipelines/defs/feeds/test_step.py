"""Only a missing `merchants`, or none of sales, stock and service, stops a run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipelines.contracts.feeds import feeds as feeds_of_contract
from pipelines.defs.feeds.step import FeedsMissingError, feeds


def land(workspace, feed, name, *rows):
    path: Path = workspace.landing / feed / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([",".join(feeds_of_contract()[feed].columns), *rows]) + "\n", encoding="utf-8")


def test_no_merchants(workspace):
    with pytest.raises(FeedsMissingError, match=r"no merchants are known: .*merchants holds no file.*deliver"):
        feeds(workspace)


def test_none_of_sales_stock_and_service(workspace):
    land(workspace, "merchants", "2026-10-01.csv", "m1,,,,,,,,,,")
    land(workspace, "storefront", "2026-10-01.csv", "2026-10-01,m1,1,1,1,1,1")
    with pytest.raises(FeedsMissingError, match="none of the feeds sales, stock, service has a row"):
        feeds(workspace)


def test_what_was_put_aside_is_named(workspace):
    land(workspace, "merchants", "October.csv", "m1,,,,,,,,,,")
    with pytest.raises(FeedsMissingError, match=r"merchants/October\.csv: the name does not begin with the day"):
        feeds(workspace)


@pytest.mark.parametrize(
    ("feed", "row"),
    [
        ("sales", "2026-10-01,m1,a,1,1,1,1,1,0"),
        ("stock", "2026-10-01,m1,a,1,0,0"),
        ("service", "2026-10-01,m1,pre_sale" + ",0" * 10),
    ],
)
def test_one_of_them_is_enough(workspace, feed, row):
    land(workspace, "merchants", "2026-10-01.csv", "m1,,,,,,,,,,")
    land(workspace, feed, "2026-10-01.csv", row)
    land(workspace, feed, "2026-10-02.csv", row)
    report = feeds(workspace, until=date(2026, 10, 1))
    assert report.feeds[feed].accepted == 1
    assert feeds(workspace, ["merchants"]).read == 0
