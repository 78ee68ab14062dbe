from __future__ import annotations

from pathlib import Path

import numpy as np
import yaml

from models.staffing.plan import agents_needed, with_larger_bot
from models.staffing.policy import StaffingPolicy

SHIPPED = Path(__file__).parents[3] / "data" / "policy" / "staffing.yaml"
POLICY = StaffingPolicy.model_validate(yaml.safe_load(SHIPPED.read_text(encoding="utf-8")))


def test_agents_hold_several_chats_and_take_breaks() -> None:
    sessions = np.full((1, 1, 1, 24), 200.0)
    one, three = (
        agents_needed(sessions, np.ones((1, 1)), np.full((1, 1), 180.0), np.array([chats]), POLICY)[0, 0, 0]
        for chats in (1.0, 3.0)
    )
    # 10 erlangs: 13 chats at once answer 80 % in 30 s; a tenth of people's time goes to breaks.
    assert one == 14
    assert three == 6


def test_an_hour_with_next_to_no_consultations_needs_nobody() -> None:
    quiet = np.full((1, 1, 1, 24), 0.4)
    assert agents_needed(quiet, np.ones((1, 1)), np.full((1, 1), 300.0), np.ones(1), POLICY).sum() == 0


def test_a_larger_bot_never_needs_more_people() -> None:
    share = np.array([[0.9], [0.3]])
    assert with_larger_bot(share, POLICY).tolist() == [[0.5], [0.3]]
