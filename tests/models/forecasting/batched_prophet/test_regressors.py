import numpy as np
import pandas as pd
import pytest
from prophet import Prophet

from models.forecasting.batched_prophet.regressors import standardize


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # Prophet 1.5 calls pandas as it once was
def test_as_prophet_does_it_over_the_rows_that_are_there():
    rng = np.random.default_rng(0)
    own = np.stack([rng.normal(5, 2, 30), (rng.random(30) < 0.4) * 1.0, np.full(30, 3.0), np.arange(30.0) % 3])[None]
    present = rng.random((1, 30)) < 0.7
    values = np.where(present, 1.0, np.nan)
    mean, sd = standardize(own, values, np.array([0]), 0, 29)
    frame = pd.DataFrame(
        {"ds": pd.date_range("2026-01-01", periods=30), "y": 1.0, **{f"r{i}": c for i, c in enumerate(own[0])}}
    )
    model = Prophet(uncertainty_samples=0)
    for i in range(4):
        model.add_regressor(f"r{i}")
    model.preprocess(frame[present[0]])
    theirs = model.extra_regressors
    np.testing.assert_allclose(mean[0], [theirs[f"r{i}"]["mu"] for i in range(4)], rtol=1e-12)
    np.testing.assert_allclose(sd[0], [theirs[f"r{i}"]["std"] for i in range(4)], rtol=1e-12)


def test_what_is_not_known_on_a_day_with_a_value_is_refused_with_its_place():
    own = np.zeros((2, 1, 4))
    own[1, 0, 2] = np.nan
    values = np.ones((2, 4))
    with pytest.raises(ValueError, match="covariate 0 of series 1 is not a finite number on day 2"):
        standardize(own, values, np.arange(2), 0, 3)
    values[1, 2] = np.nan
    assert standardize(own, values, np.arange(2), 0, 3)[0].tolist() == [[0], [0]]
