import pytest
from pydantic import ValidationError

from models.metrics.catalogue import LEGS
from models.risk.settings import ControlSettings, MoneySettings, RiskSettings

LIGHTS = dict.fromkeys(("red", "amber", "green", "star", "grey"), 0.1)


def test_every_leg_and_light_must_be_named():
    MoneySettings(recoverable_share=dict.fromkeys(LEGS, 0.5), p_bad_unknown=LIGHTS)
    with pytest.raises(ValidationError, match="stock_prep"):
        MoneySettings(recoverable_share={"sales": 0.5}, p_bad_unknown=LIGHTS)
    with pytest.raises(ValidationError, match="grey"):
        MoneySettings(
            recoverable_share=dict.fromkeys(LEGS, 0.5), p_bad_unknown={"red": 1, "amber": 1, "green": 1, "star": 1}
        )


def test_an_unknown_key_is_a_mistake():
    with pytest.raises(ValidationError, match="treees"):
        RiskSettings.model_validate(
            {
                "oddness": {"treees": 3},
                "money": {"recoverable_share": dict.fromkeys(LEGS, 0.5), "p_bad_unknown": LIGHTS},
            }
        )


def test_the_share_of_the_control_lies_within_its_bounds():
    assert ControlSettings(q=0.1).q_most == 0.2
    with pytest.raises(ValidationError, match="q must lie between q_least and q_most"):
        ControlSettings(q=0.3)
    with pytest.raises(ValidationError, match="most_labels 10 is less than least_labels 20"):
        ControlSettings(most_labels=10)
