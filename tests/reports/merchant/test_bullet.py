"""Geometry of a metric's row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.merchant.bullet import axis, bullet


def number(percent):
    return float(percent.rstrip("%"))


def test_less_is_better_starts_at_zero_and_red_lies_right(facts):
    fact = facts.metric("fulfilment.late_dispatch", "green", 0.025, limit_amber=0.03, limit_red=0.04)
    text = facts.TEXTS["fulfilment.late_dispatch"]
    assert axis(fact, text) == pytest.approx((0.0, 0.05))
    drawn = bullet(fact, text)
    assert drawn.marker == "50.0%"
    assert drawn.amber == ("60.0%", "20.0%")
    assert drawn.red == ("80.0%", "20.0%")
    assert drawn.limit == "80.0%"


def test_more_is_better_ends_at_one_hundred_percent_and_red_lies_left(facts):
    fact = facts.metric("stock.in_stock_rate", "green", 0.97, limit_amber=0.95, limit_red=0.9)
    text = facts.TEXTS["stock.in_stock_rate"]
    low, high = axis(fact, text)
    assert high == 1.0
    assert 0 < low < 0.9
    drawn = bullet(fact, text)
    assert drawn.red.x == "0.0%"
    assert number(drawn.amber.x) == pytest.approx(number(drawn.red.width), abs=0.11)
    assert number(drawn.marker) > number(drawn.limit)


def test_a_red_limit_of_another_figure_is_not_drawn(facts):
    text = facts.TEXTS["stock.promo_gap"]._replace(red_elsewhere=True)
    drawn = bullet(facts.METRICS[0], text)
    assert drawn.red is None
    assert drawn.limit is None


def test_peers_and_median(facts):
    drawn = bullet(facts.METRICS[2], facts.TEXTS["stock.in_stock_rate"])
    left, width = number(drawn.peers.x), number(drawn.peers.width)
    assert left < number(drawn.median) < left + width


def test_grey_and_unknown_have_no_track(facts):
    text = facts.TEXTS["experience.nps"]
    assert bullet(facts.metric("experience.nps", "grey", 0.5), text) is None
    assert bullet(facts.metric("experience.nps", "green", None), text) is None


figures = st.one_of(st.none(), st.floats(min_value=-1e6, max_value=1e6))


@given(observed=st.floats(min_value=-1e6, max_value=1e6), amber=figures, red=figures, low=figures, high=figures)
def test_whatever_the_figures_nothing_leaves_the_track(facts, observed, amber, red, low, high):
    for metric_id in ("fulfilment.late_dispatch", "stock.in_stock_rate", "experience.nps"):
        fact = facts.metric(metric_id, "green", observed, limit_amber=amber, limit_red=red, peer_p25=low, peer_p75=high)
        drawn = bullet(fact, facts.TEXTS[metric_id])
        assert 0 <= number(drawn.marker) <= 100
        for zone in (drawn.amber, drawn.red, drawn.peers):
            assert zone is None or (number(zone.x) >= 0 and number(zone.x) + number(zone.width) <= 100.11)


@pytest.mark.parametrize("observed", [-1e308, -1e17, 0.0, 1e17, 1e300])
@pytest.mark.parametrize("better", ["lower", "higher"])
def test_an_axis_of_one_huge_figure_has_a_length(facts, observed, better):
    fact = facts.METRICS[0]._replace(observed=observed, limit_amber=None, limit_red=None, low=None, high=None)
    fact = fact._replace(peer_p25=None, peer_p50=None, peer_p75=None, expected=None)
    text = facts.TEXTS[fact.metric]._replace(better=better, unit="count")
    low, high = axis(fact, text)
    assert high > low
    assert 0 <= number(bullet(fact, text).marker) <= 100
