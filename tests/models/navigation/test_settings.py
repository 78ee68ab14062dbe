from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from models.metrics.catalogue import LEGS
from models.navigation.settings import PlaybookSettings

SHIPPED = Path(__file__).parents[3] / "data" / "policy" / "playbook" / "settings.yaml"


def test_the_shipped_settings_bring_every_feed_back_to_a_leg() -> None:
    settings = PlaybookSettings.model_validate(yaml.safe_load(SHIPPED.read_text(encoding="utf-8")))
    assert settings.today == 5
    assert set(settings.feed_legs.values()) <= set(LEGS)
    assert set(settings.feed_legs) <= set(settings.words["feeds"])


def test_a_share_above_one_is_refused() -> None:
    values = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    with pytest.raises(ValidationError, match="buying_share"):
        PlaybookSettings.model_validate({**values, "buying_share": 1.5})
