"""What an episode's pressure means for parcels, refunds, words and fake orders: the same for every family.

The idea: a link that is pushed hands on shares of orders; these functions are the places where one link's trouble turns
into the next one's.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.simulation.after_sale import SaleTrouble
from models.simulation.draws import Floats, Ints
from models.simulation.fulfilment import ParcelTrouble
from models.simulation.memory import Memory
from models.simulation.parameters import ExperienceParameters
from models.simulation.pressures import Pressure
from models.simulation.products import Products
from models.simulation.stock import StockDay
from models.simulation.strain import Strain


def parcel_trouble(strain: Strain, orders: Ints, fakes: Ints, underpriced: Floats, pressure: Pressure) -> ParcelTrouble:
    """Cancelled after a price far too low, without a scan where parcels are empty, late where the carrier is."""
    return ParcelTrouble(
        cancelled=strain.cancelled_by_underprice * underpriced,
        untracked=strain.fake_untracked * fakes / np.maximum(orders, 1),
        delayed=pressure.carrier_on_lane,
    )


def sale_trouble(strain: Strain, pressure: Pressure) -> SaleTrouble:
    """Shares of the day's orders that will come back."""
    spike, fault = pressure["refunds"], pressure["quality"]
    return SaleTrouble(
        negative=strain.negative_by_fault * fault,
        by_seller=strain.spike_by_seller * spike + strain.seller_refund_by_fault * fault,
        other=(1 - strain.spike_by_seller) * spike + strain.refund_by_late_delivery * pressure["carrier"],
    )


def bad_words(strain: Strain, shape: ExperienceParameters, memory: Memory, pressure: Pressure) -> Floats:
    """Share of the day's words that episodes made bad (merchants,); what a shop is known for is left out."""
    lag = shape.review_lag_days
    late = memory.ago("backlog", lag) + memory.ago("delayed", lag)
    faulty = strain.unhappy_by_fault * memory.ago("faulty", lag)
    of_customers = np.minimum(shape.unhappy_by_late * late + 0.3 * pressure.reply + faulty, 1.0)
    strangers = pressure["bad_reviews"]
    return np.asarray((of_customers + strangers) / (1 + strangers))


def with_fakes(stock_day: StockDay | None, products: Products, fakes: Ints) -> StockDay | None:
    """Sales by product with the fake ones, all of the shop's best product; the shelves know nothing of them."""
    if stock_day is None or not fakes.any():
        return stock_day
    lines, units = stock_day.lines_sold.copy(), stock_day.units_sold.copy()
    lines[products.best] += fakes
    units[products.best] += fakes
    return replace(stock_day, lines_sold=lines, units_sold=units)
