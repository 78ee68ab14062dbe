from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from models.staffing.policy import StaffingPolicy

SHIPPED = yaml.safe_load((Path(__file__).parents[3] / "data" / "policy" / "staffing.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("change", [{"answer_share": 1.0}, {"concurrency": 0}, {"agents": 3}])
def test_a_bad_policy_is_refused(change: dict[str, float]) -> None:
    assert StaffingPolicy.model_validate(SHIPPED).answer_seconds == 30
    with pytest.raises(ValidationError):
        StaffingPolicy.model_validate({**SHIPPED, **change})
