"""The steps of a day in their order, as plain functions.

The assets of `defs/` call the same functions; this list serves backtests and benchmarks, which run many days without
an orchestrator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from pipelines.day import Day


class NamedStep(NamedTuple):
    """A step and the name it has in the run log."""

    name: str
    run: Callable[[Day], Mapping[str, int]]


def steps_of_calculation() -> list[NamedStep]:
    """Steps from the marts to the alerts; a backtest runs these."""
    from pipelines.defs.alerting.step import alerts
    from pipelines.defs.forecasts.step import forecasts
    from pipelines.defs.marts.step import feed_status
    from pipelines.defs.navigation.step import prompts, replenishment_plan, segments, staffing_plan
    from pipelines.defs.risk.step import metric_signals, risk

    return [
        NamedStep("feed_status", feed_status),
        NamedStep("segments", segments),
        NamedStep("forecasts", forecasts),
        NamedStep("replenishment_plan", replenishment_plan),
        NamedStep("staffing_plan", staffing_plan),
        NamedStep("metric_signals", metric_signals),
        NamedStep("risk", risk),
        NamedStep("prompts", prompts),
        NamedStep("alerts", alerts),
    ]


def steps_of_publishing() -> list[NamedStep]:
    """Steps that people see: pages, tower, warehouse and messages; only live days run these."""
    from pipelines.defs.alerting.step import outbox
    from pipelines.defs.publishing.step import pages, tower
    from pipelines.defs.publishing.warehouse import warehouse

    return [
        NamedStep("pages", pages),
        NamedStep("tower", tower),
        NamedStep("outbox", outbox),
        NamedStep("warehouse", warehouse),
    ]
