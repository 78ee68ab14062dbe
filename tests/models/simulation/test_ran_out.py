from types import SimpleNamespace

import numpy as np

from models.simulation.ran_out import RanOut

# Two shops: products 0 to 2 of the first (shares .5, .3, .2), 3 and 4 of the second (.9, .1).
PRODUCTS = SimpleNamespace(
    merchant=np.array([0, 0, 0, 1, 1]),
    share=np.array([0.5, 0.3, 0.2, 0.9, 0.1]),
    lead_time=np.array([4.0, 9.5, 2.0, 6.0, 30.0]),
    sum_by_merchant=lambda values: np.add.reduceat(values, [0, 3]),
)


def watched(days, least=0.25, on_sale=(1, 1, 1, 1, 1)):
    """Spells after days of which each names the products that are out."""
    shelves = RanOut(PRODUCTS, 2, least)
    for day, out in days.items():
        hours = np.zeros(5)
        hours[list(out)] = 3.0
        shelves.observe(day, SimpleNamespace(hours_out=hours), np.array(on_sale, dtype=bool))
    found = shelves.spells()
    return list(zip(*(column.tolist() for column in found), strict=True))


def test_a_spell_begins_when_an_order_would_have_come_too_late():
    days = {day: [1] if 20 <= day <= 22 else [] for day in range(10, 40)}
    assert watched(days) == [(0, 10, 20, 22, 0.3)]  # ten days to replace it


def test_small_products_are_no_spell_unless_together():
    days = {day: [2, 4] for day in range(10, 20)}
    assert watched(days) == []
    assert watched(days, least=0.2) == [(0, 8, 10, 19, 0.2)]
    assert watched({30: [2, 1]}, least=0.5) == [(0, 20, 30, 30, 0.5)]
    assert watched({30: [2, 1]}, least=0.5, on_sale=(1, 0, 1, 1, 1)) == []


def test_goods_for_a_few_days_do_not_end_a_spell_and_later_products_do_not_move_its_beginning():
    days = {day: [] for day in range(10, 40)} | {20: [0], 24: [0, 1]}
    assert watched(days) == [(0, 16, 20, 24, 0.8)]
    assert [one[2:4] for one in watched(days | {24: [], 26: [0]})] == [(20, 20), (26, 26)]


def test_shops_are_apart_and_asking_twice_says_the_same():
    shelves = RanOut(PRODUCTS, 2, 0.25)
    shelves.observe(3, SimpleNamespace(hours_out=np.array([1.0, 0, 0, 24.0, 0])), np.ones(5, dtype=bool))
    first, again = shelves.spells(), shelves.spells()
    assert first.merchant.tolist() == [0, 1]
    assert first.onset.tolist() == [0, 0]  # no day before the first
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))


def test_the_truth_names_shops_whose_delivered_shelves_were_empty(troubled):
    spells = troubled.truth[troubled.truth.family == "ran_out"]
    assert len(spells) > 0
    assert (spells.onset_on < spells.harm_on).all()
    assert not spells.benign.any()
    stock = troubled.newest("stock", ["date", "merchant_id", "sku_id"])
    out = stock[stock.hours_out_of_stock > 0].groupby(["merchant_id", "date"]).size()
    checked = spells[spells.harm_on.isin(stock.date)]
    assert len(checked) > 0
    for merchant, day in zip(checked.merchant_id, checked.harm_on, strict=True):
        assert out.get((merchant, day), 0) > 0, (merchant, day)


def test_a_planned_stock_out_is_seen_on_the_shelves_as_well(troubled):
    planned = set(troubled.truth[troubled.truth.family == "stock_out"].merchant_id)
    assert planned
    assert planned <= set(troubled.truth[troubled.truth.family == "ran_out"].merchant_id)
