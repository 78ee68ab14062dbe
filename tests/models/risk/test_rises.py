import numpy as np

from models.metrics.catalogue import LEGS
from models.risk.rises import rise
from models.risk.settings import RiskSettings

SETTINGS = RiskSettings.model_validate(
    {
        "money": {"recoverable_share": dict.fromkeys(LEGS, 0.5),
                  "p_bad_unknown": dict.fromkeys(("red", "amber", "green", "star", "grey"), 0.1)},
    }
)  # fmt: skip


def judged(change):
    z = np.random.default_rng(1).normal(size=(400, 56))
    z[7, -5:] += change
    ordinary = np.zeros(400, dtype=np.int64)
    return rise(z, {"week": z.copy()}, ordinary, np.zeros(56, dtype=np.int64), SETTINGS)


def test_five_days_far_above_the_forecast_stand_out_since_the_first_of_them():
    found = judged(-4)  # high is bad: below zero is better than expected
    assert found.p_value[7, -1] < 1e-3
    assert found.changed[7] == 4


def test_a_fall_is_no_rise():
    found = judged(+4)
    assert found.p_value[7, -1] > 0.3
    assert found.changed[7] == -1
