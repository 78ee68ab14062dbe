import json

import numpy as np
import pytest

from models.risk.outlook.breach import BREACH_FEATURES
from models.risk.outlook.calibration import Calibration
from models.risk.outlook.feature import Feature
from models.risk.outlook.linear import Linear
from models.risk.outlook.model import Model
from models.risk.outlook.reasons import REASONS, columns_of, reason_texts
from models.risk.outlook.rows import MERCHANT_FEATURES
from models.risk.outlook.settings import ReasonSettings

FEATURES = (
    Feature("last_week", "falling_volume"), Feature("smoothed_2", "falling_volume"), Feature("stars", "rating"),
    Feature("longest_gap", "earlier_gaps"),
)  # fmt: skip


def model(slope=1.0):
    straight = Linear(np.arange(4), np.zeros(4), np.ones(4), np.array([-2.0, -1.0, -0.5, 0.25]), -3.0)
    return Model((straight,), Calibration(0.0, slope), np.array([0.0, 0.0, 1.0, 0.0]), 0.05)


def told(row, most=3, **settings):
    text = reason_texts(model(), np.array([row]), np.array([True]), FEATURES, ReasonSettings(most=most, **settings))[0]
    return None if text is None else json.loads(text)


def test_every_feature_speaks_for_a_known_reason_and_every_reason_has_its_figure():
    for features in (MERCHANT_FEATURES, BREACH_FEATURES):
        names = {one.name for one in features}
        for one in features:
            assert REASONS[one.reason].feature in names, one.reason
    used = {one.reason for one in (*MERCHANT_FEATURES, *BREACH_FEATURES)}
    assert used == set(REASONS)


def test_a_reason_weighs_what_its_features_add_together():
    found = told([-0.5, -1.0, 1.0, 0.0])
    assert [one["code"] for one in found] == ["falling_volume"]
    assert found[0]["effect"] == pytest.approx(2.0)
    assert found[0]["value"] == pytest.approx(np.exp(-0.5), rel=1e-3)  # a quotient, not its log
    assert found[0]["usual"] == 1


def test_the_strongest_comes_first_and_no_more_than_asked():
    found = told([-0.5, 0.0, -1.0, 2.0], most=2)
    assert [(one["code"], one["effect"]) for one in found] == [("falling_volume", 1.0), ("rating", 1.0)]


def test_what_lowers_the_probability_is_no_reason():
    assert told([3.0, 3.0, 3.0, 0.0]) is None


def test_small_effects_are_not_told():
    assert told([0.0, -0.2, 1.0, 0.0], least_effect=0.3) is None


def test_a_figure_that_is_not_known_is_null():
    assert told([np.nan, -2.0, 1.0, 0.0])[0]["value"] is None


def test_who_was_not_asked_about_has_none():
    rows = np.array([[-1.0, 0, 1, 0], [-1.0, 0, 1, 0]])
    found = reason_texts(model(), rows, np.array([False, True]), FEATURES, ReasonSettings())
    assert found[0] is None
    assert json.loads(found[1])[0]["code"] == "falling_volume"
    assert reason_texts(model(), rows, np.zeros(2, dtype=bool), FEATURES, ReasonSettings()).tolist() == [None, None]


def test_effects_are_told_after_calibration():
    row, asked = np.array([[-1.0, 0, 1, 0]]), np.array([True])
    found = [json.loads(reason_texts(model(slope), row, asked, FEATURES, ReasonSettings())[0])[0] for slope in (1, 0.5)]
    assert found[1]["effect"] == pytest.approx(found[0]["effect"] / 2)


def test_columns_of_a_reason():
    assert columns_of("falling_volume", FEATURES).tolist() == [0, 1]
