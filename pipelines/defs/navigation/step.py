"""The steps of navigation, in the order of the day: segments first, then the plan, prompts after the lights."""

from pipelines.defs.navigation.prompts import prompts
from pipelines.defs.navigation.replenishment import replenishment_plan
from pipelines.defs.navigation.segments import segments
from pipelines.defs.navigation.staffing import staffing_plan

__all__ = ["prompts", "replenishment_plan", "segments", "staffing_plan"]
