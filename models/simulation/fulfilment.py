"""From order to door: what is known of an order day when it is young, and when everything is due.

The idea: the fate of every order of a day is drawn on that day; each age then shows the part that has come to pass, so
a later version of a row never takes anything back.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.simulation.draws import Floats, Ints, Streams, thin
from models.simulation.parameters import FulfilmentParameters, SimulationParameters
from models.simulation.world import World

SHIP_BY_AGE = 3  # orders are due for dispatch after 48 hours: every version of this age or more knows
NEAR_AGE, FAR_AGE = 7, 14  # promised days of near and far customers have passed
COLUMNS = (
    "orders", "cancelled_by_seller", "cancelled_by_buyer", "dispatched", "dispatch_due", "dispatched_late",
    "tracked_valid", "pickup_due_48h", "picked_up_48h", "delivery_due", "delivered_late", "on_time_and_tracked",
)  # fmt: skip


@dataclass(frozen=True)
class Lanes:
    """Ways that parcels go: one or two per merchant, sorted by merchant; (lanes,) arrays.

    `share` is the part of its merchant's orders; `second` marks the smaller lane of a merchant.
    """

    merchant: Ints
    carrier: Ints
    carriers: list[str]
    warehouse: Ints
    warehouses: list[str]
    share: Floats
    second: NDArray[np.bool_]


def make_lanes(parameters: SimulationParameters, world: World, streams: Streams) -> Lanes:
    """Draw carriers and warehouses of all merchants."""
    rng = streams.of("lanes")
    weights = np.array(list(parameters.carriers.values()))
    first = rng.choice(len(weights), world.size, p=weights / weights.sum())
    has_second = rng.random(world.size) < parameters.world.second_lane_share
    other = (first + 1 + rng.integers(0, max(len(weights) - 1, 1), world.size)) % len(weights)
    merchant = np.repeat(np.arange(world.size), 1 + has_second)
    second = np.concatenate([[False], merchant[1:] == merchant[:-1]])
    part = np.where(has_second, rng.uniform(0.15, 0.4, world.size), 0.0)
    return Lanes(
        merchant=merchant,
        carrier=np.where(second, other[merchant], first[merchant]),
        carriers=list(parameters.carriers),
        warehouse=world.region[merchant],
        warehouses=[f"{entry.code}-1" for entry in parameters.regions.values()],
        share=np.where(second, part[merchant], 1 - part[merchant]),
        second=second,
    )


class Carriers:
    """Daily quality of each carrier: a factor on late deliveries that wanders and is common to all its shops."""

    def __init__(self, shape: FulfilmentParameters, carriers: int, streams: Streams) -> None:
        self._shape, self._streams = shape, streams
        self._log = shape.carrier_spread * streams.of("carriers start").standard_normal(carriers)

    def step(self, day: int) -> Floats:
        """Go one day on; return the factor of each carrier."""
        noise = self._streams.of("carriers", day).standard_normal(len(self._log))
        memory = self._shape.carrier_memory
        self._log = memory * self._log + np.sqrt(1 - memory**2) * self._shape.carrier_spread * noise
        return np.asarray(np.exp(self._log))


@dataclass(frozen=True)
class ParcelTrouble:
    """Shares that episodes add: of orders cancelled by the seller and of parcels without a scan, both (merchants,),
    and of parcels that a carrier delivers late, (lanes,)."""

    cancelled: Floats | float = 0.0
    untracked: Floats | float = 0.0
    delayed: Floats | float = 0.0


@dataclass(frozen=True)
class Cohort:
    """Orders of one day by lane: one dictionary of columns (lanes,) per age, and the late share per merchant."""

    day: int
    versions: dict[int, dict[str, Ints]]
    late_share: Floats
    dispatched_soon: Floats


def split_orders(rng: np.random.Generator, orders: Ints, lanes: Lanes) -> Ints:
    """Orders per lane (lanes,); they sum to the merchant's."""
    second = thin(rng, orders[lanes.merchant], np.where(lanes.second, lanes.share, 0.0))
    on_second = np.bincount(lanes.merchant, weights=second, minlength=len(orders)).astype(np.int64)
    return np.where(lanes.second, second, orders[lanes.merchant] - on_second[lanes.merchant])


