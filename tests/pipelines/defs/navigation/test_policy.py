from __future__ import annotations

import pytest

from pipelines.defs.navigation.policy import replenishment_policy, segment_policy
from pipelines.workspace import Workspace
from pipelines.yaml_file import PolicyFileError


def test_shipped_policies_load_and_a_workspace_may_replace_them(workspace: Workspace) -> None:
    assert segment_policy(workspace).new_days == 90
    own = workspace.home / "policy" / "segments.yaml"
    own.parent.mkdir()
    own.write_text(
        "new_days: 60\ntrailing_days: 90\ncompare_days: 28\ngrowing_above: 1.2\ndeclining_below: 0.8\n"
        "doubt_units: 20\ndormant_days: 28\nmin_known_days: 14\nkey_share: 0.8\nmid_share: 0.95\n",
        encoding="utf-8",
    )
    assert segment_policy(workspace).new_days == 60


def test_a_mistake_is_answered_with_file_and_line(workspace: Workspace) -> None:
    own = workspace.home / "policy" / "replenishment.yaml"
    own.parent.mkdir()
    own.write_text("history_days: 98\nrisk_days: 99\n", encoding="utf-8")
    with pytest.raises(PolicyFileError, match=r"replenishment\.yaml"):
        replenishment_policy(workspace)
