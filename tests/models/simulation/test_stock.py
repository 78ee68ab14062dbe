import numpy as np
import pytest

from models.simulation.draws import Streams
from models.simulation.purchasing import Buyers
from models.simulation.stock import Stock


@pytest.fixture
def stock(made):
    platform = made.simulation.platform
    buyers = Buyers(
        platform.parameters, platform.world, platform.products, platform.expectation, platform.season.feast_ends
    )
    return Stock(platform.parameters, platform.world, platform.products, buyers, 40, Streams(5))


def wanted(made, day, times=1.0):
    expectation = made.simulation.platform.expectation
    return times * expectation.visitors[day].astype(float) * expectation.conversion[day]


def test_units_balance_every_day(made, stock):
    size = made.simulation.platform.products.size
    none, ship = np.zeros(size, dtype=bool), np.full(made.simulation.platform.world.size, 0.8)
    for day in range(40, 70):
        free, way = stock.free.copy(), stock.way.units.copy()
        result = stock.step(day, wanted(made, day, 3.0), none, none, ship)
        received = np.bincount(result.received.product, weights=result.received.units, minlength=size)
        ordered = np.bincount(result.ordered.product, weights=result.ordered.units, minlength=size)
        assert (stock.free == free + received - result.units_sold).all()
        assert (stock.way.units == way + ordered - received).all()
        assert (stock.free >= 0).all()
        assert (result.reserved >= 0).all()
        assert (result.lines_sold <= result.units_sold).all()


def test_hours_out_of_stock_follow_the_shelf(made, stock):
    size = made.simulation.platform.products.size
    none, ship = np.zeros(size, dtype=bool), np.full(made.simulation.platform.world.size, 0.8)
    stock.on_hand[:] = 0
    empty = stock.step(41, wanted(made, 41), none, none, ship)
    assert (empty.hours_out == 24).all()
    assert not empty.units_sold.any()
    stock.on_hand[:] = 10_000_000
    full = stock.step(42, wanted(made, 42), none, none, ship)
    assert not full.hours_out.any()


def test_blocked_products_run_dry_and_their_orders_are_called_off(made, stock):
    size = made.simulation.platform.products.size
    none, ship = np.zeros(size, dtype=bool), np.full(made.simulation.platform.world.size, 0.8)
    for day in range(40, 50):
        stock.step(day, wanted(made, day), none, none, ship)
    everything = np.ones(size, dtype=bool)
    assert stock.way.units.any()
    result = stock.step(50, wanted(made, 50), everything, everything, ship)
    assert not stock.way.units.any()
    assert len(result.called_off.product)
    assert len(result.ordered.product) == 0


def test_nothing_is_shipped_while_the_warehouse_stands_still(made, stock):
    size = made.simulation.platform.products.size
    none, still = np.zeros(size, dtype=bool), np.zeros(made.simulation.platform.world.size)
    result = stock.step(40, wanted(made, 40), none, none, still)
    assert (result.reserved == result.units_sold).all()
    assert result.units_sold.sum() > 0


def test_healthy_shops_are_mostly_in_stock(made):
    stock = made.versions("stock")
    traits, world = made.simulation.platform.world.traits, made.simulation.platform.world
    touched = set(world.ids[traits.in_tail["poor_buyers"]]) | set(made.truth.query("family == 'stock_out'").merchant_id)
    healthy = stock[~stock.merchant_id.isin(touched)]
    assert (healthy.on_hand - healthy.reserved <= 0).mean() < 0.02
    poor = stock[stock.merchant_id.isin(world.ids[traits.in_tail["poor_buyers"]])]
    if len(poor):
        assert (poor.on_hand - poor.reserved <= 0).mean() > (healthy.on_hand - healthy.reserved <= 0).mean()
