from datetime import timedelta

import pandas as pd
import pytest

COHORTS = {
    "fulfilment": ["date", "merchant_id", "carrier"],
    "after_sale": ["date", "merchant_id"],
    "service": ["date", "merchant_id", "phase"],
}


@pytest.mark.parametrize("feed", COHORTS)
def test_a_key_stands_once_per_file(made, feed):
    rows = made.versions(feed)
    assert not rows.duplicated([*COHORTS[feed], "known_on"]).any()


@pytest.mark.parametrize(
    ("feed", "ages"), [("fulfilment", {0, 1, 3, 7, 14, 28}), ("after_sale", {0, 7, 14, 30, 60}), ("service", {0, 1, 2})]
)
def test_versions_come_at_their_ages_and_history_comes_once(made, feed, ages):
    rows = made.versions(feed)
    rows["age"] = (pd.to_datetime(rows.known_on) - pd.to_datetime(rows.date)).dt.days
    world, start = made.simulation.platform.world, made.simulation.platform.detail_start
    detail = pd.to_datetime(rows.date) >= pd.Timestamp(world.first_day + timedelta(days=start))
    assert set(rows.age[detail]) == ages
    assert set(rows.age[~detail]) == {max(ages)}


@pytest.mark.parametrize("feed", ["fulfilment", "after_sale"])
def test_later_versions_never_take_back(made, feed):
    key = COHORTS[feed]
    rows = made.versions(feed).sort_values([*key, "known_on"])
    counts = [name for name in rows.columns if name not in {*key, "warehouse", "known_on", "merchant_id"}]
    falls = rows.groupby(key, observed=True)[counts].diff().fillna(0).lt(0)
    assert not falls.any().any()


def test_orders_agree_along_the_chain(made):
    shop = made.versions("storefront").set_index(["date", "merchant_id"]).orders
    shipped = (
        made.newest("fulfilment", COHORTS["fulfilment"]).groupby(["date", "merchant_id"], observed=True).orders.sum()
    )
    refunded = made.newest("after_sale", COHORTS["after_sale"]).set_index(["date", "merchant_id"]).orders
    for other in (shipped, refunded):
        both = pd.concat([shop, other], axis=1, keys=["shop", "other"]).dropna()
        assert len(both) > 1000
        assert (both.shop == both.other).all()


def test_storefront_parts_stay_below_their_wholes(made):
    rows = made.versions("storefront")
    assert (rows.buyers <= rows.orders).all()
    assert (rows.orders <= rows.carts).all()
    assert (rows.orders <= rows.visitors).all()
    assert (rows.visitors <= rows.page_views).all()


def test_plans_are_known_four_weeks_ahead_and_have_no_holes(made):
    plans = made.versions("plans")
    ahead = (pd.to_datetime(plans.date) - pd.to_datetime(plans.known_on)).dt.days
    assert ahead.between(0, 28).all()
    assert not plans.duplicated(["date", "merchant_id"]).any()
    end = max(made.files["plans"])
    future = plans[pd.to_datetime(plans.date) > pd.Timestamp(end)]
    open_shops = made.versions("storefront").query("date == @end").merchant_id.nunique()
    assert (future.groupby("date").merchant_id.nunique() == open_shops).all()
    assert future.date.nunique() == 28


def test_roster_reaches_two_weeks_ahead(made):
    roster = made.versions("roster")
    end = max(made.files["roster"])
    assert roster.date.max() == end + timedelta(days=14)
    assert (roster.agents >= 1).all()
    assert not roster.duplicated(["date", "hour", "merchant_id"]).any()


def test_hours_sum_to_the_days_chats(made):
    by_hour = made.versions("service_hour").groupby(["date", "merchant_id", "phase"], observed=True).sessions.sum()
    by_day = made.newest("service", COHORTS["service"]).set_index(["date", "merchant_id", "phase"]).sessions
    both = pd.concat([by_hour, by_day], axis=1, keys=["hour", "day"]).dropna()
    assert len(both) > 100
    assert (both.hour == both.day).all()
