import numpy as np
import pytest

from models.simulation.offers import LAUNCH_PLAN_DAYS, Offers, best_products, with_launches
from models.simulation.strain import Strain

STRAIN = Strain(price_elasticity=2.0, price_demand_most=5.0, launch_hype=1.0, launch_hype_days=10.0)


@pytest.fixture
def offers(made, placed):
    """A function that places one kind of episode, of 20 days from day 100 on, on merchants 0 and 1."""
    products = made.simulation.platform.products
    big = np.flatnonzero(products.counts >= 5)[:2]

    def run(effect, magnitude, **changes):
        changes = {"demand_share": 1.0, "benign": effect in ("price_test", "launch"), **changes}
        one = placed(100, 119, magnitude=magnitude, effect=effect, **changes)
        rows = [np.repeat(getattr(one, name), 2) for name in ("number", "kind")]
        rest = [
            np.repeat(getattr(one, name), 2)
            for name in ("value", "onset", "last", "ramp", "recovery", "magnitude", "carrier", "part")
        ]
        episodes = type(one)(one.kinds, *rows, big, *rest)
        goods = with_launches(products, episodes)
        return Offers(episodes, goods, STRAIN), goods, big

    return run


def test_best_products_make_the_share_asked_for(made):
    products = made.simulation.platform.products
    merchant = int(np.argmax(products.counts))
    best = best_products(products, merchant, 0.4)
    assert (products.merchant[best] == merchant).all()
    assert products.share[best].sum() >= 0.4 > products.share[best[:-1]].sum()
    assert len(best_products(products, merchant, 1.0)) == products.counts[merchant]


def test_half_the_price_sells_four_times_and_is_noticed(offers):
    made, goods, merchants = offers("price_low", 0.5)
    touched = np.isin(goods.merchant, merchants)
    assert made.price(110)[touched] == pytest.approx(0.5)
    assert made.appeal(110)[touched] == pytest.approx(4.0)
    assert (made.price(110)[~touched] == 1).all()
    assert (made.price(99) == 1).all()
    assert (made.appeal(120) == 1).all()
    assert made.underpriced(110)[merchants] == pytest.approx(0.5)
    assert made.underpriced(110).sum() == pytest.approx(1.0)
    assert not len(made.planned(110).product)


def test_no_price_sells_without_end(offers):
    made, goods, merchants = offers("price_low", 0.9)
    assert made.appeal(110)[goods.merchant == merchants[0]] == pytest.approx(5.0)


def test_twice_the_price_sells_a_quarter(offers):
    made, goods, merchants = offers("price_high", 1.0)
    assert made.price(110)[goods.merchant == merchants[1]] == pytest.approx(2.0)
    assert made.appeal(110)[goods.merchant == merchants[1]] == pytest.approx(0.25)
    assert not made.underpriced(110).any()


def test_a_price_test_stands_in_the_plans(offers):
    made, goods, merchants = offers("price_test", 0.1, demand_share=0.3)
    planned = made.planned(110)
    assert set(goods.merchant[planned.product]) == set(merchants)
    assert planned.price == pytest.approx(np.round(goods.price[planned.product] * 1.1, 2))
    assert not len(made.planned(99).product)


def test_a_new_product_sells_nothing_before_and_its_share_after(offers, made):
    offer, goods, merchants = offers("launch", 0.25)
    before = made.simulation.platform.products
    new = offer.launched(100)
    assert goods.merchant[new].tolist() == merchants.tolist()
    assert goods.share[new] == pytest.approx(0.2)  # a quarter of what the others sell
    assert goods.sum_by_merchant(goods.share) == pytest.approx(1.0)
    others = np.isin(goods.merchant, merchants) & ~np.isin(np.arange(goods.size), new)
    first = np.flatnonzero(others & (goods.merchant == merchants[0]))
    assert np.ptp(goods.share[first] / before.share[first]) == pytest.approx(0, abs=1e-9)
    assert not offer.is_listed(99)[new].any()
    assert offer.is_listed(100).all()
    assert (offer.appeal(99)[new] == 0).all()
    assert offer.appeal(100)[new] == pytest.approx(2.0)
    assert offer.appeal(200)[new] == pytest.approx(1.0, abs=0.01)
    assert offer.planned(100).product.tolist() == new.tolist()
    assert not len(offer.planned(100 + LAUNCH_PLAN_DAYS).product)


def test_nothing_differs_where_nothing_was_placed(made):
    platform = made.simulation.platform
    assert not platform.offers.any
    assert (platform.offers.price(10) == 1).all()
    assert not platform.offers.underpriced(10).any()
