import numpy as np


def test_links_hold_every_day(chain_history):
    _, days, _, _ = chain_history
    for day in days[::7]:
        assert (day.orders <= day.lines).all()
        assert (day.lines <= day.units).all()
        assert (day.buyers <= day.orders).all()
        assert (day.orders <= day.visitors).all()
        assert ((day.orders > 0) == (day.lines > 0)).all()
        assert not day.orders[~day.is_open].any()


def test_shelves_exist_for_the_days_of_detail_only(chain_history):
    simulation, days, _, _ = chain_history
    start = simulation.platform.detail_start
    assert start == len(days) - 120
    assert all(day.stock is None for day in days[:start])
    assert all(day.stock is not None for day in days[start:])
    assert np.ptp([len(day.stock.units_sold) for day in days[start:]]) == 0


def test_orders_do_not_jump_where_shelves_begin(chain_history):
    simulation, _, orders, _ = chain_history
    start = simulation.platform.detail_start
    before, after = orders[start - 28 : start].sum(), orders[start : start + 28].sum()
    expected = simulation.platform.expectation.orders_until
    planned = (expected[start + 28] - expected[start]).sum() / (expected[start] - expected[start - 28]).sum()
    assert 0.8 < after / before / planned < 1.2


def test_customers_of_late_shops_are_unhappy(chain_history):
    _, days, _, _ = chain_history
    day = days[-1]
    late = day.late_recent > 0.1
    assert late.any()
    assert day.unhappy[late].mean() > day.unhappy[~late].mean()
