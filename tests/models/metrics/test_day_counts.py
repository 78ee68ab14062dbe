from datetime import date

import numpy as np
import pytest
from pydantic import TypeAdapter

from models.metrics.catalogue import Metric
from models.metrics.day_counts import (
    bad_counts,
    count_panel,
    day_counts,
    decisive_limit,
    mean_parts,
    previous_value,
)

WORDS = {"zh-CN": "名", "zh-TW": "名", "en": "Name"}
DAY = date(2026, 10, 28)
PLATFORM = {"kind": "platform", "red": 0.05, "mark": "O", "source": "page"}
OWN = {"kind": "own", "red": 0.04, "mark": "P", "source": "own"}


def metric(**changes):
    base = {"id": "a.b", "leg": "fulfilment", "feeds": ["fulfilment"], "unit": "percent", "name": WORDS, "short": WORDS,
            "how": WORDS, "good": WORDS, "bad": WORDS, "kind": "rate", "numerator": "late", "denominator": "due",
            "windows": [10], "min_n": 5}  # fmt: skip
    return TypeAdapter(Metric).validate_python(base | changes)


def columns(**values):
    return lambda name: np.atleast_2d(np.asarray(values[name], dtype=float))


def test_a_day_counts_only_where_both_parts_are_known():
    above, below = day_counts(metric(), columns(late=[1, np.nan, 2], due=[10, 10, np.nan]))
    assert np.isnan(above[0]).tolist() == np.isnan(below[0]).tolist() == [False, True, True]


def test_bad_counts_never_go_below_zero():
    one = metric(better="higher")
    above, below = day_counts(one, columns(late=[7.0], due=[5.0]))
    assert bad_counts(one, above, below)[0, 0] == 0


def test_parts_of_a_mean():
    one = metric(kind="mean", sum_of_squares="squares")
    total, count, squares = mean_parts(one, columns(late=[9.0, 8.0], due=[2.0, 2.0], squares=[41.0, np.nan]))
    assert (total[0, 0], count[0, 0], squares[0, 0]) == (9, 2, 41)
    assert np.isnan(total[0, 1])


def test_the_platforms_limit_decides_while_it_holds_and_brings_its_count():
    counted = PLATFORM | {"valid_from": "2026-10-01", "count": {"of": "buyers", "at_most": 3}}
    one = metric(limits=[OWN, counted])
    column = columns(late=[1.0], due=[9.0], buyers=[1.0])
    assert decisive_limit(one, DAY).kind == "platform"
    assert count_panel(one, column, DAY)[0, 0] == 1
    assert decisive_limit(one, date(2026, 9, 30)).kind == "own"
    assert count_panel(one, column, date(2026, 9, 30)) is None
    assert decisive_limit(metric(), DAY) is None


def test_the_window_before_is_only_told_when_all_of_it_was_read():
    above, below = np.full((1, 20), 1.0), np.full((1, 20), 10.0)
    assert previous_value(above, below, 10, 0)[0] == pytest.approx(0.1)
    assert np.isnan(previous_value(above, below, 10, 1)[0])


@pytest.mark.parametrize("kind", [{}, {"kind": "mean", "sum_of_squares": "squares"}])
def test_days_closed_by_plan_are_no_part_of_a_metric_that_says_so(kind):
    one = metric(counts_while="open", **kind)
    counts = mean_parts if kind else day_counts
    found = counts(one, columns(late=[1, 0, 0], due=[10, 8, 9], squares=[1, 0, 0], open=[1, 0, np.nan]))
    for part in found:
        assert np.isnan(part[0]).tolist() == [False, True, False]  # where nothing is planned, the shop is open
    assert "open" in one.columns
