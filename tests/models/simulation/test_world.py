from datetime import date

import numpy as np
import pytest

from models.simulation.draws import Streams
from models.simulation.world import NEVER, make_world


@pytest.fixture(scope="module")
def world(made):
    simulation = made.simulation
    return make_world(simulation.platform.parameters, simulation._words, 4000, date(2025, 9, 26), 400, Streams(3))


def test_sizes_are_as_asked(world):
    assert np.median(world.orders) == pytest.approx(18, rel=0.1)
    assert np.median(world.products) == pytest.approx(20, abs=2)
    assert world.products.min() >= 1
    assert world.products.max() <= 500
    assert np.corrcoef(np.log(world.orders), np.log(world.products))[0, 1] > 0.4


def test_all_stages_locales_and_segments_occur(world):
    for codes, names in (
        (world.stage, world.stages),
        (world.locale, world.locales),
        (world.category, world.categories),
    ):
        assert set(codes) == set(range(len(names)))


def test_new_shops_opened_within_the_last_90_days(world):
    new = world.stage == world.stages.index("new")
    assert new.mean() == pytest.approx(0.08, abs=0.02)
    assert (world.opens[new] >= 400 - 90).all()
    assert (world.opens[~new] < 400 - 90).all()


def test_a_closed_shop_is_open_until_the_day_before(world):
    closing = np.flatnonzero(world.closes < NEVER)[0]
    day = int(world.closes[closing])
    assert world.is_open(day - 1)[closing]
    assert not world.is_open(day)[closing]


def test_the_largest_fifth_has_account_managers(world):
    managed = world.manager >= 0
    assert managed.mean() == pytest.approx(0.2, abs=0.01)
    assert world.orders[managed].min() >= np.quantile(world.orders, 0.79)
