"""Lessons: days after past origins, none of them beyond the day of training, as many as policy asks for."""

from __future__ import annotations

import numpy as np

from models.forecasting.boosted import layout
from models.forecasting.boosted.sample import lessons, precision_of
from models.forecasting.spread import stabilise

HISTORY = 210


def test_lessons_are_days_with_a_number(trained) -> None:
    learned, panel, model = trained()
    policy = learned.policy.boosted
    taught = lessons(learned, panel, HISTORY, model.base, policy)
    assert taught is not None
    assert 0.5 * policy.rows < len(taught.said) <= policy.rows + policy.origins
    assert np.isfinite(taught.came).all()
    assert (taught.said > 0).all()
    step = taught.correction * np.sqrt(taught.precision)
    came, said = (stabilise(part, taught.unit, taught.dispersion) for part in (taught.came, taught.said))
    np.testing.assert_allclose(step, came - said, atol=1e-9)
    assert set(np.unique(taught.features[:, layout.HORIZON])) == set(range(1, 29))


def test_none_where_no_origin_is_old_enough(trained) -> None:
    learned, panel, model = trained()
    assert lessons(learned, panel, 60, model.base, learned.policy.boosted) is None


def test_each_origin_has_what_was_taught_by_its_refit(trained) -> None:
    learned, panel, model = trained()
    asked = []

    class Watched(type(model.base)):
        def with_prior(self, prior):
            asked.append(prior)
            return self

    base = Watched(**vars(model.base))
    lessons(learned, panel, HISTORY, base, learned.policy.boosted)
    known = [HISTORY - 7 * back for back in range(1, len(asked) + 1)]
    assert len(asked) > 10
    assert all(prior is learned.priors[learned.origins.refit_for(day)] for prior, day in zip(asked, known, strict=True))


def test_precision_is_that_of_a_day() -> None:
    assert precision_of(np.array([10.0]), np.array([2.0]), np.array([0.05])) == 4.0
