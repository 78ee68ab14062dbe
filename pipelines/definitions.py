"""Everything Dagster knows: loads `defs/` and holds only what cuts across (executor, resource, job, schedule, sensors).

One process runs all steps, because a process per step would spend four to six seconds on imports; parallelism lives
inside a step. One run at a time holds the workspace's lock, whoever started it.
"""

from __future__ import annotations

import os

import dagster as dg

import pipelines.defs
from pipelines.defs.common import DAILY, WorkspaceResource
from pipelines.executor import one_run_at_a_time
from pipelines.job import day_job, day_schedule
from pipelines.oracle_job import oracle_job, oracle_schedule
from pipelines.sensors import sensors
from pipelines.workspace import HOME_VARIABLE

defs = dg.Definitions(
    assets=dg.load_assets_from_package_module(pipelines.defs),
    asset_checks=dg.load_asset_checks_from_package_module(pipelines.defs),
    jobs=[day_job, oracle_job],
    schedules=[day_schedule, oracle_schedule],
    sensors=sensors,
    resources={"workspace": WorkspaceResource(home=os.environ.get(HOME_VARIABLE, ""))},
    executor=one_run_at_a_time,
)

__all__ = ["DAILY", "defs"]
