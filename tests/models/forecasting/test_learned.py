"""What was learned answers for today and for past origins by the same models, and keeps what it worked out."""

from __future__ import annotations

import numpy as np

from models.forecasting.component import Silent
from models.forecasting.learn import learn

HISTORY = 150


def test_trees_without_a_past_to_judge_them_are_silent(make_setting, make_panel, counts) -> None:
    panel = make_panel({"orders": counts(8, HISTORY)})
    learned = learn(lambda: [panel], make_setting(HISTORY), ["orders"])["orders"]
    learned.boosted = {HISTORY - 112: None, HISTORY: object()}  # type: ignore[dict-item]
    models = dict(zip(learned.policy.ensemble.models, learned.components(HISTORY), strict=True))
    assert isinstance(models["boosted"], Silent)
    weight = learned.weighed(learned.past(panel, 4), learned.fit(panel, HISTORY), HISTORY).weight
    assert (weight[list(models).index("boosted")] == 0).all()
    np.testing.assert_allclose(weight.sum(axis=0), 1.0)


def test_given_weights_are_those_that_would_be_read(make_setting, make_panel, counts) -> None:
    panel = make_panel({"orders": counts(8, HISTORY)})
    learned = learn(lambda: [panel], make_setting(HISTORY), ["orders"])["orders"]
    fit, past = learned.fit(panel, HISTORY), learned.past(panel, learned.policy.ensemble.origins)
    given = learned.made(panel, 14, learned.weighed(past, fit, HISTORY).weight)
    np.testing.assert_array_equal(given.mean, learned.made(panel, 14).mean)


def test_the_past_of_the_sample_itself_is_not_worked_out_twice(make_setting, make_panel, counts) -> None:
    values = counts(8, HISTORY)
    panel = make_panel({"orders": values})
    learned = learn(lambda: [panel], make_setting(HISTORY), ["orders"])["orders"]
    kept, learned.sample, sample = learned.past(panel, 5), None, learned.sample
    anew = learned.past(panel, 5)
    np.testing.assert_array_equal(kept.means, anew.means)
    np.testing.assert_array_equal(kept.known, anew.known)
    assert kept.fits[0] is sample.fits[0]
    learned.sample = sample
    dropped = make_panel({"orders": np.where(np.arange(HISTORY) < HISTORY - 20, values, 0.0)})
    # The same ids with other numbers are another block.
    assert learned.past(dropped, 5).means[0, 0, :, :7].sum() < 0.9 * kept.means[0, 0, :, :7].sum()


def test_an_origin_of_the_past_is_mixed_for_the_days_until_today(make_setting, make_panel, counts) -> None:
    panel = make_panel({"orders": counts(8, HISTORY)})
    learned = learn(lambda: [panel], make_setting(HISTORY), ["orders"])["orders"]
    made = learned.made_then(learned.past(panel, 5), 1)
    assert (made.known, made.mean.shape) == (HISTORY - 14, (8, 14))
    assert np.isfinite(made.mean).all()
