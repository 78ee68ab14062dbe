import numpy as np
import pytest

from models.forecasting.response import BEND, PRICE_MOST, TERMS, PlanResponse, planned_terms
from models.forecasting.response_loops import add_own_terms

DEPTH = np.array([[0.0, 0.1, 0.5, 1.0, np.nan, 0.02]] * 2, np.float32)
PRICE = np.array([[np.nan, 0.0, -5.0, 0.1, 0.2, 0.0]] * 2, np.float32)
ON = np.array([[False, True, True, True, False, False]] * 2)
NOTHING = np.zeros((2, 0), np.float32)


def added(depth=DEPTH, price=PRICE, told=(True, True), first=0, own=((1.0, 10.0, 100.0, 1000.0),)):
    log = np.full((2, 6 - first), 0.5)
    add_own_terms(
        depth, price, ON, np.zeros(2, np.int64), np.array(told), np.array(own), BEND, PRICE_MOST, first, log
    )  # fmt: skip
    return log


def test_by_hand():
    # Step and slope of a known depth, the bend beyond a fifth, the price within seven tenths; 1 and NaN tell nothing.
    expected = [0.5, 0.5 + 1 + 1, 0.5 + 1 + 5 + 30 - 700, 0.5 + 100, 0.5 + 200, 0.5 + 0.2]
    np.testing.assert_allclose(added()[0], expected, rtol=1e-6)


def test_only_the_asked_days_and_what_plans_tell():
    np.testing.assert_array_equal(added(first=2), added()[:, 2:])
    np.testing.assert_allclose(added(price=NOTHING)[0], [0.5, 2.5, 36.5, 0.5, 0.5, 0.7], rtol=1e-6)
    np.testing.assert_allclose(added(depth=NOTHING)[0], [0.5, 0.5, -699.5, 100.5, 200.5, 0.5], rtol=1e-6)
    assert (added(told=(True, False))[1] == 0).all()


@pytest.mark.parametrize(("start", "stop"), [(0, None), (2, 5), (0, 3)])
def test_the_same_as_the_terms_one_by_one(make_panel, start, stop):
    from dataclasses import replace

    random = np.random.default_rng(3)
    on = random.random((4, 6)) < 0.5
    panel = make_panel({"orders": np.ones((4, 5))}, 1, promotion=on)
    panel = replace(
        panel,
        depth=np.where(random.random((4, 6)) < 0.3, np.nan, random.random((4, 6))).astype(np.float32),
        price=random.normal(0, 0.5, (4, 6)).astype(np.float32),
    )
    own, shared = random.normal(size=(1, TERMS)), random.normal(size=TERMS)
    mean = random.random((6, TERMS))
    found = PlanResponse(own, shared, mean).log_factor(panel, start, stop)
    terms = planned_terms(panel, start, stop)
    expected = (shared - own[0]) @ mean[start:stop].T + sum(own[0, place] * term for place, term in terms.items())
    np.testing.assert_allclose(found, expected, rtol=1e-12)
