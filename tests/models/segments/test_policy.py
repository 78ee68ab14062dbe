from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from models.segments.policy import SegmentPolicy

SHIPPED = yaml.safe_load((Path(__file__).parents[3] / "data" / "policy" / "segments.yaml").read_text(encoding="utf-8"))


def test_enough_days_are_read_for_every_figure() -> None:
    policy = SegmentPolicy.model_validate({**SHIPPED, "compare_days": 60, "trailing_days": 90})
    assert policy.days_needed == 120


@pytest.mark.parametrize("change", [{"key_share": 0.96}, {"growing_above": 0.9}, {"new_day": 3}])
def test_a_bad_policy_is_refused(change: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        SegmentPolicy.model_validate({**SHIPPED, **change})
