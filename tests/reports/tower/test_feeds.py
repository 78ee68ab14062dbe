"""Strips of feed coverage."""

from reports.tower.feeds import build_feeds
from reports.tower.page import layout


def test_connected_feeds_with_their_days(tower_facts, english):
    sales, reviews = sorted(build_feeds(tower_facts, layout(), english), key=lambda strip: strip.name, reverse=True)
    assert (sales.name, sales.share, sales.last) == ("sales", "99.0%", "up to 30 Oct")
    assert [state for state, _ in sales.cells] == ["full", "part", "none"]
    assert sales.cells[1][1] == "29 Oct: 75.0%"
    assert (reviews.share, reviews.cells) == ("0.0%", [])  # reviews need not come daily: no strip
