import pytest
from pydantic import ValidationError

from models.risk.outlook.settings import OutlookSettings


def test_the_defaults_are_those_that_binding_definitions_ask_for():
    settings = OutlookSettings()
    assert (settings.collapse_below, settings.trailing_days, settings.recent_days) == (0.5, 28, 7)
    assert (settings.least_age_days, settings.least_mean, settings.healthy_ratio) == (56, 20, 0.8)
    assert settings.horizons == (14, 28)
    assert settings.learning.origin_step % 7  # else every origin is the same weekday


def test_the_panel_holds_what_every_feature_and_origin_looks_back_on():
    settings = OutlookSettings(look_back_days=40, least_age_days=56)
    assert settings.panel_days == 57
    assert settings.history_days == 31 + 365 + 57


@pytest.mark.parametrize("wrong", [{"horizons": (14,)}, {"recent_days": 28}, {"collapse_below": 1.5}, {"unknown": 1}])
def test_what_cannot_work_is_refused(wrong):
    with pytest.raises(ValidationError):
        OutlookSettings(**wrong)
