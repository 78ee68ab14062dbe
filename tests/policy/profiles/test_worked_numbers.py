"""Every platform's rules on written-out shops: counts by days ago, and the light, window, counts and limit they give.

On the limit, one beyond it, on the first and the last day of a window, below the least volume, and by date.
"""

from datetime import date

import numpy as np
import pytest

DEFECTIVE, BUYERS, ORDERS = "after_sale_defective_orders", "after_sale_defective_buyers", "after_sale_orders"
CANCELLED, SOLD = "fulfilment_cancelled_by_seller", "fulfilment_orders"
LATE, DUE = "fulfilment_dispatched_late", "fulfilment_dispatch_due"
TRACKED, SENT = "fulfilment_tracked_valid", "fulfilment_dispatched"
ARRIVED_LATE, PROMISED = "fulfilment_delivered_late", "fulfilment_delivery_due"
UNSOLVED = "cases_cases_closed_unresolved"
FIRST, WITHIN_24, WITHIN_48 = "first_messages", "replied_24h", "replied_48h"


def chats(**counts):
    """Service counts of a day by their short names: all before sale."""
    return {f"service_{phase}_{name}": dict(days) if phase == "pre_sale" else {}
            for name, days in counts.items() for phase in ("pre_sale", "after_sale")}  # fmt: skip


def rate(bad, total, numerator, denominator, day=10):
    return {numerator: {day: bad}, denominator: {day: total}}


