"""The policy files of navigation, loaded once per file: a mistake is answered with file, line and reason."""

from __future__ import annotations

from models.replenishment.policy import ReplenishmentPolicy
from models.segments.policy import SegmentPolicy
from models.staffing.policy import StaffingPolicy
from pipelines.workspace import Workspace
from pipelines.yaml_file import load_yaml


def segment_policy(workspace: Workspace) -> SegmentPolicy:
    """Thresholds of growth stage and size (`segments.yaml`)."""
    return load_yaml(workspace.policy_path("segments.yaml"), SegmentPolicy)


def replenishment_policy(workspace: Workspace) -> ReplenishmentPolicy:
    """Numbers of the replenishment plan (`replenishment.yaml`)."""
    return load_yaml(workspace.policy_path("replenishment.yaml"), ReplenishmentPolicy)


def staffing_policy(workspace: Workspace) -> StaffingPolicy:
    """Numbers of the staffing plan (`staffing.yaml`)."""
    return load_yaml(workspace.policy_path("staffing.yaml"), StaffingPolicy)
