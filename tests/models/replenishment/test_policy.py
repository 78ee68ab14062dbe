from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from models.replenishment.policy import ReplenishmentPolicy


def changed(policy: ReplenishmentPolicy, **parts: Any) -> dict[str, Any]:
    return {**policy.model_dump(), **parts}


def test_the_shipped_policy_is_complete(policy: ReplenishmentPolicy) -> None:
    assert policy.service_levels["A"]["X"] == 0.98
    assert ReplenishmentPolicy.model_validate(policy.model_dump()) == policy


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"service_levels": {"A": {"X": 0.98}, "B": {}, "C": {}}}, "class A lacks Y, Z"),
        ({"classes": {"value_a": 0.9, "value_b": 0.8, "variability_x": 0.5, "variability_y": 1}}, "must be below"),
        ({"error_correlation": 2}, "less than or equal to 1"),
        ({"lead_time": 3}, "Extra inputs"),
    ],
)
def test_a_bad_policy_is_refused_with_the_reason(policy: ReplenishmentPolicy, parts: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        ReplenishmentPolicy.model_validate(changed(policy, **parts))
