import itertools

import numpy as np
import pytest

from models.simulation.draws import Streams
from models.simulation.fulfilment import COLUMNS, Carriers, make_cohort, make_lanes, split_orders

AGES = (0, 1, 3, 7, 14, 28)
PARTS = [
    ("cancelled_by_seller", "orders"), ("cancelled_by_buyer", "orders"), ("dispatched", "orders"),
    ("dispatch_due", "orders"), ("dispatched_late", "dispatch_due"), ("tracked_valid", "dispatched"),
    ("pickup_due_48h", "orders"), ("picked_up_48h", "pickup_due_48h"), ("delivery_due", "orders"),
    ("delivered_late", "delivery_due"), ("on_time_and_tracked", "orders"),
]  # fmt: skip


def cohort(made, orders=400, backlog=0.0):
    platform = made.simulation.platform
    size = platform.world.size
    return make_cohort(
        platform.parameters.fulfilment, platform.world, platform.lanes, np.full(size, orders),
        np.full(size, backlog), np.ones(len(platform.lanes.carriers)), AGES, 30, Streams(2),
    )  # fmt: skip


def test_parts_stay_below_their_wholes_at_every_age(made):
    for version in cohort(made).versions.values():
        assert set(version) == set(COLUMNS)
        for part, whole in PARTS:
            assert (version[part] <= version[whole]).all(), part


def test_nothing_is_taken_back_with_age(made):
    versions = cohort(made).versions
    for younger, older in itertools.pairwise(AGES):
        for name in COLUMNS:
            assert (versions[younger][name] <= versions[older][name]).all(), (name, older)


def test_in_the_end_everything_is_due_and_dispatched(made):
    last = cohort(made).versions[28]
    to_ship = last["orders"] - last["cancelled_by_seller"] - last["cancelled_by_buyer"]
    for name in ("dispatched", "dispatch_due", "pickup_due_48h", "delivery_due"):
        assert (last[name] == to_ship).all()


def test_nothing_is_due_before_its_time(made):
    versions = cohort(made).versions
    assert not versions[1]["dispatch_due"].any()
    assert not versions[3]["delivery_due"].any()
    assert versions[7]["delivery_due"].sum() < versions[14]["delivery_due"].sum()


def test_a_backlog_makes_its_share_late(made):
    calm, jammed = cohort(made).versions[28], cohort(made, backlog=0.5).versions[28]
    rate = jammed["dispatched_late"].sum() / jammed["dispatch_due"].sum()
    assert 0.5 < rate < 0.56
    assert jammed["delivered_late"].sum() > 2 * calm["delivered_late"].sum()


def test_lanes_share_out_all_orders(made):
    platform = made.simulation.platform
    lanes = make_lanes(platform.parameters, platform.world, Streams(4))
    orders = np.arange(platform.world.size) * 3
    split = split_orders(np.random.default_rng(1), orders, lanes)
    assert (np.bincount(lanes.merchant, weights=split, minlength=platform.world.size) == orders).all()
    assert np.bincount(lanes.merchant, weights=lanes.share) == pytest.approx(1.0)
    both = lanes.merchant[lanes.second]
    first = lanes.carrier[~lanes.second & np.isin(lanes.merchant, both)]
    assert (first != lanes.carrier[lanes.second]).all()


def test_carriers_wander_around_one(made):
    carriers = Carriers(made.simulation.platform.parameters.fulfilment, 3, Streams(1))
    factors = np.array([carriers.step(day) for day in range(500)])
    assert np.median(factors) == pytest.approx(1.0, abs=0.12)
