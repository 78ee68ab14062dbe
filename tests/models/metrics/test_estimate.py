from datetime import date

import numpy as np
import pytest
from pydantic import TypeAdapter

from models.metrics.catalogue import Metric
from models.metrics.day_counts import day_counts
from models.metrics.estimate import estimate_mean, estimate_rate, estimate_ratio, join
from models.metrics.exposure import GammaPrior
from models.metrics.mean import NormalPrior
from models.metrics.profile import Colouring
from models.metrics.rate import BetaPrior

WORDS = {"zh-CN": "名", "zh-TW": "名", "en": "Name"}
DAY = date(2026, 10, 28)
COLOURING = Colouring()


def metric(**changes):
    base = {"id": "a.b", "leg": "fulfilment", "feeds": ["fulfilment"], "unit": "percent", "name": WORDS, "short": WORDS,
            "how": WORDS, "good": WORDS, "bad": WORDS, "numerator": "late", "denominator": "due", "windows": [10],
            "min_n": 5}  # fmt: skip
    return TypeAdapter(Metric).validate_python(base | changes)


def limit(kind, amber=None, red=None):
    return {"kind": kind, "amber": amber, "red": red, "mark": "P", "source": "own"}


def columns(**values):
    return lambda name: np.atleast_2d(np.asarray(values[name], dtype=float))


def rate(one, column):
    above, below = day_counts(one, column)
    prior = BetaPrior(np.array([0.02]), np.array([100.0]))
    return estimate_rate(one, 10, above, below, prior, COLOURING, DAY)


def test_rate_with_own_limit():
    one = metric(kind="rate", min_bad=3, limits=[limit("own", 0.03, 0.04)])
    found = rate(one, columns(late=[1] * 10 + [2] * 10, due=[50] * 20))
    assert (found.numerator[0], found.denominator[0], found.observed[0]) == (20, 500, 0.04)
    assert found.previous[0] == 0.02
    assert found.belief_a[0] == 22
    assert found.belief_b[0] == 578
    assert found.low[0] < 22 / 600 < found.high[0]
    assert found.more_bad_until_red[0] > 0
    assert 0 < found.breach[0] < 1


def test_a_rate_where_higher_is_better_is_mirrored():
    plain = metric(kind="rate", min_bad=3, limits=[limit("own", 0.05, 0.1)])
    mirrored = metric(kind="rate", numerator="due - late", better="higher", min_bad=3, limits=[limit("own", 0.95, 0.9)])
    column = columns(late=[4] * 20, due=[50] * 20)
    first, second = rate(plain, column), rate(mirrored, column)
    assert second.observed[0] == pytest.approx(1 - first.observed[0])
    assert second.low[0] == pytest.approx(1 - first.high[0])
    assert second.high[0] == pytest.approx(1 - first.low[0])
    assert second.worse_than(0.9)[0] == pytest.approx(first.worse_than(0.1)[0])
    assert second.more_bad_until_red[0] == first.more_bad_until_red[0]
    assert second.breach[0] == pytest.approx(first.breach[0])


def test_contacts_per_order_are_counted_per_exposure():
    one = metric(kind="rate", per="exposure", unit="times")
    above, below = day_counts(one, columns(late=[30] * 20, due=[20] * 20))
    prior = GammaPrior(np.array([1.0]), np.array([100.0]))
    found = estimate_rate(one, 10, above, below, prior, COLOURING, DAY)
    assert (found.observed[0], found.belief) == (1.5, "gamma")
    assert (found.belief_a[0], found.belief_b[0]) == (400, 300)
    assert found.low[0] < 400 / 300 < found.high[0]
    assert found.worse_than(4 / 3)[0] == pytest.approx(0.5, abs=0.02)
    assert np.isnan(found.breach[0])  # no limit, no projection


def test_the_next_review_sees_the_window_of_its_own_day():
    one = metric(kind="rate", limits=[limit("platform", red=0.04)])
    above, below = day_counts(one, columns(late=[0] * 15 + [1] * 5, due=[10] * 20))
    prior = BetaPrior(np.array([0.02]), np.array([100.0]))
    now, later, unknown = (
        estimate_rate(one, 10, above, below, prior, COLOURING, DAY, None, ahead).breach_at_review[0]
        for ahead in (0, 9, None)
    )
    assert now == 1  # 5 of 100
    assert 0 < later < 1
    assert np.isnan(unknown)


def test_platform_limit_counts_by_plain_arithmetic():
    one = metric(kind="rate", limits=[limit("platform", red=0.04)])
    found = rate(one, columns(late=[0] * 10 + [1] * 3 + [0] * 7, due=[10] * 20))
    assert found.observed[0] == 0.03
    assert found.more_bad_until_red[0] == 2
    assert found.good_until_green[0] == 0


def test_nothing_known_is_nothing_said():
    one = metric(kind="rate", limits=[limit("own", 0.03, 0.04)])
    found = rate(one, columns(late=[np.nan] * 20, due=[np.nan] * 20))
    for name in ("observed", "low", "high", "breach", "days_to_breach", "more_bad_until_red"):
        assert np.isnan(getattr(found, name)[0]), name


def test_mean_and_its_probability():
    one = metric(kind="mean", numerator="stars", denominator="answers", sum_of_squares="squares", better="higher")
    column = columns(stars=[40] * 20, answers=[10] * 20, squares=[170] * 20)
    prior = NormalPrior(np.array([4.5]), np.array([0.04]), np.array([0.5]))
    found = estimate_mean(one, 10, column, prior, COLOURING)
    assert found.observed[0] == 4.0
    assert found.sample[0] == 100
    assert 4.0 < found.belief_a[0] < 4.5
    assert found.worse_than(4.2)[0] == pytest.approx(0.879, abs=0.01)


def test_ratio_by_window_and_its_sample():
    one = metric(kind="ratio", numerator="sold", denominator="stock", size="products", size_is="mean", per_window=True)
    column = columns(sold=[3] * 20, stock=[10] * 20, products=[12] * 20)
    found = estimate_ratio(one, 10, column, COLOURING)
    assert found.observed[0] == pytest.approx(3)
    assert found.sample[0] == 12
    assert found.previous[0] == pytest.approx(3)
    summed = metric(kind="ratio", numerator="sold", denominator="stock", size="products")
    assert estimate_ratio(summed, 10, column, COLOURING).sample[0] == 120


def test_blocks_are_put_together():
    one = metric(kind="rate")
    first = rate(one, columns(late=[1] * 20, due=[50] * 20))
    second = rate(one, columns(late=[2] * 20, due=[50] * 20))
    both = join([first, second])
    assert both.numerator.tolist() == [10, 20]
    assert both.belief == "beta"
    assert not both.higher_is_better
