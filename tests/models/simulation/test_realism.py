import numpy as np
import pytest

from models.simulation.realism import count_realism, gini, late_realism


def test_gini_of_worked_examples():
    assert gini(np.array([1.0, 1.0, 1.0, 1.0])) == pytest.approx(0.0)
    assert gini(np.array([0.0, 0.0, 0.0, 4.0])) == pytest.approx(0.75)
    assert gini(np.array([1.0, 3.0])) == pytest.approx(0.25)
    assert gini(np.zeros(3)) == 0.0


def test_dispersion_of_known_negative_binomials_is_found():
    rng = np.random.default_rng(1)
    alpha, mean = 0.3, 40.0
    counts = rng.negative_binomial(1 / alpha, 1 / (1 + alpha * mean), (700, 40)).astype(float)
    figures = count_realism(counts, np.arange(700) % 7, np.ones(700, dtype=bool))
    assert figures["dispersion_q50"] == pytest.approx(alpha, rel=0.1)
    assert abs(figures["autocorrelation_lag_1"]) < 0.05
    assert figures["weekend_spread"] < 0.1


def test_shipped_platform_is_near_the_measured_figures(chain_history):
    simulation, _, orders, is_open = chain_history
    season = simulation.platform.season
    days = len(orders)
    weekday = np.array([(simulation.platform.world.first_day.weekday() + day) % 7 for day in range(days)])
    ordinary = season.visitors[:days] == 0
    figures = count_realism(np.where(is_open, orders, np.nan), weekday, ordinary)
    # Bands around 0.024/0.08/0.65, 0.57 and 0.27, 4.3 %, 0.23, 0.71: same order of magnitude, not the same decimals.
    assert 0.01 < figures["dispersion_q10"] < 0.06
    assert 0.05 < figures["dispersion_q50"] < 0.25
    assert 0.3 < figures["dispersion_q90"] < 1.1
    assert 0.38 < figures["autocorrelation_lag_1"] < 0.7
    assert 0.1 < figures["autocorrelation_lag_7"] < 0.45
    assert 0.015 < figures["zero_days"] < 0.09
    assert 0.15 < figures["weekend_spread"] < 0.35
    assert 0.55 < figures["gini"] < 0.85


def test_late_shares_have_a_tail_and_reach_customers(chain_history):
    simulation, days, _, _ = chain_history
    lane = simulation.platform.lanes.merchant
    size = simulation.platform.world.size
    sums = {}
    for name in ("dispatch_due", "dispatched_late", "delivery_due", "delivered_late"):
        per_lane = sum(day.cohort.versions[28][name] for day in days[-60:])
        sums[name] = np.bincount(lane, weights=per_lane, minlength=size)
    figures = late_realism(**sums)
    assert 0.005 < figures["late_to_carrier_q50"] < 0.02
    assert figures["late_to_carrier_q90"] < 0.04  # most shops are healthy
    assert figures["late_to_carrier_q99"] > 0.05
    assert figures["late_correlation"] > 0.2
