import numpy as np
import pytest

from models.simulation.realism import (
    FigureWanted,
    RealismPolicy,
    count_realism,
    gini,
    hold_against,
    late_realism,
    quarter_realism,
)
from pipelines.workspace import shipped
from pipelines.yaml_file import load_yaml


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


def policy():
    return load_yaml(shipped("policy") / "realism.yaml", RealismPolicy)


def test_quarters_are_counted_over_those_who_sold():
    orders = np.zeros((200, 4))
    orders[150, 0], orders[199, 1], orders[20, 2] = 1, 9, 5  # two quarters: days 18 to 108, and 109 to 199
    figures = quarter_realism(orders)
    assert figures["quarter_orders_q50"] == 5
    assert figures["quarter_gini"] == pytest.approx(gini(np.array([1.0, 9.0, 5.0])))
    assert quarter_realism(orders[:80]) == {}


def test_small_platforms_say_nothing_rather_than_anything():
    assert late_realism(*[np.full(5, 100.0)] * 4) == {}
    assert count_realism(np.ones((20, 30)), np.arange(20) % 7, np.ones(20, dtype=bool)) == {}
    few = count_realism(np.ones((100, 3)), np.arange(100) % 7, np.ones(100, dtype=bool))
    assert few == {"zero_days": 0.0}


def test_a_figure_is_near_off_or_not_told():
    wanted = FigureWanted(name="x", kind="any", wanted=2.0, within=(1.0, 3.0), what="x")
    found = [hold_against((wanted,), reached)[0].verdict for reached in ({"x": 3.0}, {"x": 3.1}, {}, {"x": np.nan})]
    assert found == ["near", "off", "not told", "not told"]
    with pytest.raises(ValueError, match="outside its own bounds"):
        FigureWanted(name="x", kind="any", wanted=4.0, within=(1.0, 3.0), what="x")


def test_shipped_platform_is_near_the_measured_figures(chain_history):
    simulation, _, orders, is_open = chain_history
    season = simulation.platform.season
    days = len(orders)
    weekday = np.array([(simulation.platform.world.first_day.weekday() + day) % 7 for day in range(days)])
    ordinary = season.visitors[:days] == 0
    figures = count_realism(np.where(is_open, orders, np.nan), weekday, ordinary)
    wanted = [figure for figure in policy().figures if figure.kind == "stores"]
    verdicts = {figure.wanted.name: figure.verdict for figure in hold_against(tuple(wanted), figures)}
    assert set(verdicts.values()) == {"near"}, figures
    assert 0.6 < figures["gini"] < 0.82


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
