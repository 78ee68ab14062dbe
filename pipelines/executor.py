"""How Dagster runs the steps of a run: in one process, and one run of the workspace at a time.

The idea: the command, the schedule, the sensor and the UI write the same tables, so whoever runs holds the same lock.
The command gives up at once and says so to whoever sits before it; a run of Dagster's waits for its turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import dagster as dg

from pipelines.locks import RUN, LockHeldError, held
from pipelines.workspace import Workspace

if TYPE_CHECKING:
    from dagster._core.execution.context.system import PlanOrchestrationContext
    from dagster._core.execution.plan.plan import ExecutionPlan
    from dagster._core.execution.retries import RetryMode

WAIT_SECONDS = 3600  # a first run of a large platform takes its time


class OneRunAtATime(dg.Executor):
    """Runs steps as another executor does, while it holds the workspace's run lock."""

    def __init__(self, inner: dg.Executor, wait_seconds: float = WAIT_SECONDS) -> None:
        self._inner, self._wait_seconds = inner, wait_seconds

    @property
    def retries(self) -> RetryMode:
        """As the other executor has it."""
        return self._inner.retries

    def execute(
        self, plan_context: PlanOrchestrationContext, execution_plan: ExecutionPlan
    ) -> Iterator[dg.DagsterEvent]:
        """Wait for the lock, then run the steps.

        Raises
        ------
        LockHeldError
            When another run has not ended by then; the run fails before its first step.
        """
        workspace = Workspace.at()
        with ExitStack() as stack:
            try:
                stack.enter_context(held(workspace, RUN))
            except LockHeldError as error:
                plan_context.log.info(f"{error}; this run goes on then")
                stack.enter_context(held(workspace, RUN, self._wait_seconds))
            yield from self._inner.execute(plan_context, execution_plan)


@dg.executor(name="in_process_one_run_at_a_time", config_schema=dg.in_process_executor.config_schema.as_field())
def one_run_at_a_time(context: dg.InitExecutorContext) -> dg.Executor:
    """All steps in one process, one run of the workspace at a time."""
    make = dg.in_process_executor.executor_creation_fn
    assert make is not None
    return OneRunAtATime(make(context))
