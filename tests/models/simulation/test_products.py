import numpy as np
import pytest


def test_shares_sum_to_one_and_numbers_count_up_within_a_shop(made):
    products, world = made.simulation.platform.products, made.simulation.platform.world
    assert products.sum_by_merchant(products.share) == pytest.approx(np.ones(world.size))
    assert (products.sum_by_merchant(np.ones(products.size)) == world.products).all()
    assert (products.number[products.starts] == 0).all()
    assert (products.number[products.starts[1:] - 1] == world.products[:-1] - 1).all()


def test_properties_make_sense(made):
    products = made.simulation.platform.products
    assert (products.cost < products.price).all()
    assert (products.minimum % products.multiple == 0).all()
    assert (products.lead_time >= 1).all()
    opens = made.simulation.platform.world.opens[products.merchant]
    assert (products.listed >= np.minimum(opens, made.simulation.platform.detail_start - 900)).all()
    assert (products.listed <= np.maximum(opens, made.simulation.platform.detail_start)).all()


def test_mean_price_lies_between_the_cheapest_and_the_dearest(made):
    products = made.simulation.platform.products
    cheapest = np.minimum.reduceat(products.price, products.starts)
    dearest = np.maximum.reduceat(products.price, products.starts)
    mean = products.mean_price()
    assert (mean >= cheapest - 1e-9).all()
    assert (mean <= dearest + 1e-9).all()
