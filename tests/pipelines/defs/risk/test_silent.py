from datetime import timedelta

import numpy as np
import pytest

from pipelines.defs.risk.silent import first_day, silent_feeds, silent_together
from pipelines.policy import load_risk_settings


def silent(day):
    settings = load_risk_settings(day.workspace)
    with day.connect("merchant_day", "feed_status", since=first_day(day, settings)) as connection:
        return {one.feed: one for one in silent_feeds(day, connection, settings)}


def test_no_feed_of_a_usual_day_is_silent(platform):
    assert silent(platform.write()) == {}


@pytest.mark.parametrize(("left", "empty"), [(0.0, True), (0.019, True), (0.03, False)])
def test_a_total_under_two_percent_of_the_usual_is_empty_since_its_first_such_day(platform, left, empty):
    visitors = platform.columns["storefront_visitors"]
    visitors[:, -3:] = np.round(visitors[:, :-3].sum(axis=0).mean() * left / len(visitors))
    found = silent(platform.write())
    assert set(found) == ({"storefront"} if empty else set())
    if empty:
        assert found["storefront"].empty_since == platform.as_of - timedelta(days=2)
        assert found["storefront"].observed < 0.02 * found["storefront"].expected
        assert (found["storefront"].members, found["storefront"].stale_share) == (120, 0)


def test_a_day_between_that_delivered_begins_anew(platform):
    platform.columns["storefront_visitors"][:, [-3, -1]] = 0
    assert silent(platform.write())["storefront"].empty_since == platform.as_of


def test_a_stale_feed_is_silent_and_not_empty(platform):
    platform.stale = {"fulfilment": platform.as_of - timedelta(days=4)}
    one = silent(platform.write())["fulfilment"]
    assert (one.stale_share, one.empty_since) == (1, None)


def together(day):
    settings = load_risk_settings(day.workspace)
    with day.connect("merchant_day", "feed_status", since=first_day(day, settings)) as connection:
        return {one.feed: one for one in silent_together(day, connection, settings)}


def test_shops_that_fall_silent_on_one_day_are_the_feeds_trouble(platform):
    day = platform.as_of - timedelta(days=3)
    platform.silent = {
        "storefront": dict.fromkeys(platform.ids[:6], day),
        "sales": dict.fromkeys(platform.ids[:4], day),
    }
    written = platform.write()
    assert silent(written) == {}
    found = together(written)
    assert set(found) == {"storefront"}  # four are too few
    one = found["storefront"]
    assert (one.merchants, one.members, one.last_on) == (120, 6, day)
    assert one.by_chance == pytest.approx(1 / 56)
    assert one.p_value < 1e-9


def test_where_shops_fall_silent_every_week_five_on_a_day_are_no_wonder(platform):
    days = [platform.as_of - timedelta(days=3)] * 5 + [platform.as_of - timedelta(days=4 + n) for n in range(50)]
    platform.silent = {"storefront": dict(zip(platform.ids, days, strict=False))}
    assert together(platform.write()) == {}


def test_no_shop_of_a_usual_day_is_silent(platform):
    assert together(platform.write()) == {}
