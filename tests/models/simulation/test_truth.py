"""Each scenario does to the delivered feeds what the truth says it does, against the same platform without it."""

from datetime import date, timedelta

import pandas as pd
import pytest

ONSET = date(2026, 10, 30) - timedelta(days=40)
LAST = ONSET + timedelta(days=19)


def members(made, family):
    return set(made.truth.query("family == @family").merchant_id)


def within(rows, made, family, first=ONSET, last=LAST):
    return rows[rows.merchant_id.isin(members(made, family)) & rows.date.between(first, last)]


def ratio(troubled, untroubled, family, read, first=ONSET, last=LAST):
    """A figure of the touched merchants in the episode, divided by the same without the episode."""
    return read(within_of(troubled, troubled, family, first, last)) / read(
        within_of(untroubled, troubled, family, first, last)
    )


def within_of(made, truth_of, family, first, last):
    def rows(feed, key):
        return within(made.newest(feed, key), truth_of, family, first, last)

    return rows


SHOP = ["date", "merchant_id"]
LANE = ["date", "merchant_id", "carrier"]
PHASE = ["date", "merchant_id", "phase"]


def visitors(rows):
    return rows("storefront", SHOP).visitors.sum()


def late(rows):
    found = rows("fulfilment", LANE)
    return found.dispatched_late.sum() / found.dispatch_due.sum()


def replies(rows):
    found = rows("service", PHASE)
    return found.replied_24h.sum() / found.first_messages.sum()


def test_traffic_drop_takes_its_share_of_visitors(troubled, untroubled):
    assert ratio(troubled, untroubled, "traffic_drop", visitors) == pytest.approx(0.4, abs=0.05)
    before = (ONSET - timedelta(days=20), ONSET - timedelta(days=1))
    assert ratio(troubled, untroubled, "traffic_drop", visitors, *before) == pytest.approx(1.0, abs=0.03)
    after = (LAST + timedelta(days=1), LAST + timedelta(days=10))
    assert ratio(troubled, untroubled, "traffic_drop", visitors, *after) > 0.6  # the platform outage lies in here


def test_warehouse_backlog_makes_its_share_late_and_customers_complain(troubled, untroubled):
    rows = within_of(troubled, troubled, "warehouse_backlog", ONSET, LAST)
    assert late(rows) == pytest.approx(0.5, abs=0.05)

    def bad_reviews(found):
        return (found("reviews", ["review_id"]).rating <= 2).mean()

    later = (ONSET + timedelta(days=9), LAST + timedelta(days=8))
    assert ratio(troubled, untroubled, "warehouse_backlog", bad_reviews, *later) > 3


def test_service_backlog_leaves_its_share_unanswered(troubled, untroubled):
    assert ratio(troubled, untroubled, "service_backlog", replies) == pytest.approx(0.5, abs=0.05)


def test_stock_out_runs_dry_on_its_day_of_harm(troubled, untroubled):
    truth = troubled.truth.query("family == 'stock_out'")
    assert len(truth)
    assert truth.harm_on.notna().all()
    stock = troubled.newest("stock", ["date", "merchant_id", "sku_id"])
    for row in truth.itertuples():
        best = stock[(stock.merchant_id == row.merchant_id) & (stock.date >= row.onset_on)]
        out = best[best.hours_out_of_stock > 0].groupby("sku_id").date.min()
        assert row.harm_on in set(out)
        assert row.onset_on <= row.first_observable_on <= row.harm_on
    inbound = troubled.newest("inbound", ["merchant_id", "purchase_order_id", "sku_id"])
    called_off = inbound[(inbound.units_received == 0) & inbound.closed_on.notna()]
    assert set(called_off.merchant_id) <= members(troubled, "stock_out")
    assert (called_off.closed_on == ONSET).all()

    def in_stock(found):
        return (found("stock", ["date", "merchant_id", "sku_id"]).hours_out_of_stock == 0).mean()

    dry = (date(2026, 10, 24), date(2026, 10, 30))
    assert ratio(troubled, untroubled, "stock_out", in_stock, *dry) < 0.97
    ended = truth[truth.ended_on.notna()]
    assert (pd.to_datetime(ended.ended_on) - pd.to_datetime(ended.harm_on) == pd.Timedelta(days=20)).all()


def test_platform_outage_strikes_everybody_on_one_day(troubled, untroubled):
    truth = troubled.truth.query("family == 'platform_outage'")
    assert truth.merchant_id.nunique() == troubled.simulation.platform.world.size
    assert truth.episode_id.nunique() == 1
    assert set(truth.scope) == {"platform"}
    day = truth.onset_on.iloc[0]
    assert (truth.ended_on == day).all()
    assert (truth.harm_on == day).all()
    assert ratio(troubled, untroubled, "platform_outage", visitors, day, day) == pytest.approx(0.3, abs=0.05)


def test_silent_feed_of_everybody_has_no_file(troubled):
    end = date(2026, 10, 30)
    silent = {end - timedelta(days=5), end - timedelta(days=4)}
    days = set(troubled.files["service"])
    assert not days & silent
    assert end in days
    assert end - timedelta(days=4) in set(troubled.files["storefront"])


def test_silent_feed_of_some_lacks_their_rows_to_the_end(troubled):
    touched = set(troubled.truth.query("family == 'feed_outage' and scope_value == 'after_sale'").merchant_id)
    size = troubled.simulation.platform.world.size
    assert 0.1 < len(touched) / size < 0.5
    rows = troubled.versions("after_sale")
    onset = date(2026, 10, 30) - timedelta(days=3)
    heard = set(rows[pd.to_datetime(rows.known_on) >= pd.Timestamp(onset)].merchant_id)
    assert not heard & touched
    assert touched <= set(rows[pd.to_datetime(rows.known_on) < pd.Timestamp(onset)].merchant_id)
    assert troubled.truth.query("scope_value == 'after_sale'").ended_on.isna().all()


def test_planned_promotion_is_benign_announced_and_sells(troubled, untroubled):
    truth = troubled.truth.query("family == 'planned_promotion'")
    assert truth.benign.all()
    assert truth.harm_on.isna().all()
    plans = troubled.newest("plans", ["date", "merchant_id"])
    during = within(plans, troubled, "planned_promotion")
    assert during.promotion.to_numpy() == pytest.approx(0.3)
    assert (pd.to_datetime(during.known_on) == pd.to_datetime(during.date) - pd.Timedelta(days=28)).all()
    assert ratio(troubled, untroubled, "planned_promotion", visitors) > 1.3


def test_harm_comes_with_the_sum_of_the_effect(troubled):
    truth = troubled.truth.query("family == 'traffic_drop'")
    assert (truth.harm_on == ONSET + timedelta(days=1)).all()  # two whole days without ramp
    assert (truth.first_observable_on == ONSET).all()
    assert (truth.ended_on == LAST).all()


def test_chronically_bad_shops_are_in_the_truth(made):
    world = made.simulation.platform.world
    for name, trait in made.simulation.platform.parameters.traits().items():
        if trait.family:
            expected = set(world.ids[world.traits.in_tail[name]])
            assert members(made, trait.family) == expected
    assert made.truth.query("family == 'went_dormant'").merchant_id.is_unique


def test_columns_are_those_of_the_contract(made):
    assert list(made.truth.columns) == [
        "episode_id", "family", "benign", "scope", "scope_value", "merchant_id", "root_leg", "onset_on",
        "first_observable_on", "harm_on", "ended_on", "magnitude", "ramp_days", "recovery_days",
    ]  # fmt: skip
    assert not made.truth.duplicated(["episode_id", "merchant_id"]).any()
