from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.simulation.harm import SurgeHarm, seen_and_harmed
from models.simulation.pressures import Pressure
from models.simulation.world import NEVER


def days(episodes):
    observable, harm = seen_and_harmed(episodes.kinds[0], episodes, np.array([0]))
    return int(observable[0]), int(harm[0])


def test_half_of_the_business_lost_sums_to_two_days_on_the_fourth(placed):
    assert days(placed(harm_sum=2.0)) == (10, 13)


def test_a_slow_rise_is_seen_long_before_it_does_harm(placed):
    # 0.1, 0.2, 0.3, 0.4, 0.5, 0.5: visible from 0.2 on, 1.5 after five days.
    assert days(placed(ramp=4, harm_sum=1.5, observable_effect=0.2)) == (11, 14)


def test_lags_move_both_days(placed):
    found = days(placed(harm_sum=1.0, observable_lag_days=1, harm_lag_days=7))
    assert found == (11, 18)


def test_a_merchant_touched_in_part_is_harmed_later(placed):
    assert days(placed(harm_sum=1.0, part=0.25)) == (10, 17)


def test_full_days_of_effect_do_not_ask_how_strong_it_is(placed):
    assert days(placed(harm_after=2.0, magnitude=0.1))[1] == days(placed(harm_after=2.0, magnitude=0.9))[1] == 11


def test_what_ends_in_time_does_no_harm(placed):
    assert days(placed(last=12, harm_sum=2.0)) == (10, NEVER)


def test_without_a_sum_there_is_no_harm(placed):
    assert days(placed())[1] == NEVER


@given(
    magnitude=st.floats(0.05, 1), ramp=st.integers(0, 21), duration=st.integers(1, 40), recovery=st.integers(0, 10),
    wanted=st.floats(0.2, 5), lag=st.integers(0, 8),
)  # fmt: skip
def test_nothing_does_harm_before_it_begins_or_before_it_can_be_seen(
    placed, magnitude, ramp, duration, recovery, wanted, lag
):
    episodes = placed(
        last=10 + duration + recovery - 1, ramp=ramp, recovery=recovery, magnitude=magnitude, harm_sum=wanted,
        harm_lag_days=lag, observable_effect=0.1,
    )  # fmt: skip
    observable, harm = days(episodes)
    assert observable >= 10
    assert observable <= harm
    strengths = [float(episodes.strength("traffic", day, 1)[0]) for day in range(10, 10 + duration + recovery)]
    reached = np.flatnonzero(np.cumsum(strengths) >= wanted - 1e-9)
    assert harm == (10 + reached[0] + lag if len(reached) else NEVER)


def test_a_surge_does_harm_once_enough_found_empty_shelves(placed):
    episodes = placed(effect="surge", magnitude=1.0, harm_sum=1.0, harm_lag_days=2)
    products = SimpleNamespace(
        share=np.array([0.5, 0.5]), sum_by_merchant=lambda values: np.array([np.asarray(values).sum()])
    )
    harm = SurgeHarm(episodes, products)
    pressure = Pressure({"surge": np.array([1.0])}, np.zeros(1), dispatch=np.zeros(1), reply=np.zeros(1))
    half_empty = SimpleNamespace(hours_out=np.array([12.0, 0.0]))  # a quarter of what twice the usual customers want
    for day in range(9, 14):
        harm.observe(day, pressure, half_empty)
    assert harm.harm.tolist() == [13]  # half a day's business a day from the 10th on, felt two days later


def test_a_surge_that_is_served_does_none(placed):
    episodes = placed(effect="surge", harm_sum=1.0)
    products = SimpleNamespace(share=np.ones(1), sum_by_merchant=lambda values: np.asarray(values))
    harm = SurgeHarm(episodes, products)
    pressure = Pressure({"surge": np.array([1.0])}, np.zeros(1), dispatch=np.zeros(1), reply=np.zeros(1))
    for day in range(10, 40):
        harm.observe(day, pressure, SimpleNamespace(hours_out=np.zeros(1)))
    assert harm.harm.tolist() == [NEVER]
