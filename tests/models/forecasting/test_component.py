"""The pooled level as a component says what the forecast of a day says, and looks at nothing after its origin."""

from __future__ import annotations

import numpy as np

from models.forecasting.component import PooledLevel
from models.forecasting.learn import learn
from models.forecasting.predict import forecast_days

HISTORY = 112


def test_means_are_those_of_the_forecast(make_setting, make_panel, counts) -> None:
    panel = make_panel({"orders": counts(6, HISTORY)})
    learned = learn(lambda: [panel], make_setting(HISTORY), ["orders"])["orders"]
    policy, calibration = learned.setting.policy, learned.calibration(HISTORY)
    fit = learned.fit(panel, HISTORY)
    component = PooledLevel(calibration.half_life, policy.calibration.strata)
    alone = policy.model_copy(update={"ensemble": policy.ensemble.model_copy(update={"models": ("pooled_level",)})})
    learned = learn(lambda: [panel], make_setting(HISTORY, policy=alone), ["orders"])["orders"]
    made = forecast_days(learned.made(panel, 14), calibration, policy, True)
    np.testing.assert_allclose(component.means(fit, HISTORY, 14), made.mean, rtol=1e-9)


def test_an_earlier_origin_sees_nothing_after_it(make_setting, make_panel, counts) -> None:
    values = counts(6, HISTORY)
    changed = values.copy()
    changed[:, HISTORY - 28 :] *= 4
    panel, other = make_panel({"orders": values}), make_panel({"orders": changed})
    learned = learn(lambda: [panel], make_setting(HISTORY), ["orders"])["orders"]
    known = HISTORY - 28
    component = PooledLevel(learned.calibration(HISTORY).half_life, learned.setting.policy.calibration.strata)
    one, two = (component.means(learned.fit(block, known), known, 28) for block in (panel, other))
    np.testing.assert_array_equal(one, two)


def test_a_level_times_day_factors_is_what_can_be_corrected(make_setting, make_panel, counts) -> None:
    panel = make_panel({"orders": counts(6, HISTORY)})
    learned = learn(lambda: [panel], make_setting(HISTORY), ["orders"])["orders"]
    fit, known = learned.fit(panel, HISTORY), HISTORY
    for name in ("pooled_level", "log_prophet"):
        model = next(one for one in learned.components(known) if one.name == name)
        level, factors = model.basis(fit, known)
        said = level[:, None] * factors[:, fit.columns(known, known + 7)]
        np.testing.assert_array_equal(model.means(fit, known, 7), said)
        assert model.with_prior(None).name == name
