import inspect

import pytest
from prophet import Prophet

from models.forecasting.batched_prophet.settings import ProphetSettings


def test_the_defaults_are_prophets():
    theirs = {name: one.default for name, one in inspect.signature(Prophet.__init__).parameters.items()}
    ours = ProphetSettings()
    assert ours.changepoints == theirs["n_changepoints"]
    assert ours.changepoint_range == theirs["changepoint_range"]
    assert ours.changepoint_scale == theirs["changepoint_prior_scale"]
    assert ours.seasonality_scale == theirs["seasonality_prior_scale"]
    assert ours.holiday_scale == theirs["holidays_prior_scale"]


@pytest.mark.parametrize(
    "wrong",
    [{"changepoint_scale": 0.0}, {"changepoint_range": 1.2}, {"weekly_order": -1}, {"noise_scale": float("nan")}],
)
def test_numbers_that_make_no_model_are_refused_by_name(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        ProphetSettings(**wrong)