# profile, metric, table, {window: (light, numerator, denominator, red limit)}
CASES = [
    # Amazon: under 1 % of orders in 60 days ending 30 days ago; on the limit is over it
    ("amazon_us", "after_sale.order_defect", rate(1, 100, DEFECTIVE, ORDERS, 30), {"60d": ("red", 1, 100, 0.01)}),
    ("amazon_us", "after_sale.order_defect", {DEFECTIVE: {89: 1}, ORDERS: {30: 50, 89: 51}},
     {"60d": ("green", 1, 101, 0.01)}),  # the oldest day of the window counts ...
    ("amazon_us", "after_sale.order_defect", {DEFECTIVE: {29: 9, 90: 9, 40: 0}, ORDERS: {29: 9, 90: 9, 40: 100}},
     {"60d": ("green", 0, 100, 0.01)}),  # ... the days beside it do not
    ("amazon_us", "fulfilment.cancel_rate", rate(5, 200, CANCELLED, SOLD, 6), {"7d": ("red", 5, 200, 0.025)}),
    ("amazon_us", "fulfilment.cancel_rate", {CANCELLED: {0: 4, 7: 50}, SOLD: {0: 200, 7: 50}},
     {"7d": ("green", 4, 200, 0.025)}),
    # two windows: ten days are over 4 %, thirty are not
    ("amazon_us", "fulfilment.late_dispatch", {LATE: {9: 5}, DUE: {9: 100, 29: 400}},
     {"10d": ("red", 5, 100, 0.04), "30d": ("green", 5, 500, 0.04)}),
    ("amazon_us", "fulfilment.valid_tracking", rate(95, 100, TRACKED, SENT), {"30d": ("red", 95, 100, 0.95)}),
    ("amazon_us", "fulfilment.valid_tracking", rate(99, 100, TRACKED, SENT), {"30d": ("green", 99, 100, 0.95)}),
    ("amazon_us", "fulfilment.on_time_delivery", rate(10, 100, ARRIVED_LATE, PROMISED, 20),
     {"14d": ("green", 90, 100, 0.9)}),  # at least 90 %: on the limit is kept
    ("amazon_us", "fulfilment.on_time_delivery", rate(11, 100, ARRIVED_LATE, PROMISED, 7),
     {"14d": ("red", 89, 100, 0.9)}),
    # eBay, Top Rated: over 0.5 % and of more than 3 buyers; 400 orders in three months are looked at alone
    ("ebay_top_rated_us", "after_sale.order_defect", {DEFECTIVE: {10: 4}, BUYERS: {10: 4}, ORDERS: {10: 400}},
     {"90d": ("red", 4, 400, 0.005)}),
    ("ebay_top_rated_us", "after_sale.order_defect", {DEFECTIVE: {10: 4}, BUYERS: {10: 3}, ORDERS: {10: 600}},
     {"90d": ("green", 4, 600, 0.005)}),  # 0.67 %, but 3 buyers
    ("ebay_top_rated_us", "after_sale.order_defect", {DEFECTIVE: {80: 4}, BUYERS: {80: 4}, ORDERS: {80: 800}},
     {"90d": ("green", 4, 800, 0.005)}),  # 4 buyers, but exactly 0.5 %
    ("ebay_top_rated_us", "after_sale.order_defect",
     {DEFECTIVE: {300: 4}, BUYERS: {300: 4}, ORDERS: {10: 399, 300: 1}},
     {"365d": ("red", 4, 400, 0.005)}),  # 399 in three months: twelve are looked at
    ("ebay_top_rated_us", "after_sale.order_defect",
     {DEFECTIVE: {300: 4}, BUYERS: {300: 4}, ORDERS: {10: 400, 300: 1}},
     {"90d": ("green", 0, 400, 0.005)}),
    ("ebay_top_rated_us", "after_sale.order_defect", {DEFECTIVE: {9: 9}, BUYERS: {9: 9}, ORDERS: {9: 99}},
     {"365d": ("grey", 9, 99, 0.005)}),  # 100 transactions are needed
    ("ebay_top_rated_us", "after_sale.case_unresolved", {UNSOLVED: {5: 2}, ORDERS: {5: 100}},
     {"365d": ("green", 2, 100, 0.003)}),
    ("ebay_top_rated_us", "after_sale.case_unresolved", {UNSOLVED: {5: 3}, ORDERS: {5: 100}},
     {"365d": ("red", 3, 100, 0.003)}),
    ("ebay_top_rated_us", "fulfilment.late_dispatch", {LATE: {5: 6}, DUE: {5: 200}, SOLD: {5: 200}},
     {"365d": ("green", 6, 200, 0.03)}),  # exactly 3 %
    ("ebay_top_rated_us", "fulfilment.late_dispatch", {LATE: {5: 6}, DUE: {5: 199}, SOLD: {5: 199}},
     {"365d": ("red", 6, 199, 0.03)}),
    ("ebay_top_rated_us", "fulfilment.late_dispatch", {LATE: {5: 5}, DUE: {5: 110}, SOLD: {5: 110}},
     {"365d": ("green", 5, 110, 0.03)}),  # 4.5 %, but 5 orders
    ("ebay_top_rated_us", "fulfilment.valid_tracking", rate(94, 100, TRACKED, SENT) | {SOLD: {9: 100}},
     {"90d": ("red", 94, 100, 0.95)}),
    # eBay, the minimum: over 2 % and of more than 4 buyers, however few transactions
    ("ebay_minimum_us", "after_sale.order_defect", {DEFECTIVE: {9: 5}, BUYERS: {9: 5}, ORDERS: {9: 60}},
     {"365d": ("red", 5, 60, 0.02)}),
    ("ebay_minimum_us", "after_sale.order_defect", {DEFECTIVE: {9: 5}, BUYERS: {9: 4}, ORDERS: {9: 60}},
     {"365d": ("green", 5, 60, 0.02)}),
    ("ebay_minimum_us", "after_sale.case_unresolved", {UNSOLVED: {9: 3}, ORDERS: {9: 60}},
     {"365d": ("red", 3, 60, 0.003)}),
    # Etsy, Star Seller: 95 % in 24 hours, five orders at least
    ("etsy_star", "service.first_reply_24h",
     chats(**{FIRST: {2: 20}, WITHIN_24: {2: 19}}) | {SOLD: {89: 5}}, {"90d": ("green", 19, 20, 0.95)}),
    ("etsy_star", "service.first_reply_24h",
     chats(**{FIRST: {91: 20}, WITHIN_24: {91: 18}}) | {SOLD: {89: 5}}, {"90d": ("red", 18, 20, 0.95)}),
    ("etsy_star", "service.first_reply_24h",
     chats(**{FIRST: {9: 20}, WITHIN_24: {9: 0}}) | {SOLD: {0: 4, 90: 9}}, {"90d": ("grey", 0, 20, 0.95)}),
    ("etsy_star", "fulfilment.on_time_delivery",
     {"fulfilment_on_time_and_tracked": {20: 94}, PROMISED: {20: 100}, SOLD: {20: 100}},
     {"90d": ("red", 94, 100, 0.95)}),
    ("etsy_star", "experience.rating", {"reviews_rating_sum": {9: 48}, "reviews_count": {9: 10},
     "reviews_rating_sum_of_squares": {9: 232}, SOLD: {9: 10}}, {"90d": ("green", 48, 10, 4.8)}),
    ("etsy_star", "experience.rating", {"reviews_rating_sum": {9: 47}, "reviews_count": {9: 10},
     "reviews_rating_sum_of_squares": {9: 225}, SOLD: {9: 10}}, {"90d": ("red", 47, 10, 4.8)}),
    # Etsy, the minimum: 80 % in 48 hours, 80 % shipped on time
    ("etsy_minimum", "service.first_reply_24h",
     chats(**{FIRST: {9: 20}, WITHIN_48: {9: 15}}) | {SOLD: {9: 5}}, {"90d": ("red", 15, 20, 0.8)}),
    ("etsy_minimum", "service.first_reply_24h",
     chats(**{FIRST: {9: 20}, WITHIN_48: {9: 20}}) | {SOLD: {9: 5}}, {"90d": ("green", 20, 20, 0.8)}),
    ("etsy_minimum", "fulfilment.late_dispatch", {LATE: {9: 21}, DUE: {9: 100}, SOLD: {9: 100}},
     {"90d": ("red", 21, 100, 0.2)}),
    ("etsy_minimum", "fulfilment.late_dispatch", {LATE: {9: 5}, DUE: {9: 100}, SOLD: {9: 100}},
     {"90d": ("green", 5, 100, 0.2)}),
    # Walmart, US: at most 2 %, at least 90 %, above 95 %
    ("walmart_us", "fulfilment.cancel_rate", rate(3, 100, CANCELLED, SOLD), {"30d": ("red", 3, 100, 0.02)}),
    ("walmart_us", "fulfilment.on_time_delivery", rate(11, 100, ARRIVED_LATE, PROMISED),
     {"30d": ("red", 89, 100, 0.9)}),
    ("walmart_us", "service.first_reply_24h", chats(**{FIRST: {9: 100}, WITHIN_48: {9: 95}}),
     {"30d": ("red", 95, 100, 0.95)}),
    ("walmart_us", "experience.negative_review", {"reviews_negative": {59: 5}, SOLD: {59: 200}},
     {"60d": ("red", 5, 200, 0.02)}),
    ("walmart_us", "experience.negative_review", {"reviews_negative": {60: 5}, SOLD: {59: 200}},
     {"60d": ("green", 0, 200, 0.02)}),
    # Walmart, Canada: under and above
    ("walmart_ca", "fulfilment.cancel_rate", rate(3, 100, CANCELLED, SOLD), {"30d": ("red", 3, 100, 0.03)}),
    ("walmart_ca", "fulfilment.on_time_delivery", rate(10, 100, ARRIVED_LATE, PROMISED),
     {"30d": ("red", 90, 100, 0.9)}),
    ("walmart_ca", "fulfilment.valid_tracking", rate(85, 100, TRACKED, SENT), {"30d": ("red", 85, 100, 0.85)}),
    ("walmart_ca", "after_sale.seller_refund", rate(13, 100, "after_sale_refunds_by_seller_fault", ORDERS),
     {"30d": ("red", 13, 100, 0.13)}),
    ("walmart_ca", "after_sale.seller_refund", rate(2, 100, "after_sale_refunds_by_seller_fault", ORDERS),
     {"30d": ("green", 2, 100, 0.13)}),
    ("walmart_ca", "service.first_reply_24h", chats(**{FIRST: {9: 100}, WITHIN_48: {9: 80}}),
     {"30d": ("red", 80, 100, 0.8)}),
    # TikTok Shop: at most 2.5 % and 4 % in a week, at least 95 %, under 1 %
    ("tiktok_us", "fulfilment.cancel_rate", rate(6, 200, CANCELLED, SOLD, 6), {"7d": ("red", 6, 200, 0.025)}),
    ("tiktok_us", "fulfilment.late_dispatch", rate(5, 100, LATE, DUE, 6), {"7d": ("red", 5, 100, 0.04)}),
    ("tiktok_us", "fulfilment.late_dispatch", {LATE: {7: 5}, DUE: {7: 5, 6: 100}}, {"7d": ("green", 0, 100, 0.04)}),
    ("tiktok_us", "fulfilment.valid_tracking", rate(94, 100, TRACKED, SENT), {"30d": ("red", 94, 100, 0.95)}),
    ("tiktok_us", "after_sale.seller_refund", rate(1, 100, "after_sale_refunds_by_seller_fault", ORDERS),
     {"30d": ("red", 1, 100, 0.01)}),
    # Mercado Libre: 60 days with 40 orders, else 365; ten sales at least
    ("mercadolibre_mx", "after_sale.order_defect", {"after_sale_claims": {59: 1}, ORDERS: {59: 40}},
     {"60d": ("red", 1, 40, 0.02)}),
    ("mercadolibre_mx", "after_sale.order_defect", {"after_sale_claims": {59: 1}, ORDERS: {59: 39, 364: 61}},
     {"365d": ("amber", 1, 100, 0.02)}),  # tomorrow 61 good orders leave the window: 1 of 39 is over 2 %
    ("mercadolibre_mx", "after_sale.order_defect", {"after_sale_claims": {59: 9}, ORDERS: {59: 9}},
     {"365d": ("grey", 9, 9, 0.02)}),
    ("mercadolibre_mx", "after_sale.order_defect", {"after_sale_claims": {59: 9}, ORDERS: {59: 10}},
     {"365d": ("red", 9, 10, 0.02)}),
    ("mercadolibre_mx", "fulfilment.cancel_rate", rate(5, 100, CANCELLED, SOLD), {"60d": ("red", 5, 100, 0.04)}),
    ("mercadolibre_mx", "fulfilment.cancel_rate", rate(0, 100, CANCELLED, SOLD), {"60d": ("green", 0, 100, 0.04)}),
    # Shopee: over 10 % in a week
    ("shopee_sg", "fulfilment.cancel_rate", rate(11, 100, CANCELLED, SOLD, 6), {"7d": ("red", 11, 100, 0.1)}),
    ("shopee_sg", "fulfilment.cancel_rate", rate(2, 100, CANCELLED, SOLD, 6), {"7d": ("green", 2, 100, 0.1)}),
    # Lazada: our own limits in its window; LazMall: under 2 %, at least 90 % in time
    ("lazada", "fulfilment.cancel_rate", rate(2, 100, CANCELLED, SOLD), {"28d": ("green", 2, 100, 0.025)}),
    ("lazmall", "fulfilment.cancel_rate", rate(2, 100, CANCELLED, SOLD), {"28d": ("red", 2, 100, 0.02)}),
    ("lazmall", "fulfilment.late_dispatch", rate(11, 100, LATE, DUE), {"28d": ("red", 11, 100, 0.1)}),
    ("lazmall", "fulfilment.late_dispatch", rate(2, 100, LATE, DUE), {"28d": ("green", 2, 100, 0.1)}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("profile", "metric", "table", "expected"),
    [pytest.param(*case, id=f"{case[0]}-{case[1]}-{number}") for number, case in enumerate(CASES)],
)
def test_the_platforms_own_arithmetic(judged, profile, metric, table, expected):
    found = judged(profile, metric, table)
    assert {window: (one.light, one.numerator, one.denominator, one.limit) for window, one in found.items()} == expected


def test_every_platform_limit_has_a_worked_number(profile_of):
    named = {(profile, metric) for profile, metric, *_ in CASES} | {
        ("mercadolibre_mx", "fulfilment.late_dispatch"), ("shopee_sg", "fulfilment.late_dispatch"),
    }  # fmt: skip
    for profile in {case[0] for case in CASES}:
        for metric in profile_of(profile).metrics:
            if any(limit.kind == "platform" for limit in metric.limits):
                assert (profile, metric.id) in named


@pytest.mark.parametrize(
    ("late", "light", "grade"),
    [(1, "green", "green"), (15, "green", "green"), (16, "amber", "yellow"), (20, "amber", "yellow"),
     (21, "red", "orange"), (30, "red", "orange"), (31, "red", "red")],
)  # fmt: skip
def test_mercado_libre_has_colours_of_its_own(judged, late, light, grade):
    found = judged("mercadolibre_mx", "fulfilment.late_dispatch", rate(late, 100, LATE, DUE) | {SOLD: {10: 100}})
    assert (found["60d"].light, found["60d"].grade, found["60d"].limit) == (light, grade, 0.2)


@pytest.mark.parametrize(
    ("day", "late", "light", "limit"),
    [
        (date(2026, 3, 9), 6, "green", 0.1),
        (date(2026, 3, 9), 10, "green", 0.1),
        (date(2026, 3, 9), 11, "red", 0.1),
        (date(2026, 3, 10), 6, "red", 0.05),
        (date(2026, 3, 10), 1, "green", 0.05),
    ],
)
def test_shopee_halved_its_limit_on_a_day(judged, day, late, light, limit):
    found = judged("shopee_sg", "fulfilment.late_dispatch", rate(late, 100, LATE, DUE, 3), day)
    assert (found["7d"].light, found["7d"].limit) == (light, limit)


def test_amazon_asks_for_deliveries_in_time_since_a_day(judged):
    table = rate(11, 100, ARRIVED_LATE, PROMISED)
    assert judged("amazon_us", "fulfilment.on_time_delivery", table, date(2024, 9, 25))["14d"].light == "red"
    before = judged("amazon_us", "fulfilment.on_time_delivery", table, date(2024, 9, 24))["14d"]
    assert before.light == "green"  # our own limit has the same value, and waits until it is sure
    assert before.limit == 0.9


@pytest.mark.parametrize(
    ("ordered_on", "counts"),
    [(date(2020, 11, 5), 0), (date(2020, 11, 6), 1), (date(2020, 12, 3), 1), (date(2020, 12, 4), 0)],
)
def test_lazada_shows_on_11_december_the_orders_of_6_november_to_3_december(judged, ordered_on, counts):
    as_of = date(2020, 12, 10)  # the newest statistics day on the day one looks
    table = {CANCELLED: {(as_of - ordered_on).days: 1}, SOLD: {20: 100, (as_of - ordered_on).days: 1}}
    assert judged("lazada", "fulfilment.cancel_rate", table, as_of)["28d"].numerator == counts


def test_buyers_that_nobody_counts_are_never_red(judged):
    def light(defective):
        table = {DEFECTIVE: {10: defective}, ORDERS: {10: 400}}
        return judged("ebay_top_rated_us", "after_sale.order_defect", table, unknown=(BUYERS,))["90d"].light

    assert [light(defective) for defective in (1, 3, 4, 40)] == ["green", "green", "amber", "amber"]


def test_the_page_counts_on_with_the_platforms_rule(judged):
    two = judged("ebay_top_rated_us", "after_sale.order_defect",
                 {DEFECTIVE: {10: 2}, BUYERS: {10: 2}, ORDERS: {10: 100}})["365d"]  # fmt: skip
    assert two.more_bad == 2  # 2 % already, and two more buyers until there are four
    clean = judged("walmart_us", "fulfilment.cancel_rate", rate(0, 100, CANCELLED, SOLD))["30d"]
    assert clean.more_bad == 3  # 2/102 is allowed, 3/103 = 2.9 % is not
    assert not np.isnan(clean.more_bad)
