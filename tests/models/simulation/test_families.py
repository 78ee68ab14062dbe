"""Each family moves its own link first and the links downstream with the chain's lags, against the same platform
without it."""

from datetime import date, timedelta

import pandas as pd
import pytest

from models.simulation.scenarios import Scenario

END = date(2026, 10, 30)
ONSET = END - timedelta(days=40)
LAST = ONSET + timedelta(days=19)
WAIT = timedelta(days=9)  # refunds and reviews come eight days after the order
KINDS = {
    "demand_surge": ("surge", "stock_prep", "merchant", 2.0, {"harm_sum": 2.0}),
    "conversion_collapse": ("conversion", "sales", "merchant", 0.6, {"harm_sum": 2.0}),
    "price_error": ("price_low", "sales", "product", 0.6, {"harm_sum": 1.0}),
    "bot_failure": ("bot", "service", "merchant", 0.9, {}),
    "refund_spike": ("refunds", "after_sale", "merchant", 0.2, {"harm_sum": 1.0, "harm_lag_days": 8}),
    "quality_fault": ("quality", "after_sale", "merchant", 0.3, {"harm_sum": 1.0}),
    "review_bombing": ("bad_reviews", "experience", "merchant", 8.0, {}),
    "brushing": ("fake_orders", "sales", "merchant", 1.5, {}),
    "holiday_closure": ("closure", "sales", "merchant", 0.9, {"benign": True}),
    "price_test": ("price_test", "sales", "product", 0.1, {"benign": True}),
    "new_product_launch": ("launch", "sales", "product", 0.5, {"benign": True}),
}
KEYS = {
    "storefront": ["date", "merchant_id"], "sales": ["date", "merchant_id", "sku_id"],
    "fulfilment": ["date", "merchant_id", "carrier"], "service": ["date", "merchant_id", "phase"],
    "after_sale": ["date", "merchant_id"], "cases": ["date", "merchant_id"], "reviews": ["review_id"],
    "plans": ["date", "merchant_id", "sku_id"], "stock": ["date", "merchant_id", "sku_id"],
    "products": ["merchant_id", "sku_id"],
}  # fmt: skip


