from types import SimpleNamespace

import numpy as np
import pytest

from models.simulation.consequences import bad_words, parcel_trouble, sale_trouble, with_fakes
from models.simulation.memory import Memory
from models.simulation.pressures import Pressure
from models.simulation.scenarios import LEVERS
from models.simulation.stock import StockDay
from models.simulation.strain import Strain


def pressure(**levers):
    by_lever = {lever: np.array([levers.get(lever, 0.0)]) for lever in LEVERS}
    return Pressure(by_lever, np.array([levers.get("carrier", 0.0)]), by_lever["dispatch"], by_lever["reply"])


def test_faulty_goods_come_back_by_the_sellers_fault():
    trouble = sale_trouble(Strain(negative_by_fault=0.2, seller_refund_by_fault=0.5), pressure(quality=0.4))
    assert trouble.negative == pytest.approx([0.08])
    assert trouble.by_seller == pytest.approx([0.2])
    assert trouble.other == pytest.approx([0.0])
    assert trouble.refunds == pytest.approx([0.2])


def test_a_spike_of_refunds_is_partly_the_sellers_fault():
    trouble = sale_trouble(Strain(spike_by_seller=0.25), pressure(refunds=0.4))
    assert (trouble.by_seller, trouble.other) == (pytest.approx([0.1]), pytest.approx([0.3]))


def test_empty_parcels_are_not_scanned_and_wrong_prices_are_cancelled():
    strain = Strain(fake_untracked=0.5, cancelled_by_underprice=0.4)
    trouble = parcel_trouble(strain, np.array([10]), np.array([4]), np.array([0.5]), pressure(carrier=0.3))
    assert trouble.untracked == pytest.approx([0.2])
    assert trouble.cancelled == pytest.approx([0.2])
    assert trouble.delayed == pytest.approx([0.3])


def test_bad_words_come_with_the_lag_of_reviews_and_from_strangers_at_once():
    shape, memory = SimpleNamespace(review_lag_days=2, unhappy_by_late=0.5), Memory()
    for late in (0.8, 0.0, 0.0):
        memory.keep(backlog=np.array([late]), delayed=np.zeros(1), faulty=np.zeros(1))
    assert bad_words(Strain(), shape, memory, pressure()) == pytest.approx([0.4])
    memory.keep(backlog=np.zeros(1), delayed=np.zeros(1), faulty=np.zeros(1))
    assert bad_words(Strain(), shape, memory, pressure()) == pytest.approx([0.0])
    assert bad_words(Strain(), shape, memory, pressure(bad_reviews=3.0)) == pytest.approx([0.75])


def test_fake_orders_are_sold_without_leaving_the_shelf(made):
    products = made.simulation.platform.products
    zeros = np.zeros(products.size, dtype=np.int64)
    day = StockDay(zeros, zeros, zeros + 5, zeros, zeros.astype(float), None, None, None)
    fakes = np.zeros(len(products.counts), dtype=np.int64)
    assert with_fakes(day, products, fakes) is day
    assert with_fakes(None, products, fakes + 1) is None
    fakes[3] = 7
    sold = with_fakes(day, products, fakes)
    assert products.sum_by_merchant(sold.lines_sold).tolist() == fakes.tolist()
    best = int(np.argmax(sold.units_sold))
    own = products.merchant == 3
    assert products.share[best] == products.share[own].max()
    assert (sold.on_hand == 5).all()
