import numpy as np
import pytest

from models.forecasting.batched_prophet.agreement import agreement
from models.forecasting.batched_prophet.fit import fit_many
from models.forecasting.batched_prophet.posterior import parameters_of
from models.forecasting.batched_prophet.reference import Reference


def test_ours_against_itself_and_against_something_better_and_worse(calendar, settings, mixed):
    names, values, _ = mixed
    values = np.stack([values[names.index(name)] for name in ("plain", "spike", "constant")] + [np.arange(180) + 1.0])
    fits = fit_many(values, calendar, settings)
    mean = np.full((4, 2), 10.0)
    same = [Reference(parameters_of(fits, i), np.empty(0), mean[i]) for i in range(4)]
    found = agreement(values, fits, mean, same, calendar, settings)
    assert (found.series, found.share, found.wape, found.unbounded, found.lower) == (4, 1.0, 0.0, 1, ())
    assert found.violation < 1e-8
    assert found.gain == 0.0
    worse = [one._replace(parameters=one.parameters._replace(m=one.parameters.m + 0.1)) for one in same]
    worse[0] = worse[0]._replace(mean=mean[0] * 1.5)
    found = agreement(values, fits, mean, worse, calendar, settings)
    assert found.gain > 1
    assert found.wape == pytest.approx(10 / 90)
    moved = fits.level.copy()
    moved[1] += 0.05  # now ours is the lower one
    fits.level[:] = moved
    assert agreement(values, fits, mean, same, calendar, settings).lower == (1,)
