"""Feeds and formulas."""

from reports.merchant.data import build_data


def test_feeds_fresh_first_and_what_is_missing_last(facts, english):
    feeds = build_data(facts.rich("en"), english).feeds
    assert [(feed.name, feed.word) for feed in feeds][-2:] == [("review", "stale"), ("survey", "not connected")]
    assert feeds[-2].last == "27 Oct"
    assert feeds[-1].last == ""


def test_every_figure_of_the_page_has_its_formula(facts, english):
    formulas = build_data(facts.rich("en"), english).formulas
    assert sum(len(rows) for _, rows in formulas) == len(facts.METRICS)
    assert formulas[0][0] == "stock_prep"
    late = next(row for leg, rows in formulas if leg == "fulfilment" for row in rows if row.name == "Late dispatch")
    assert (late.window, late.source) == ("10 d", "own")