def make_cohort(
    shape: FulfilmentParameters,
    world: World,
    lanes: Lanes,
    orders: Ints,
    backlog: Floats,
    carrier_factor: Floats,
    ages: tuple[int, ...],
    day: int,
    streams: Streams,
    trouble: ParcelTrouble | None = None,
) -> Cohort:
    """Draw the fate of a day's orders, and how each age sees it.

    Parameters
    ----------
    orders, backlog : (merchants,)
        Orders, and the share of them that a backlog makes late.
    carrier_factor : (carriers,)
    ages
        Ages in days at which a version is wanted.
    trouble
        What episodes add to the merchants' own rates.
    """
    trouble = trouble or ParcelTrouble()
    rng = streams.of("fulfilment", day)
    rates = world.traits.rates
    count = split_orders(rng, orders, lanes)
    by_seller = thin(rng, count, (rates["seller_cancel"] + 0.1 * backlog + trouble.cancelled)[lanes.merchant])
    by_buyer = thin(rng, count - by_seller, rates["buyer_cancel"][lanes.merchant])
    to_ship = count - by_seller - by_buyer
    late_rate = 1 - (1 - rates["late_dispatch"]) * (1 - backlog)
    late = thin(rng, to_ship, late_rate[lanes.merchant])
    shipped = _dispatched_by_age(shape, rng, to_ship, late, ages)
    untracked = (rates["untracked"] + trouble.untracked)[lanes.merchant]
    tracked = _tracked_by_age(rng, shipped, 1 - untracked)
    picked = thin(rng, to_ship - late, 1 - shape.missed_pickup)
    usual = rates["late_delivery"][lanes.merchant] * carrier_factor[lanes.carrier]
    slow = _slow_share(shape, usual, late, to_ship, trouble)
    near_by, far_by = _near_and_far(shape, rng, to_ship, slow, 1 - untracked)
    cancelled = _cancelled_by_age(rng, by_seller, by_buyer, ages)
    versions = {
        age: {
            "orders": count,
            "cancelled_by_seller": cancelled[position][0],
            "cancelled_by_buyer": cancelled[position][1],
            "dispatched": shipped[position],
            "tracked_valid": tracked[position],
            **_due_at(age, to_ship, late, picked),
            **_delivered_at(age, near_by, far_by, tracked[position]),
        }
        for position, age in enumerate(ages)
    }
    totals = np.bincount(lanes.merchant, weights=to_ship, minlength=world.size)
    late_total = np.bincount(lanes.merchant, weights=late, minlength=world.size)
    late_share = np.divide(late_total, totals, out=late_rate.copy(), where=totals > 0)
    return Cohort(day, versions, late_share, 1 - backlog)


class _Parcels(NamedTuple):
    """Parcels with one promise (lanes,): all, those that come late, those on time and with a scan."""

    all: Ints
    late: Ints
    good: Ints


def _slow_share(
    shape: FulfilmentParameters, usual: Floats, late: Ints, to_ship: Ints, trouble: ParcelTrouble
) -> Floats:
    """Share of parcels that come late: as usual on the lane, more where they left late, and what episodes add."""
    left_late = np.divide(late, to_ship, out=np.zeros(len(late)), where=to_ship > 0)
    slow = usual + shape.late_delivery_by_late_dispatch * left_late
    share: Floats = 1 - (1 - np.clip(slow, 0, 1)) * (1 - trouble.delayed)
    return share


def _near_and_far(
    shape: FulfilmentParameters, rng: np.random.Generator, to_ship: Ints, slow: Floats, scanned: Floats
) -> tuple[_Parcels, _Parcels]:
    """Parcels with the short promise and with the long one."""
    near = thin(rng, to_ship, shape.near_share)
    far = to_ship - near
    near_late, far_late = thin(rng, near, slow), thin(rng, far, slow)
    near_good, far_good = thin(rng, near - near_late, scanned), thin(rng, far - far_late, scanned)
    return _Parcels(near, near_late, near_good), _Parcels(far, far_late, far_good)


def _due_at(age: int, to_ship: Ints, late: Ints, picked: Ints) -> dict[str, Ints]:
    """What is known of dispatch once orders are so old."""
    due = int(age >= SHIP_BY_AGE)
    return {
        "dispatch_due": to_ship * due,
        "dispatched_late": late * due,
        "pickup_due_48h": to_ship * due,
        "picked_up_48h": picked * due,
    }


def _delivered_at(age: int, near: _Parcels, far: _Parcels, tracked: Ints) -> dict[str, Ints]:
    """What is known of delivery once orders are so old."""
    near_due, far_due = int(age >= NEAR_AGE), int(age >= FAR_AGE)
    return {
        "delivery_due": near.all * near_due + far.all * far_due,
        "delivered_late": near.late * near_due + far.late * far_due,
        "on_time_and_tracked": np.minimum(near.good * near_due + far.good * far_due, tracked),
    }


def _dispatched_by_age(
    shape: FulfilmentParameters, rng: np.random.Generator, to_ship: Ints, late: Ints, ages: tuple[int, ...]
) -> list[Ints]:
    """Orders handed over by each age: all that are not late by age 2, the late ones over four weeks."""
    in_time = to_ship - late
    same_day = thin(rng, in_time, shape.dispatched_same_day)
    next_day = thin(rng, in_time - same_day, shape.dispatched_next_day)
    late_3 = thin(rng, late, shape.late_out_by_day_3)
    late_7 = thin(rng, late - late_3, shape.late_out_by_day_7)
    late_14 = thin(rng, late - late_3 - late_7, shape.late_out_by_day_14)
    by_age: list[tuple[int, Ints]] = [
        (0, same_day),
        (1, next_day),
        (2, in_time - same_day - next_day),
        (3, late_3),
        (7, late_7),
        (14, late_14),
        (28, late - late_3 - late_7 - late_14),
    ]
    none = np.zeros_like(to_ship)
    return [sum((part for since, part in by_age if age >= since), none) for age in ages]


def _tracked_by_age(rng: np.random.Generator, shipped: list[Ints], share: Floats) -> list[Ints]:
    """Of those handed over, those with a carrier's scan; a parcel's scan does not get lost again."""
    tracked = [thin(rng, shipped[0], share)]
    for before, now in pairwise(shipped):
        tracked.append(tracked[-1] + thin(rng, now - before, share))
    return tracked


def _cancelled_by_age(
    rng: np.random.Generator, by_seller: Ints, by_buyer: Ints, ages: tuple[int, ...]
) -> list[tuple[Ints, Ints]]:
    """Cancellations known by each age: half on the day itself, all once the ship-by time has passed."""
    seller_half, buyer_half = thin(rng, by_seller, 0.5), thin(rng, by_buyer, 0.6)
    return [(by_seller, by_buyer) if age >= SHIP_BY_AGE else (seller_half, buyer_half) for age in ages]
