from dataclasses import replace

import numpy as np
import pytest

from models.simulation.purchasing import Buyers


@pytest.fixture
def buyers(made):
    platform = made.simulation.platform
    return Buyers(
        platform.parameters, platform.world, platform.products, platform.expectation, platform.season.feast_ends
    )


def test_orders_are_multiples_above_the_smallest_order_and_only_on_review_days(made, buyers):
    products = made.simulation.platform.products
    day = 40
    rows, units = buyers.order(day, np.zeros(products.size), np.ones(products.size, dtype=bool))
    assert len(rows)
    assert (units % products.multiple[rows] == 0).all()
    assert (units >= products.minimum[rows]).all()
    assert ((day + products.merchant[rows]) % products.review_days[rows] == 0).all()


def test_enough_on_the_way_means_no_order(made, buyers):
    size = made.simulation.platform.products.size
    rows, _ = buyers.order(40, np.full(size, 1e9), np.ones(size, dtype=bool))
    assert len(rows) == 0


def test_a_blocked_supplier_gets_no_order(made, buyers):
    size = made.simulation.platform.products.size
    rows, _ = buyers.order(40, np.zeros(size), np.zeros(size, dtype=bool))
    assert len(rows) == 0


def test_expected_units_follow_the_level(made, buyers):
    rows = np.arange(20)
    before = buyers.expected_units(rows, 40, np.full(20, 7))
    buyers.level = buyers.level * 2
    assert buyers.expected_units(rows, 40, np.full(20, 7)) == pytest.approx(2 * before)


def test_poor_buyers_keep_a_part_of_what_good_ones_keep(made):
    platform = made.simulation.platform
    traits = platform.world.traits
    size = platform.world.size
    poor_world = replace(
        platform.world,
        traits=replace(
            traits,
            rates={**traits.rates, "poor_buyers": np.full(size, 0.5)},
            in_tail={**traits.in_tail, "poor_buyers": np.ones(size, dtype=bool)},
        ),
    )
    good_world = replace(
        platform.world,
        traits=replace(traits, in_tail={**traits.in_tail, "poor_buyers": np.zeros(size, dtype=bool)}),
    )
    rows = np.arange(platform.products.size)
    poor, _ = Buyers(
        platform.parameters, poor_world, platform.products, platform.expectation, platform.season.feast_ends
    ).targets(rows, 40)
    good, _ = Buyers(
        platform.parameters, good_world, platform.products, platform.expectation, platform.season.feast_ends
    ).targets(rows, 40)
    busy = good > 5
    assert (poor[busy] < good[busy]).all()


def test_before_a_feast_buyers_stock_up_to_its_end(made):
    platform = made.simulation.platform
    rows, day = np.arange(platform.products.size), 40
    none = np.zeros_like(platform.season.feast_ends)
    ahead = none.copy()
    ahead[day] = 60
    arguments = (platform.parameters, platform.world, platform.products, platform.expectation)
    plain, _ = Buyers(*arguments, none).targets(rows, day)
    feast, _ = Buyers(*arguments, ahead).targets(rows, day)
    assert (feast >= plain).all()
    assert feast.sum() > 1.5 * plain.sum()
