import numpy as np
import pytest
from scipy.special import expit
from sklearn.metrics import average_precision_score, roc_auc_score

from models.risk.outlook.feature import Feature
from models.risk.outlook.model import fit_model, split_origins
from models.risk.outlook.rows import Rows
from models.risk.outlook.settings import OutlookSettings

FEATURES = (Feature("last_week", "falling_volume", -1), Feature("noise", "erratic"), Feature("never_known", "size"))
SETTINGS = OutlookSettings()


def rows_of(count=6000, seed=1, shift=-3.0, origins=12, slope=-1.5):
    generator = np.random.default_rng(seed)
    features = generator.normal(size=(count, 3))
    features[:, 2] = np.nan
    bad = generator.random(count) < expit(shift + slope * features[:, 0])
    origin = generator.integers(0, origins, count) * 9
    return Rows(features, bad, np.ones(count, bool), origin, generator.random(count), np.ones(count))


def fitted(rows):
    model = fit_model(rows, 14, FEATURES, SETTINGS)
    assert model is not None
    return model


def test_probabilities_come_true_on_rows_never_seen():
    model, fresh = fitted(rows_of()), rows_of(seed=2, count=20000)
    p = model.probability(fresh.features)
    assert roc_auc_score(fresh.bad, p) > 0.8
    for part in np.array_split(np.argsort(p), 5):
        assert p[part].mean() == pytest.approx(fresh.bad[part].mean(), abs=0.04)


def test_thinned_rows_still_tell_true_probabilities():
    many, fresh = rows_of(count=30000, shift=-5.0), rows_of(seed=3, count=30000, shift=-5.0)
    assert len(many.bad) > SETTINGS.learning.rows
    assert fitted(many).probability(fresh.features).mean() == pytest.approx(fresh.bad.mean(), rel=0.25)


def test_the_mean_is_no_worse_than_its_worst_member():
    model, fresh = fitted(rows_of()), rows_of(seed=2)
    scores = [average_precision_score(fresh.bad, one.log_odds(fresh.features)) for one in model.members]
    assert len(scores) == 3
    assert average_precision_score(fresh.bad, model.log_odds(fresh.features)) > min(scores)


def test_calibration_follows_what_the_latest_days_show():
    rows = rows_of(count=12000, shift=-2.0)
    late = rows.origin >= 72
    fewer = late & rows.bad & (np.random.default_rng(1).random(len(late)) < 0.7)
    assert fitted(rows.chosen(~fewer)).calibration.shift < -0.3


def test_too_few_days_or_events_give_no_model():
    rows = rows_of()
    assert fit_model(rows.chosen(rows.origin == 0), 14, FEATURES, SETTINGS) is None
    few = np.flatnonzero(rows.bad)[: SETTINGS.learning.least_events - 1]
    kept = ~rows.bad
    kept[few] = True
    assert fit_model(rows.chosen(kept), 14, FEATURES, SETTINGS) is None
    assert fit_model(rows.chosen(rows.bad), 14, FEATURES, SETTINGS) is None


def test_no_outcome_lies_in_both_parts():
    early, late = split_origins(np.arange(0, 108, 9), 14, 0.34)
    assert late.tolist() == [72, 81, 90, 99]
    assert early.max() + 14 <= late.min()
    assert len(split_origins(np.array([0, 9]), 14, 0.34)[0]) == 0


def test_the_usual_merchant_is_the_median():
    rows = rows_of()
    assert fitted(rows).reference[0] == pytest.approx(np.median(rows.features[:, 0]))
    assert fitted(rows).reference[2] == 0
