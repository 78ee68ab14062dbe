from datetime import timedelta

import numpy as np
import pytest

from models.risk.settings import IncidentSettings
from pipelines.defs.risk.frozen import first_day, frozen_feeds


def frozen(day):
    with day.connect("merchant_day", since=first_day(day)) as connection:
        return {one.feed: one for one in frozen_feeds(day, connection, IncidentSettings())}


def test_a_quiet_platform_moves(platform):
    assert frozen(platform.write()) == {}


def test_since_when_and_how_surely(platform):
    visitors = platform.columns["storefront_visitors"]
    visitors[:, -3:] = visitors[:, -4:-3]
    day = platform.write()
    found = frozen(day)
    assert set(found) == {"storefront"}
    assert found["storefront"].since == day.as_of - timedelta(days=2)
    assert (found["storefront"].members, found["storefront"].same) == (120, 120)
    assert found["storefront"].p_value < 1e-100


@pytest.mark.parametrize(("still", "expected"), [(100, set()), (115, {"storefront"})])
def test_it_takes_nearly_all_merchants(platform, still, expected):
    visitors = platform.columns["storefront_visitors"]
    visitors[:, -1] = visitors[:, -2] + 1
    visitors[:still, -1] = visitors[:still, -2]
    assert set(frozen(platform.write())) == expected


def test_small_counts_that_are_alike_by_chance_are_no_trouble(platform):
    platform.columns["after_sale_orders"] = np.ones((120, platform.days))
    platform.columns["after_sale_orders"][4:] = 0  # four shops with one order a day: 0.37 each by chance
    assert frozen(platform.write()) == {}
    platform.columns["after_sale_orders"][:] = 0
    assert frozen(platform.write()) == {}


def test_stock_may_rest_where_nothing_was_sold(platform):
    platform.columns["stock_on_hand"][:, -1] = platform.columns["stock_on_hand"][:, -2]
    assert set(frozen(platform.write())) == {"stock"}


def test_a_closed_sunday_leaves_the_stock_alone(platform):
    platform.columns["stock_on_hand"][:, -1] = platform.columns["stock_on_hand"][:, -2]
    platform.columns["sales_units"][:, -1] = 0
    assert frozen(platform.write()) == {}


def test_a_day_that_is_not_delivered_is_not_frozen(platform):
    platform.columns["storefront_visitors"][:, -1] = np.nan
    assert frozen(platform.write()) == {}
