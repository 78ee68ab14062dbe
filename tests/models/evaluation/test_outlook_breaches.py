import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from models.evaluation.outlook_breaches import walk_rates
from models.risk.outlook.breach import RateSeries
from tests.models.risk.outlook.conftest import SETTINGS, history_of

MERCHANTS, DAYS = 150, 240


@pytest.fixture(scope="module")
def scene():
    """Every third shop is late for three weeks now and then, rising day by day."""
    generator = np.random.default_rng(7)
    share = np.full((MERCHANTS, DAYS), 0.01)
    for number in range(0, MERCHANTS, 3):
        for start in range(int(generator.integers(20, 80)), DAYS - 21, 70):
            share[number, start : start + 21] = np.linspace(0.015, 0.12, 21)
    total = np.full(share.shape, 40.0)
    rate = RateSeries("a.b", generator.binomial(40, share).astype(float), total, 0.04, 10, 0, 30.0, 3.0)
    history = history_of(np.full(share.shape, 40.0))
    return rate, history, np.ones(MERCHANTS, dtype=bool)


def test_rates_on_their_way_up_are_told_in_time(scene):
    rate, history, rated = scene
    days = list(range(history.last_day - 60, history.last_day - 14, 5))
    walked = walk_rates([rate], history, rated, 14, days, SETTINGS)
    assert 0 < walked.bad.sum() < len(walked.bad)
    assert roc_auc_score(walked.bad, walked.p) > 0.7
    assert walked.p.mean() == pytest.approx(walked.bad.mean(), rel=0.5)
    assert len(walked.merchant) == len(walked.p) == len(walked.near)
    assert set(walked.merchant[walked.bad] % 3) == {0}


def test_months_without_a_model_are_left_out(scene):
    rate, history, rated = scene
    assert len(walk_rates([rate], history, rated, 14, [history.first_day + 70], SETTINGS).p) == 0
