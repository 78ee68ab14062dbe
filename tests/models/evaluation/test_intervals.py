import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from models.evaluation.intervals import Resampling, median_figure, rate_figure, share_figure

RESAMPLING = Resampling(level=0.95, draws=500, seed=3)


def test_share_is_wilsons_interval_where_every_case_stands_alone():
    figure = share_figure(np.array([True] * 8 + [False] * 2), RESAMPLING)
    known = stats.binomtest(8, 10).proportion_ci(0.95, method="wilson")
    assert (figure.value, figure.n) == (0.8, 10)
    assert (figure.low, figure.high) == pytest.approx((known.low, known.high))


def test_cases_of_one_merchant_that_stand_and_fall_together_widen_the_interval():
    right = np.repeat([True, False], 20)
    alone = share_figure(right, RESAMPLING)
    together = share_figure(right, RESAMPLING, clusters=np.repeat(["A", "B", "C", "D"], 10))
    assert together.value == alone.value
    assert together.high - together.low > 2 * (alone.high - alone.low)
    known = stats.binomtest(2, 4).proportion_ci(0.95, method="wilson")  # four merchants, two of them right
    assert together.low <= known.low + 0.02


def test_merchants_that_agree_with_one_another_do_not_narrow_it():
    right = np.array([True, False] * 10)
    clusters = np.repeat(np.arange(10), 2)  # each merchant half right: less spread than chance
    assert share_figure(right, RESAMPLING, clusters)[1:3] == share_figure(right, RESAMPLING)[1:3]


def test_all_right_counts_merchants_and_not_alerts():
    figure = share_figure(np.ones(30, bool), RESAMPLING, np.repeat(["A", "B", "C"], 10))
    known = stats.binomtest(3, 3).proportion_ci(0.95, method="wilson")
    assert (figure.low, figure.high) == pytest.approx((known.low, known.high))


def test_share_of_nothing_is_not_known():
    figure = share_figure(np.zeros(0, bool), RESAMPLING)
    assert np.isnan([figure.value, figure.low, figure.high]).all()
    assert figure.n == 0


def test_rate_per_thousand_days():
    figure = rate_figure(np.array([1.0] * 40), 20_000, RESAMPLING)
    assert figure.value == 2.0
    low, high = (stats.chi2.ppf(0.025, 80) / 40, stats.chi2.ppf(0.975, 82) / 40)  # exact Poisson, per 1,000 of 20,000
    assert figure.low == pytest.approx(low, abs=0.25)
    assert figure.high == pytest.approx(high, abs=0.25)


def test_rate_that_hangs_on_one_merchant_is_less_sure():
    even, one = rate_figure(np.ones(40), 20_000, RESAMPLING), rate_figure(np.array([40.0]), 20_000, RESAMPLING)
    assert one.value == even.value
    assert one.low == 0.0
    assert one.high > even.high


def test_no_opening_at_all_still_has_an_upper_end():
    figure = rate_figure(np.zeros(0), 1000, RESAMPLING)
    assert (figure.value, figure.low) == (0.0, 0.0)
    assert figure.high == pytest.approx(stats.chi2.ppf(0.975, 2) / 2)


def test_median_and_its_resampled_interval():
    values = np.arange(1.0, 102.0)
    figure = median_figure(values, RESAMPLING)
    assert (figure.value, figure.n) == (51.0, 101)
    assert 38 < figure.low < 46
    assert 56 < figure.high < 64


def test_the_same_seed_gives_the_same_interval():
    values = np.random.default_rng(0).normal(size=50)
    assert median_figure(values, RESAMPLING) == median_figure(values, RESAMPLING)


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(1, 5))
def test_an_interval_holds_its_share_and_stays_within_bounds(right, clusters):
    figure = share_figure(np.array(right), RESAMPLING, np.arange(len(right)) % clusters)
    assert 0 <= figure.low <= figure.value <= figure.high <= 1
