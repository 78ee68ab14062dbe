"""Erlang C against published values and its own definition."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.staffing.erlang import servers_needed, waiting_probability


def waiting_by_definition(servers: int, load: float) -> float:
    top = load**servers / math.factorial(servers) * servers / (servers - load)
    return top / (sum(load**k / math.factorial(k) for k in range(servers)) + top)


def test_a_well_known_call_centre() -> None:
    # 200 calls an hour of 180 s are 10 erlangs; 14 agents: 17.4 % wait, 88.8 % are answered within 20 s.
    chance = waiting_probability(np.array([14]), np.array([10.0]))[0]
    assert chance == pytest.approx(0.174, abs=0.0005)
    assert 1 - chance * math.exp(-(14 - 10) * 20 / 180) == pytest.approx(0.888, abs=0.0005)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.5), (2, 1.9), (5, 3.0), (20, 15.0)])
def test_agrees_with_the_definition(servers: int, load: float) -> None:
    found = waiting_probability(np.array([servers]), np.array([load]))[0]
    assert found == pytest.approx(waiting_by_definition(servers, load))


def test_an_overload_makes_everybody_wait() -> None:
    assert waiting_probability(np.array([3, 3]), np.array([3.0, 9.0])).tolist() == [1, 1]


def test_the_smallest_number_that_is_enough() -> None:
    needed = servers_needed(np.array([10.0]), np.array([180.0]), 0.8, 20.0, 0.999)
    assert needed.tolist() == [14]  # 13 would answer 80 % only after longer than 20 s
    fewer = waiting_probability(np.array([13]), np.array([10.0]))[0]
    assert 1 - fewer * math.exp(-3 * 20 / 180) < 0.8


def test_occupancy_may_ask_for_more() -> None:
    assert servers_needed(np.array([100.0]), np.array([180.0]), 0.5, 60.0, 0.8).tolist() == [125]


def test_no_load_needs_nobody() -> None:
    assert servers_needed(np.array([0.0, 0.001]), np.array([180.0, 180.0]), 0.8, 20.0, 0.85).tolist() == [0, 1]


@settings(deadline=None)
@given(load=st.floats(0.02, 200), more=st.floats(0, 50))
def test_more_load_never_needs_fewer(load: float, more: float) -> None:
    found = servers_needed(np.array([load, load + more]), np.array([300.0, 300.0]), 0.8, 30.0, 0.85)
    assert found[1] >= found[0] > load