def kind(family, effect, leg, scope, strength, more):
    return Scenario.model_validate(
        {
            "family": family, "effect": effect, "root_leg": leg, "scope": scope, "share": 0.06, "min_orders": 8,
            "onset_days_before_end": (40, 40), "duration_days": (20, 20), "magnitude": (strength, strength), **more,
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def pair(build):
    """The platform with all families, without any, and the newest rows of each by feed."""
    kinds = [kind(name, *values) for name, values in KINDS.items()]
    kinds.append(
        kind("carrier_delay", "carrier", "fulfilment", "carrier", 0.5, {"values": ("Landlink",), "harm_sum": 1.0})
    )
    both = [build(merchants=110, scenarios=found) for found in (kinds, ())]
    return both, [{feed: made.newest(feed, key) for feed, key in KEYS.items()} for made in both]


@pytest.fixture(scope="module")
def sums(pair):
    """A function: sum of a feed's column over the members of a family, with it and without it."""
    both, frames = pair
    truth = both[0].truth

    def run(family, feed, column, first=ONSET, last=LAST):
        members = set(truth.query("family == @family").merchant_id)
        found = []
        for frame in frames:
            rows = frame[feed]
            rows = rows[rows.merchant_id.isin(members) & rows.date.between(first, last)]
            found.append(float(rows[column].sum()))
        return found

    return run


def ratio(pair_of_sums):
    return pair_of_sums[0] / pair_of_sums[1]


def share(upper, lower):
    """With and without: one column over another."""
    return upper[0] / lower[0], upper[1] / lower[1]


def test_a_surge_empties_shelves_and_overloads_the_warehouse(sums):
    assert ratio(sums("demand_surge", "storefront", "visitors")) == pytest.approx(3.0, rel=0.15)
    late = share(sums("demand_surge", "fulfilment", "dispatched_late"), sums("demand_surge", "fulfilment", "orders"))
    assert late[0] > 0.2 > 5 * late[1]
    out = sums("demand_surge", "stock", "hours_out_of_stock")
    assert out[0] > out[1] + 100


def test_conversion_falls_while_visitors_stay(sums):
    assert ratio(sums("conversion_collapse", "storefront", "visitors")) == pytest.approx(1.0, abs=0.1)
    assert ratio(sums("conversion_collapse", "storefront", "orders")) == pytest.approx(0.4, abs=0.08)


def test_a_price_too_low_sells_at_a_loss_and_is_cancelled(sums):
    assert ratio(sums("price_error", "storefront", "orders")) > 2
    per_unit = share(sums("price_error", "sales", "gmv"), sums("price_error", "sales", "units"))
    assert per_unit[0] == pytest.approx(0.4 * per_unit[1], rel=0.25)
    cancelled = share(
        sums("price_error", "fulfilment", "cancelled_by_seller"), sums("price_error", "fulfilment", "orders")
    )
    assert cancelled[0] == pytest.approx(0.24, abs=0.06)


def test_a_dead_bot_leaves_its_chats_to_people_who_answer_late(sums):
    human = share(sums("bot_failure", "service", "human_sessions"), sums("bot_failure", "service", "sessions"))
    assert human[0] > 2 * human[1]
    replied = share(sums("bot_failure", "service", "replied_24h"), sums("bot_failure", "service", "first_messages"))
    assert replied[0] < replied[1] - 0.1


def test_refunds_are_paid_a_week_after_the_orders_they_belong_to(sums):
    refunds = share(sums("refund_spike", "after_sale", "refunds"), sums("refund_spike", "after_sale", "orders"))
    # Of 0.2, the part that is known after three weeks.
    assert refunds[0] - refunds[1] == pytest.approx(0.16, abs=0.03)
    early = ratio(sums("refund_spike", "cases", "refunds_closed", ONSET, ONSET + timedelta(days=6)))
    assert early == pytest.approx(1.0, abs=0.25)
    assert ratio(sums("refund_spike", "cases", "refunds_closed", ONSET + WAIT, LAST)) > 2.5


def bad_reviews(pair, family, first, last):
    (made, _), frames = pair
    members = set(made.truth.query("family == @family").merchant_id)
    rows = [frame["reviews"] for frame in frames]
    rows = [row[row.merchant_id.isin(members) & row.date.between(first, last)] for row in rows]
    return [(row.rating <= 2).mean() for row in rows], [len(row) for row in rows]


def test_faulty_goods_are_complained_about_later(pair, sums):
    defects = share(
        sums("quality_fault", "after_sale", "defective_orders"), sums("quality_fault", "after_sale", "orders")
    )
    assert defects[0] == pytest.approx(0.075, abs=0.025)
    early, _ = bad_reviews(pair, "quality_fault", ONSET, ONSET + timedelta(days=6))
    later, _ = bad_reviews(pair, "quality_fault", ONSET + WAIT, LAST)
    assert early[0] < 0.1
    assert later[0] == pytest.approx(0.24, abs=0.08)


def test_bombed_shops_get_many_bad_reviews_and_then_fewer_orders(pair, sums):
    shares, counts = bad_reviews(pair, "review_bombing", ONSET, LAST)
    assert counts[0] > 5 * counts[1]
    assert shares[0] > 0.75
    half = ONSET + timedelta(days=10)
    assert ratio(sums("review_bombing", "storefront", "orders", half, LAST)) < 0.9
    assert ratio(sums("review_bombing", "after_sale", "defective_orders")) < 2.5  # no customer was served badly


def test_brushed_orders_have_few_buyers_and_no_parcels_behind_them(pair, sums):
    assert ratio(sums("brushing", "storefront", "orders")) == pytest.approx(2.5, rel=0.15)
    assert ratio(sums("brushing", "storefront", "buyers")) < 1.8
    tracked = share(sums("brushing", "fulfilment", "tracked_valid"), sums("brushing", "fulfilment", "dispatched"))
    assert tracked[0] < 0.8 < tracked[1]
    assert ratio(sums("brushing", "service", "sessions")) == pytest.approx(1.0, abs=0.1)
    shares, counts = bad_reviews(pair, "brushing", ONSET + WAIT, LAST)
    assert counts[0] > 4 * counts[1]
    assert shares[0] < 0.05


def test_a_late_carrier_is_late_on_its_own_lanes(pair, sums):
    (made, _), frames = pair
    rows = [frame["fulfilment"] for frame in frames]
    rows = [row[row.date.between(ONSET, LAST - timedelta(days=2))] for row in rows]
    late = [row.groupby("carrier").delivered_late.sum() / row.groupby("carrier").delivery_due.sum() for row in rows]
    assert late[0]["Landlink"] > late[1]["Landlink"] + 0.4
    assert late[0]["Swiftpost"] < late[1]["Swiftpost"] + 0.1
    truth = made.truth.query("family == 'carrier_delay'")
    assert set(truth.scope_value) == {"Landlink"}
    assert truth.episode_id.nunique() == 1
    assert truth.harm_on.min() == ONSET + timedelta(days=1)


def plans_of(pair, family):
    (made, _), frames = pair
    truth = made.truth.query("family == @family")
    plans = frames[0]["plans"]
    return truth, plans[plans.merchant_id.isin(truth.merchant_id)]


def test_a_closed_shop_said_so_four_weeks_ahead(pair, sums):
    _, plans = plans_of(pair, "holiday_closure")
    closed = plans[plans.date.between(ONSET, LAST)]
    assert not closed.open.any()
    assert (pd.to_datetime(closed.date) - pd.to_datetime(closed.known_on) == pd.Timedelta(days=28)).all()
    assert plans[~plans.date.between(ONSET, LAST)].open.all()
    assert sums("holiday_closure", "storefront", "orders")[0] == 0
    assert ratio(sums("holiday_closure", "storefront", "visitors")) == pytest.approx(0.1, abs=0.02)
    late = sums("holiday_closure", "fulfilment", "dispatched_late")
    assert late[0] == 0


def test_a_price_test_said_so_and_costs_little(pair, sums):
    _, plans = plans_of(pair, "price_test")
    tested = plans[(plans.sku_id != "") & plans.date.between(ONSET, LAST)]
    assert tested.price.notna().all()
    assert tested.date.nunique() == 20
    assert ratio(sums("price_test", "sales", "units")) == pytest.approx(1.1**-1.8, abs=0.12)


def test_a_new_product_is_listed_on_its_day_and_adds_to_sales(pair):
    (made, _), frames = pair
    truth = made.truth.query("family == 'new_product_launch'")
    products = frames[0]["products"]
    new = products[products.merchant_id.isin(truth.merchant_id) & (products.listed_on == ONSET)]
    assert len(new) == len(truth)
    assert (new.known_on == ONSET).all()
    for row in new.itertuples():
        for feed in ("sales", "stock"):
            rows = frames[0][feed]
            days = rows[(rows.merchant_id == row.merchant_id) & (rows.sku_id == row.sku_id)].date
            assert days.min() >= ONSET
    _, plans = plans_of(pair, "new_product_launch")
    announced = plans[(plans.sku_id != "") & (plans.date == ONSET)]
    assert set(announced.merchant_id) == set(truth.merchant_id)
    assert (announced.known_on < ONSET).all()


def test_benign_twins_do_no_harm(pair):
    (made, _), _ = pair
    benign = made.truth[made.truth.benign]
    assert set(benign.family) == {"holiday_closure", "price_test", "new_product_launch"}
    assert benign.harm_on.isna().all()


def test_root_legs_are_where_the_trouble_starts(pair):
    (made, _), _ = pair
    legs = made.truth.drop_duplicates("family").set_index("family").root_leg
    assert {name: legs[name] for name in KINDS} == {name: values[1] for name, values in KINDS.items()}
