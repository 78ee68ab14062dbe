"""The tuples that queries are zipped into."""

from reports.merchant.facts import LEGS, SEVERITY, MetricFact


def test_route_has_seven_legs_and_every_light_a_place():
    assert len(set(LEGS)) == 7
    assert sorted(SEVERITY, key=SEVERITY.__getitem__) == ["red", "amber", "green", "star", "grey"]


def test_metric_facts_can_be_made_from_a_row_of_columns(facts):
    made = MetricFact._make(facts.METRICS[0])
    assert made.metric == "stock.promo_gap"
    assert made._fields[:3] == ("metric", "window", "leg")
