"""Refunds, claims and cases: what comes back of the orders of a day, and when it is known.

Late parcels upstream raise complaints and refunds by the seller's fault here; the carrier of that is the late share of
the same orders.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.simulation.draws import Floats, Ints, Streams, cumulative_reveal, thin
from models.simulation.parameters import AfterSaleParameters, SimulationParameters
from models.simulation.world import World

COLUMNS = (
    "orders", "defective_orders", "claims", "chargebacks", "refunds", "refunds_by_seller_fault", "interventions",
)  # fmt: skip
HOURS_SHAPE = 2.0  # gamma shape of the hours that a refund takes


@dataclass(frozen=True)
class SaleTrouble:
    """Shares of orders that episodes add, (merchants,): with a defect, refunded by the seller's fault, and else."""

    negative: Floats | float = 0.0
    by_seller: Floats | float = 0.0
    other: Floats | float = 0.0

    @property
    def refunds(self) -> Floats:
        """Both kinds of refunds together."""
        return np.asarray(self.by_seller + self.other, dtype=np.float64)


def after_sale_cohort(
    parameters: SimulationParameters,
    world: World,
    orders: Ints,
    late_share: Floats,
    refund_factor: float,
    ages: tuple[int, ...],
    day: int,
    streams: Streams,
    trouble: SaleTrouble | None = None,
) -> dict[int, dict[str, Ints]]:
    """What each age knows of the orders of a day.

    Parameters
    ----------
    orders, late_share : (merchants,)
    refund_factor
        Of the calendar: sales events bring more back.
    trouble
        What episodes add.

    Returns
    -------
    dict of age to columns (merchants,)
    """
    rng = streams.of("after sale", day)
    shape, rates, trouble = parameters.after_sale, world.traits.rates, trouble or SaleTrouble()
    base = np.array([entry.refunds for entry in parameters.categories.values()])[world.category]
    negative = thin(rng, orders, rates["negative"] + shape.negative_by_late * late_share + trouble.negative)
    claims = thin(rng, orders - negative, shape.claim)
    chargebacks = thin(rng, orders - negative - claims, shape.chargeback)
    by_seller = thin(rng, orders, rates["seller_refund"] + shape.seller_refund_by_late * late_share + trouble.by_seller)
    other = thin(rng, orders - by_seller, base * refund_factor + trouble.other)
    interventions = thin(rng, orders, shape.intervention)
    finals = (negative, claims, chargebacks, by_seller, other, interventions)
    known = [cumulative_reveal(rng, final, shape.revealed) for final in finals]
    positions = [parameters.feeds.after_sale_ages.index(age) for age in ages]
    return {
        age: {
            "orders": orders,
            "defective_orders": known[0][at] + known[1][at] + known[2][at],
            "claims": known[1][at],
            "chargebacks": known[2][at],
            "refunds": known[3][at] + known[4][at],
            "refunds_by_seller_fault": known[3][at],
            "interventions": known[5][at],
        }
        for age, at in zip(ages, positions, strict=True)
    }


def cases_of_day(
    shape: AfterSaleParameters, recent_orders: Floats, refund_rate: Floats, slow: Floats, day: int, streams: Streams
) -> dict[str, Ints | Floats]:
    """Cases and refunds closed on a day, (merchants,) per column.

    Parameters
    ----------
    recent_orders
        Orders per day of about the time from which cases are closed now.
    refund_rate
        Refunds per order.
    slow
        How much slower than usual the shop's people work (0 = as usual).
    """
    rng = streams.of("cases", day)
    cases = rng.poisson(recent_orders * shape.case_per_order)
    refunds = rng.poisson(recent_orders * refund_rate)
    scale = shape.refund_hours * (1 + slow) / HOURS_SHAPE
    hours = rng.gamma(HOURS_SHAPE * np.maximum(refunds, 1e-9)) * scale
    # Around the mean, squares add up to the gamma's own variance; with one refund there is no spread at all.
    spread = np.maximum(refunds - 1, 0) * HOURS_SHAPE * scale**2
    squares = np.divide(hours**2, refunds, out=np.zeros_like(hours), where=refunds > 0) + spread
    return {
        "cases_closed": cases,
        "cases_closed_unresolved": thin(rng, cases, shape.case_unresolved * (1 + slow)),
        "refunds_closed": refunds,
        "refund_hours_sum": np.asarray(np.round(np.where(refunds > 0, hours, 0.0), 1), dtype=np.float64),
        "refund_hours_sum_of_squares": np.asarray(np.round(np.where(refunds > 0, squares, 0.0), 1), dtype=np.float64),
    }
