import numpy as np
import pytest

from models.simulation.fulfilment import Lanes
from models.simulation.pressures import Pressures, overload
from models.simulation.scenarios import Episodes, Scenario
from models.simulation.strain import Strain

# Merchant 0 ships with carrier 0 alone, merchant 1 with carrier 0 (70 %) and 1 (30 %), merchant 2 with carrier 1.
LANES = Lanes(
    merchant=np.array([0, 1, 1, 2]), carrier=np.array([0, 0, 1, 1]), carriers=["Swift", "Crane"],
    warehouse=np.zeros(4, dtype=int), warehouses=["W"], share=np.array([1.0, 0.7, 0.3, 1.0]),
    second=np.array([False, False, True, False]),
)  # fmt: skip


def pressure(effect, rows, magnitude=0.4, **changes):
    """Pressure on day 5 of episodes of one kind: rows of (merchant, carrier, part)."""
    values = {
        "family": "x", "effect": effect, "root_leg": "sales", "scope": "merchant", "onset_days_before_end": (5, 5),
        "magnitude": (magnitude, magnitude), **changes,
    }  # fmt: skip
    merchant, carrier, part = (np.array(column) for column in zip(*rows, strict=True))
    size = len(rows)
    days = [np.full(size, value) for value in (3, 9, 0, 0)]
    none = np.zeros(size, dtype=int)
    episodes = Episodes(
        (Scenario.model_validate(values),), none, none, merchant, none.astype(object), *days,
        np.full(size, magnitude), carrier, part.astype(float),
    )  # fmt: skip
    return Pressures(episodes, LANES, Strain(), np.full(3, 0.25), 3).of(5)


def test_a_carrier_is_late_on_its_own_lanes_only():
    made = pressure("carrier", [(1, 1, 0.3), (2, 1, 1.0)], scope="carrier")
    assert made.carrier_on_lane.tolist() == [0, 0, 0.4, 0.4]
    assert made["carrier"] == pytest.approx([0, 0.12, 0.4])


def test_a_merchants_own_late_parcels_are_on_all_its_lanes():
    made = pressure("carrier", [(1, -1, 1.0)])
    assert made.carrier_on_lane.tolist() == [0, 0.4, 0.4, 0]


def test_a_surge_beyond_the_slack_makes_parcels_and_replies_late():
    made = pressure("surge", [(0, -1, 1.0)], magnitude=3.0)
    assert made["surge"].tolist() == [3, 0, 0]
    assert made.dispatch == pytest.approx([0.5, 0, 0])  # four times the work, twice can be done
    assert made.reply == pytest.approx([0.5, 0, 0])
    assert not pressure("surge", [(0, -1, 1.0)], magnitude=0.9).dispatch.any()


def test_a_dead_bot_overloads_the_people():
    made = pressure("bot", [(2, -1, 1.0)], magnitude=1.0)
    assert made.reply == pytest.approx([0, 0, 0.5])  # from a quarter of the chats to all of them


def test_a_backlog_is_felt_as_it_is():
    made = pressure("dispatch", [(0, -1, 1.0), (0, -1, 1.0)])
    assert made.dispatch == pytest.approx([0.4, 0, 0])
    assert not made.reply.any()


def test_overload_of_worked_examples():
    assert overload(np.array([1.0, 2.0, 4.0]), 1.0) == pytest.approx([0, 0, 0.5])
