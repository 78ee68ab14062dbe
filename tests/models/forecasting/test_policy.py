"""The shipped policy file is the default policy, and a bad one is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from models.forecasting.policy import CalibrationPolicy, ForecastPolicy, LevelPolicy

SHIPPED = Path(__file__).resolve().parents[3] / "data" / "policy" / "forecast.yaml"


def test_the_shipped_file_says_the_defaults() -> None:
    assert ForecastPolicy.model_validate(yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))) == ForecastPolicy()


def test_the_default_half_life_must_be_offered() -> None:
    assert LevelPolicy(half_lives=(7.0, 14.0)).default_position == 1
    with pytest.raises(ValidationError, match="must be one of half_lives"):
        LevelPolicy(half_lives=(7.0, 28.0))


def test_every_horizon_needs_a_spread() -> None:
    with pytest.raises(ValidationError, match="one number per entry"):
        CalibrationPolicy(horizons=(1, 7), prior_spread=(1.0,))


def test_an_unknown_key_is_a_mistake() -> None:
    with pytest.raises(ValidationError, match="forbid|Extra"):
        ForecastPolicy.model_validate({"levels": {}})
