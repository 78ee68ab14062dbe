from datetime import date

import numpy as np
import pytest

from models.simulation.demand import demand_of_day, expect
from models.simulation.draws import Streams


def test_orders_until_is_the_running_sum_of_expected_orders(made):
    expectation = made.simulation.platform.expectation
    orders = expectation.visitors[:10].astype(float) * expectation.conversion[:10]
    assert np.diff(expectation.orders_until[:11], axis=0) == pytest.approx(orders, rel=1e-5)


def test_closed_and_not_yet_open_shops_expect_nobody(made):
    platform = made.simulation.platform
    for day in (0, platform.world.days - 1):
        shut = ~platform.world.is_open(day)
        assert not platform.expectation.visitors[day, shut].any()
        assert platform.expectation.visitors[day, ~shut].all()


def test_a_promotion_raises_what_is_expected(made):
    platform = made.simulation.platform
    none = np.zeros_like(platform.depths)
    deeper = none.copy()
    deeper[5] = 0.2
    plain = expect(platform.parameters, platform.world, platform.season, none)
    lifted = expect(platform.parameters, platform.world, platform.season, deeper)
    seen = plain.visitors[5] > 0
    shape = platform.parameters.demand
    assert (lifted.visitors[5, seen] / plain.visitors[5, seen]) == pytest.approx(
        1 + 0.2 * shape.promotion_visitors, rel=1e-4
    )
    assert (lifted.visitors[6] == plain.visitors[6]).all()


def test_traffic_scales_visitors_and_orders(made):
    platform = made.simulation.platform
    ones, none = np.ones(platform.world.size), np.zeros(platform.world.size)
    full = demand_of_day(platform.parameters, platform.expectation, ones, ones, 100, Streams(1))
    gone = demand_of_day(platform.parameters, platform.expectation, ones, none, 100, Streams(1))
    assert full.visitors.sum() > 0
    assert not gone.visitors.any()
    assert not gone.lines_wanted.any()


def test_week_year_and_double_11_are_visible(chain_history):
    simulation, _, orders, is_open = chain_history
    world, season = simulation.platform.world, simulation.platform.season
    always = is_open.all(axis=0) & (world.dormant_from > len(orders))
    total = orders[:, always].sum(axis=1).astype(float)
    days = np.arange(len(total))
    weekday = (world.first_day.weekday() + days) % 7
    ordinary = season.visitors[: len(total)] == 0
    weekend = total[ordinary & (weekday >= 5)].mean() / total[ordinary & (weekday < 5)].mean()
    assert 1.04 < weekend < 1.25

    def at(day):
        return (day - world.first_day).days

    base = total[at(date(2025, 10, 9)) : at(date(2025, 10, 20))].mean()
    assert total[at(date(2025, 11, 11))] > 3 * base
    assert total[at(date(2025, 11, 13))] < 0.9 * base  # after the feast
    assert total[at(date(2026, 2, 17)) : at(date(2026, 2, 21))].mean() < 0.8 * base  # Spring Festival
    assert total[at(date(2026, 6, 17))] > 2 * base  # 618
