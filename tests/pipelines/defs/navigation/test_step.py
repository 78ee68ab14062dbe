from __future__ import annotations

from pipelines.defs.navigation import step
from pipelines.steps import steps_of_calculation


def test_the_day_runs_every_step_of_navigation_in_order() -> None:
    names = [named.name for named in steps_of_calculation()]
    assert set(step.__all__) <= set(names)
    order = [names.index(name) for name in ("segments", "forecasts", "replenishment_plan", "metric_signals", "prompts")]
    assert order == sorted(order)
    assert names.index("staffing_plan") < names.index("prompts")
