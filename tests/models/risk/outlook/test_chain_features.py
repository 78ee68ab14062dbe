import numpy as np
import pytest

from models.risk.outlook.chain_features import CHAIN_COLUMNS, CHAIN_FEATURES, RATES, chain_features
from models.risk.outlook.feature import matrix
from models.risk.outlook.history import Plans
from tests.models.risk.outlook.conftest import history_of

DAYS = 60


def steady(value, days=DAYS):
    return np.full((1, days), float(value))


def features(plans=None, **columns):
    history = history_of(steady(20), **columns)
    if plans is not None:
        history = type(history)(history.ids, history.last_day, history.columns, plans)
    return chain_features(history, DAYS - 1)


def test_every_feature_is_calculated_and_every_column_named():
    assert matrix(CHAIN_FEATURES, features()).shape == (1, len(CHAIN_FEATURES))
    assert {one.bad for one in RATES} | {one.total for one in RATES} <= set(CHAIN_COLUMNS)


def test_a_feed_that_is_missing_leaves_nothing():
    found = features()
    for name in ("visitors_week", "conversion", "late_dispatch", "stars", "products_out", "cover"):
        assert np.isnan(found[name][0]), name


def test_visitors_that_halve_and_orders_that_stay():
    visitors = steady(100)
    visitors[0, -7:] = 50
    found = features(storefront_visitors=visitors, storefront_orders=steady(20))
    assert found["visitors_week"][0] == pytest.approx(np.log(50 / 87.5), abs=0.01)
    assert found["conversion_week"][0] > 0


def test_a_rate_is_steadied_and_its_last_unripe_days_are_left_out():
    late = steady(1)
    late[0, -3:] = 20
    found = features(fulfilment_dispatched_late=late, fulfilment_dispatch_due=steady(20))
    assert found["late_dispatch"][0] == pytest.approx(28 / (28 * 20 + 50))
    assert found["late_dispatch_change"][0] == pytest.approx(0, abs=0.005)


def test_a_week_without_orders_shows_no_change():
    due = steady(20)
    due[0, -10:-3] = 0
    found = features(fulfilment_dispatched_late=due * 0.1, fulfilment_dispatch_due=due)
    assert found["late_dispatch_change"][0] == pytest.approx(0)


def test_only_plans_that_were_known_then_count():
    closed, promotion = np.zeros((1, DAYS + 28)), np.zeros((1, DAYS + 28))
    closed[0, DAYS : DAYS + 7] = 1
    known_on = np.full((1, DAYS + 28), history_of(steady(20)).last_day, dtype=np.int64)
    known_on[0, DAYS + 3 :] += 1
    found = features(Plans(closed, promotion, known_on))
    assert found["closed_14"][0] == pytest.approx(3 / 14)
    assert found["closed_28"][0] == pytest.approx(3 / 28)


def test_stock_tells_of_products_out_and_of_days_of_cover():
    out = steady(0)
    out[0, -1] = 5
    found = features(stock_skus=steady(10), stock_skus_out=out, stock_on_hand=steady(200))
    assert found["products_out"][0] == 0.5
    assert found["products_out_week"][0] == pytest.approx(5 / 70)
    assert np.exp(found["cover"][0]) == pytest.approx(10, rel=0.01)
