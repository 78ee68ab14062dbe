"""Sentences and rows of the legs."""

from datetime import date

import pytest

from reports.merchant.facts import LEGS, LegFact, MerchantFacts
from reports.merchant.legs import build_legs, by_severity, explain


def test_all_seven_legs_in_route_order_whatever_is_known(facts, english):
    legs = build_legs(facts.empty("en"), english)
    assert [leg.leg for leg in legs] == list(LEGS)
    assert {leg.light for leg in legs} == {"grey"}
    assert legs[0].sentence == "The data for this leg are not connected; not judged."
    assert legs[0].figure == "not connected"


def test_cards_lie_by_need_and_only_three_are_unfolded(facts, english):
    cards = by_severity(build_legs(facts.rich("en"), english))
    assert [card.light for card in cards] == ["red", "red", "amber", "green", "star", "star", "grey"]
    assert [card.open for card in cards] == [True, True, True, False, False, False, False]


def test_reason_codes_become_sentences(facts, english):
    metrics = [facts.METRICS[0]]
    said = explain(LegFact("stock_prep", "red", "metric:stock.promo_gap"), metrics, english)
    assert said == ("Event gap 29%; the limit is 20%", "Event gap 29%")
    said = explain(LegFact("experience", "grey", "stale:reviews:2026-10-27"), [], english)
    assert said[0] == "No new review data since 27 Oct; not judged."
    said = explain(LegFact("experience", "grey", "stale:<b>:never"), [], english)
    assert said[0] == "No new <b> data since —; not judged."
    assert explain(LegFact("sales", "grey", "small_sample"), [], english)[1] == "too few cases"
    assert explain(LegFact("sales", "grey", None), [], english)[0] == "Not enough data to judge."
    assert explain(LegFact("sales", "green", "all_good"), [], english)[0] == "Every figure is inside its limits."


def test_a_row_says_counts_limits_peers_and_the_way_to_red(facts, english):
    legs = {leg.leg: leg for leg in build_legs(facts.rich("en"), english)}
    row = next(row for row in legs["fulfilment"].rows if row.name == "Late dispatch")
    assert row.value == "2.6%"
    assert row.trend == "up"
    assert [str(note) for note in row.notes] == [
        "105 / 4,074",
        "95% interval 2.1–3.1%",
        "amber 3.0%",
        "limit 4.0%",
        "peers 1.2–<b>1.9</b>–2.8%",
        "before: 2.1%",
        "87 more bad until red",
        "at the review on 1 Nov: 12% likely past the limit",
        "projected breach 13 Nov",
    ]


@pytest.mark.parametrize(
    ("light", "chance", "said"),
    [
        ("green", 0.04, None),  # nothing to fear
        ("green", 0.83, "at the review on 1 Nov: 83% likely past the limit"),
        ("red", 0.001, "at the review on 1 Nov: 1% likely past the limit"),
        ("red", 1.0, "at the review on 1 Nov: 100% likely past the limit"),
        ("red", 0.9999, "at the review on 1 Nov: 99% likely past the limit"),
        ("amber", None, None),
    ],
)
def test_the_next_review_is_told_where_it_matters(facts, english, light, chance, said):
    row = facts.metric("service.reply_3min", light, 0.5, review_on=date(2026, 11, 1), breach_at_review=chance)
    shop = MerchantFacts("m", "M", "en", legs=(LegFact("service", light, ""),), metrics=(row,))
    legs = {leg.leg: leg for leg in build_legs(shop, english)}
    notes = [str(note) for note in legs["service"].rows[0].notes if "review" in str(note)]
    assert notes == ([said] if said else [])


def test_red_says_since_when(facts, english):
    legs = {leg.leg: leg for leg in build_legs(facts.rich("en"), english)}
    assert "since 27 Oct" in [str(note) for note in legs["stock_prep"].rows[0].notes]


def test_grey_says_how_many_and_how_many_are_needed(facts, english):
    legs = {leg.leg: leg for leg in build_legs(facts.rich("en"), english)}
    assert legs["experience"].rows[0].notes == ["21 cases; 30 are needed"]
    assert legs["experience"].rows[0].value == "—"


def test_at_most_five_rows_worst_first(facts, english):
    metrics = [
        facts.metric("service.reply_3min", light, 0.5, since=date(2026, 10, 1))
        for light in ("green", "star", "grey", "amber", "red", "green")
    ]
    shop = MerchantFacts(
        "m", "M", "en", legs=(LegFact("service", "red", "metric:service.reply_3min"),), metrics=metrics
    )
    rows = {leg.leg: leg for leg in build_legs(shop, english)}["service"].rows
    assert [row.light for row in rows] == ["red", "amber", "star", "green", "green"]


def test_a_metric_that_the_profile_dropped_is_left_out(facts, english):
    gone = facts.METRICS[0]._replace(metric="stock.gone")
    shop = MerchantFacts("m", "M", "en", legs=(LegFact("stock_prep", "red", "metric:stock.gone"),), metrics=(gone,))
    leg = build_legs(shop, english)[0]
    assert leg.rows == []
    assert leg.light == "red"
