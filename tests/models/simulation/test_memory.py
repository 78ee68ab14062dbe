import numpy as np
import pytest

from models.simulation.memory import LONGEST_LAG_DAYS, MOST_LOST, Memory, Reputation
from models.simulation.strain import Strain


def test_ago_is_the_day_asked_for_or_the_oldest():
    memory = Memory()
    for day in range(5):
        memory.keep(orders=np.array([day]))
    assert memory.ago("orders", 0) == 4
    assert memory.ago("orders", 3) == 1
    assert memory.ago("orders", 30) == 0


def test_the_longest_lag_is_still_known():
    memory = Memory()
    for day in range(100):
        memory.keep(orders=np.array([day]))
    assert memory.ago("orders", LONGEST_LAG_DAYS) == 99 - LONGEST_LAG_DAYS


def test_a_reputation_sinks_slowly_and_comes_back():
    reputation = Reputation(Strain(reputation_memory=0.9, reputation_conversion=0.5), 2)
    assert reputation.factor.tolist() == [1, 1]
    reputation.hear(np.array([1.0, 0.0]))
    assert reputation.factor == pytest.approx([0.95, 1])
    for _ in range(60):
        reputation.hear(np.array([1.0, 0.0]))
    assert reputation.factor == pytest.approx([0.5, 1], abs=0.01)
    for _ in range(60):
        reputation.hear(np.zeros(2))
    assert reputation.factor[0] > 0.99


def test_no_reputation_takes_everybody_away():
    reputation = Reputation(Strain(reputation_memory=0.0, reputation_conversion=9.0), 1)
    reputation.hear(np.ones(1))
    assert reputation.factor == pytest.approx([1 - MOST_LOST])
