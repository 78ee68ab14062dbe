import numpy as np
import pytest

from models.risk.outlook.learn import Sample, learn
from models.risk.outlook.outcomes import COLLAPSE
from tests.models.risk.outlook.conftest import SETTINGS, history_of, sliding_units


def sample_of(history):
    everyone = np.ones(len(history.ids), dtype=bool)
    return Sample(history, everyone, everyone, everyone)


@pytest.fixture(scope="module")
def learned(sliding):
    return learn(sample_of(sliding), SETTINGS)


def test_there_is_a_model_for_each_horizon_and_one_of_the_healthy(learned):
    for horizon in (14, 28):
        assert learned.models[COLLAPSE, horizon] is not None
        assert learned.healthy[horizon] is not None
        assert learned.note(COLLAPSE, horizon) == ""


def test_why_there_is_none_is_told(learned):
    assert learned.note("rating_fall", 14) == "short_history"  # nobody could ever be judged
    assert learned.note("dormancy", 14) == "few_events"


def test_a_short_history_learns_nothing():
    found = learn(sample_of(history_of(sliding_units(60, 75))), SETTINGS)
    assert set(found.models.values()) == {None}
    assert found.note(COLLAPSE, 14) == "short_history"


def test_a_day_of_the_month_learns_what_its_first_day_learned(sliding):
    """Days of the same month, the later one with a history that goes on differently."""
    cut = 10
    first = history_of(sliding.units[:, :-cut], sliding.last_day - cut)
    changed = sliding.units.copy()
    changed[:, -cut:] = 7.0
    features = np.random.default_rng(1).normal(size=(20, len(learn(sample_of(first), SETTINGS).feature_middles)))
    p = [
        learn(sample_of(one), SETTINGS).models[COLLAPSE, 14].probability(features)
        for one in (first, history_of(changed, sliding.last_day))
    ]
    np.testing.assert_array_equal(*p)
