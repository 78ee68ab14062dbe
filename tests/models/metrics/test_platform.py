import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.metrics.platform import PlatformRule, counted_in, grades, sum_counted
from models.metrics.rules import Limit

NAN = np.nan


def array(*values):
    return np.array(values, dtype=float)


def decide(rule, bad, total, counted=NAN):
    breach, undecided = rule.decide(array(bad), array(total), array(counted))
    return bool(breach[0]), bool(undecided[0])


def limit(**more):
    return Limit.model_validate({"kind": "platform", "mark": "O", "source": "page", "red": 0.02} | more)


def test_at_the_limit_is_allowed_or_a_breach_as_the_platform_says():
    at_most, under = PlatformRule(0.02), PlatformRule(0.02, breach_at_limit=True)
    assert decide(at_most, 2, 100) == (False, False)
    assert decide(at_most, 3, 100) == (True, False)
    assert decide(under, 2, 100) == (True, False)
    assert decide(under, 1, 100) == (False, False)
    assert decide(under, 0, 0) == (False, False)  # no orders, no breach


def test_a_limit_from_below_is_turned_over():
    rule = PlatformRule.of(limit(red=0.95, at_limit="breach"), higher_is_better=True)
    assert decide(rule, 5, 100) == (True, False)  # 95 % is not above 95 %
    assert decide(rule, 4, 100) == (False, False)


@pytest.mark.parametrize(
    ("bad", "total", "buyers", "expected"),
    [
        (4, 400, 4, (True, False)),      # 1 % and 4 buyers
        (4, 400, 3, (False, False)),     # 1 %, but 3 buyers only
        (4, 1000, 4, (False, False)),    # 4 buyers, but 0.4 %
        (5, 1000, 5, (False, False)),    # exactly 0.5 %
        (6, 1000, 6, (True, False)),
        (3, 100, NAN, (False, False)),   # 3 %, nobody counts buyers, but 3 orders are 3 buyers at most
        (4, 100, NAN, (False, True)),    # 4 orders may be of 1 to 4 buyers
    ],
)  # fmt: skip
def test_rate_and_buyers_must_both_be_over(bad, total, buyers, expected):
    rule = PlatformRule.of(limit(red=0.005, count={"of": "buyers", "at_most": 3}), False)
    assert decide(rule, bad, total, buyers) == expected


@pytest.mark.parametrize(
    ("bad", "total", "buyers", "expected"),
    [
        (4, 1000, 4, (True, False)),
        (3, 1000, 3, (False, False)),
        (6, 1000, 2, (True, False)),
        (4, 1000, NAN, (False, True)),
        (6, 1000, NAN, (True, False)),   # the rate alone decides
    ],
)  # fmt: skip
def test_either_may_be_enough(bad, total, buyers, expected):
    rule = PlatformRule.of(limit(red=0.005, count={"of": "buyers", "at_most": 3, "breach": "either"}), False)
    assert decide(rule, bad, total, buyers) == expected


def test_more_until_red_and_good_until_green_by_hand():
    rule = PlatformRule(0.04)
    # 3 of 100 under 4 %: 4/101 = 3.96 %, 5/102 = 4.9 %, so two more
    assert rule.more_bad_until_breach(array(3, 5, 4), array(100, 100, 100), array(NAN, NAN, NAN)).tolist() == [2, 0, 1]
    # 5 of 100 back to 4 %: 5 / 125
    assert rule.good_until_allowed(array(5, 3), array(100, 100), array(NAN, NAN)).tolist() == [25, 0]
    assert np.isnan(PlatformRule(0.0).good_until_allowed(array(1), array(10), array(NAN))[0])
    assert np.isnan(PlatformRule(1.0).more_bad_until_breach(array(1), array(10), array(NAN))[0])
    under = PlatformRule(0.04, breach_at_limit=True)
    assert under.good_until_allowed(array(5), array(100), array(NAN))[0] == 26  # 5/125 is still a breach
    assert under.more_bad_until_breach(array(3), array(100), array(NAN))[0] == 2  # 4/101 is not 4 % yet


def test_until_red_waits_for_the_count_where_both_are_asked():
    both = PlatformRule(0.005, at_most=3)
    assert both.more_bad_until_breach(array(2), array(100), array(2))[0] == 2  # the rate is over, two buyers to come
    assert both.good_until_allowed(array(4, 3), array(100, 100), array(4, 3)).tolist() == [700, 0]
    either = PlatformRule(0.005, at_most=3, both=False)
    assert either.more_bad_until_breach(array(2), array(10_000), array(2))[0] == 2
    assert np.isnan(either.good_until_allowed(array(4), array(10_000), array(4))[0])  # no good order takes buyers back
    assert both.more_bad_until_breach(array(2), array(100), array(NAN))[0] == 2  # uncounted: every order a buyer


@settings(max_examples=100)
@given(
    bad=st.integers(0, 40), good=st.integers(0, 400), limit=st.sampled_from([0.005, 0.01, 0.025, 0.04, 0.1]),
    at_limit=st.booleans(), at_most=st.sampled_from([None, 0, 3, 5]), both=st.booleans(),
)  # fmt: skip
def test_counts_are_the_smallest_ones_and_agree_with_the_decision(bad, good, limit, at_limit, at_most, both):
    rule = PlatformRule(limit, at_limit, at_most, both)
    total = bad + good + 1
    more = rule.more_bad_until_breach(array(bad), array(total), array(bad))[0]
    assert decide(rule, bad + more, total + more, bad + more)[0]
    assert more == 0 or not decide(rule, bad + more - 1, total + more - 1, bad + more - 1)[0]
    fine = rule.good_until_allowed(array(bad), array(total), array(bad))[0]
    if not np.isnan(fine):
        assert not decide(rule, bad, total + fine, bad)[0]
        assert fine == 0 or decide(rule, bad, total + fine - 1, bad)[0]
    room = rule.allowed_more(array(bad), array(total), array(bad))[0]
    assert decide(rule, bad, total, bad)[0] == (room < 0)


def test_a_day_without_bad_events_needs_no_count():
    bad = array([0, 2, NAN], [0, 1, 0])
    counts = array([NAN, 1, NAN], [NAN, NAN, NAN])
    assert np.nan_to_num(counted_in(bad, counts), nan=-1).tolist() == [[0, 1, -1], [0, -1, 0]]
    found = sum_counted(bad, counts)
    assert found[0] == 1
    assert np.isnan(found[1])


def test_grades_are_the_platforms_own_words():
    bands = [{"grade": "green", "up_to": 0.15}, {"grade": "yellow", "up_to": 0.2}, {"grade": "orange", "up_to": 0.3}]
    graded = limit(red=0.2, bands=bands, beyond="red")
    figures = array(0.15, 0.1501, 0.2, 0.3, 0.31, NAN)
    assert grades(graded, figures, False).tolist() == ["green", "yellow", "yellow", "orange", "red", ""]
    levels = limit(red=0.8, bands=[{"grade": "star", "up_to": 0.95}, {"grade": "fine", "up_to": 0.8}], beyond="poor")
    assert grades(levels, array(0.95, 0.9, 0.79), True).tolist() == ["star", "fine", "poor"]
    assert grades(limit(), array(0.1), False).tolist() == [""]
    assert grades(None, array(0.1), False).tolist() == [""]
