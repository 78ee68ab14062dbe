import json

import numpy as np
import pytest

from models.risk.outlook.breach import RateSeries
from models.risk.outlook.judge import judge_merchants, judge_rates, unjudged
from models.risk.outlook.learn import Sample, learn
from models.risk.outlook.outcomes import COLLAPSE, NOTES
from tests.models.risk.outlook.conftest import SETTINGS, history_of, sliding_units

MERCHANTS, DAYS = 300, 260


def late_rates(units, seed=2):
    """Every third shop is late for three weeks now and then, rising over ten days."""
    generator = np.random.default_rng(seed)
    share = np.full(units.shape, 0.01)
    for number in range(0, len(units), 3):
        for start in range(int(generator.integers(20, 90)), units.shape[1], 80):
            share[number, start : start + 21] = np.minimum(np.linspace(0.02, 0.2, 21), 0.12)[: DAYS - start]
    bad = generator.binomial(units.astype(int), share).astype(float)
    return RateSeries("fulfilment.late_dispatch", bad, units, 0.04, 10, 0, 30.0, 3.0)


@pytest.fixture(scope="module")
def scene():
    units = sliding_units(MERCHANTS, DAYS)
    units[0], units[1], units[2] = 40.0, 40.0, 1.0
    units[0, -7:] = 22.0
    units[3, :-20] = np.nan
    history = history_of(units)
    rates = late_rates(np.nan_to_num(units))
    everyone = np.ones(MERCHANTS, dtype=bool)
    learned = learn(Sample(history, everyone, everyone, everyone, [rates]), SETTINGS)
    return learned, history, rates


def of(verdicts, outcome, horizon=14):
    return next(one for one in verdicts if (one.outcome, one.horizon) == (outcome, horizon))


def test_a_sliding_merchant_is_told_a_higher_probability_and_why(scene):
    learned, history, _ = scene
    found = of(judge_merchants(learned, history), COLLAPSE)
    assert found.p[0] > 5 * found.p[1]
    assert np.isnan(found.p_healthy[0])
    assert found.p_healthy[1] < 0.1
    assert json.loads(found.reasons[0])[0]["code"] == "falling_volume"
    assert found.reasons[1] is None


def test_the_small_and_the_young_are_told_why_there_is_none(scene):
    learned, history, _ = scene
    found = of(judge_merchants(learned, history), COLLAPSE)
    assert np.isnan(found.p[[2, 3]]).all()
    assert found.note[[2, 3]].tolist() == ["too_small", "too_new"]
    assert set(found.note) <= {"", *NOTES}


def test_where_nothing_was_learned_everybody_is_told(scene):
    learned, history, _ = scene
    found = of(judge_merchants(learned, history), "dormancy")
    assert np.isnan(found.p).all()
    assert (found.note[:3] == "few_events").all()


def test_blocks_do_not_change_the_answer(scene):
    learned, history, _ = scene
    whole = of(judge_merchants(learned, history), COLLAPSE)
    part = of(judge_merchants(learned, history.rows(np.arange(50, 120))), COLLAPSE)
    np.testing.assert_allclose(part.p, whole.p[50:120], rtol=1e-9)
    assert part.reasons.tolist() == whole.reasons[50:120].tolist()


def test_a_rate_near_its_limit_is_told_a_higher_probability(scene):
    learned, _, rates = scene
    bad, total = np.zeros((3, 60)), np.full((3, 60), 40.0)
    bad[0] = 1.4
    bad[1] = 0.2
    bad[2] = 4.0
    found = of(judge_rates(learned, [RateSeries(rates.metric, bad, total, 0.04, 10, 0, 30.0, 3.0)]),
               "limit_breach:fulfilment.late_dispatch")  # fmt: skip
    assert found.p[0] > 3 * found.p[1]
    assert np.isnan(found.p_healthy[0])
    assert found.note[2] == "already"
    assert json.loads(found.reasons[0])[0]["code"] == "near_limit"


def test_without_any_sale_nothing_is_said():
    found = list(unjudged(3, SETTINGS))
    assert len(found) == 6
    assert all(one.note.tolist() == ["short_history"] * 3 and np.isnan(one.p).all() for one in found)
