"""Bad news of young orders from a feed's versions; see pipelines/defs/risk/young_orders.py."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from models.risk.young_orders import YoungEvents, YoungOrdersSettings
from pipelines.buckets import bucket_of
from pipelines.defs.risk.panel import read_merchants
from pipelines.defs.risk.young_orders import young_orders
from pipelines.policy import load_profile

METRIC = "after_sale.seller_refund"
SETTINGS = YoungOrdersSettings(
    metrics={METRIC: YoungEvents(feed="after_sale", bad="refunds_by_seller_fault", of="orders")}
)
DAYS = 60


def versions(platform, refunds: np.ndarray, age: int) -> pd.DataFrame:
    """Rows of all merchants and of the last days, as they are delivered when the orders are so many days old."""
    dates = [platform.as_of - timedelta(days=back) for back in reversed(range(DAYS))]
    ids = np.repeat(platform.ids, DAYS)
    return pd.DataFrame(
        {
            "date": dates * platform.merchants,
            "merchant_id": ids,
            "bucket": [bucket_of(one, 8) for one in ids],
            "orders": 100,
            "refunds_by_seller_fault": refunds.ravel(),
            "known_on": [one + timedelta(days=age) for one in dates] * platform.merchants,
        }
    )


def written(platform, *rows: pd.DataFrame):
    day = platform.write()
    for one in rows:
        platform.write_feed(day, "after_sale", one[one["known_on"] <= one["date"].max() + timedelta(days=40)])
    return day


def scores(day, settings: YoungOrdersSettings = SETTINGS) -> dict[str, np.ndarray]:
    return young_orders(day, read_merchants(day), load_profile(day.workspace), settings, 20)


def quiet(platform) -> np.ndarray:
    return platform.rng.binomial(1, 0.3, (platform.merchants, DAYS))


def place(day, platform, merchant: int) -> int:
    return read_merchants(day).ids.to_pylist().index(platform.ids[merchant])


def test_a_shop_whose_orders_of_last_week_come_back_stands_out(platform):
    refunds = quiet(platform)
    refunds[4, -14:-7] += 3
    day = written(platform, versions(platform, refunds, 7))
    found = scores(day)[METRIC]
    assert found.shape == (120, 20)
    assert found[:, -1].argmax() == place(day, platform, 4)


def test_what_was_known_of_an_order_later_than_at_its_ages_is_not_read(platform):
    refunds = quiet(platform)
    later = refunds.copy()
    later[4] += 9  # three weeks after the order
    day = written(platform, versions(platform, refunds, 7), versions(platform, later, 21))
    assert abs(scores(day)[METRIC][place(day, platform, 4), -1]) < 3


def test_of_two_versions_the_newer_one_counts(platform):
    refunds = quiet(platform)
    first = refunds.copy()
    first[4, -14:-7] += 3  # taken back a day later
    day = written(platform, versions(platform, first, 6), versions(platform, refunds, 7))
    assert scores(day)[METRIC][place(day, platform, 4), -1] < 3


def test_what_is_delivered_after_the_day_is_not_read(platform):
    refunds = quiet(platform)
    refunds[4, -14:-7] += 3
    rows = versions(platform, refunds, 7)
    rows["known_on"] += timedelta(days=30)
    day = written(platform, rows)
    assert np.isnan(scores(day)[METRIC]).all()


@pytest.mark.parametrize(
    "settings",
    [YoungOrdersSettings(), YoungOrdersSettings(metrics={"after_sale.nothing": SETTINGS.metrics[METRIC]})],
)
def test_nothing_is_read_where_no_metric_of_the_profile_is_named(platform, settings):
    assert scores(platform.write(), settings) == {}


def test_a_feed_that_nobody_delivers_gives_no_score(platform):
    assert np.isnan(scores(platform.write())[METRIC]).all()
