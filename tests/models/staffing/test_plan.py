from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from models.staffing.plan import Hours, agents_needed, expected_sessions, handle_time, human_share, with_larger_bot
from models.staffing.policy import StaffingPolicy

SHIPPED = Path(__file__).parents[3] / "data" / "policy" / "staffing.yaml"
POLICY = StaffingPolicy.model_validate(yaml.safe_load(SHIPPED.read_text(encoding="utf-8")))


def shop(*daily: float, human: float = 0.5, seconds: float = 300.0, days: float = 10.0) -> Hours:
    """Shops with so many consultations a day, all between 20:00 and 21:00, one phase."""
    sessions = np.zeros((len(daily), 1, 24))
    sessions[:, 0, 20] = np.array(daily) * days
    return Hours(sessions, sessions * human, sessions * human * seconds, np.full(len(daily), days))


def test_days_follow_the_forecast_and_hours_the_profile() -> None:
    found = expected_sessions(shop(40.0), np.array([[1.0, 2.5, np.nan]]), POLICY)
    assert found.shape == (1, 1, 3, 24)
    assert found[0, 0, :, 20] == pytest.approx([40.0, 100.0, 40.0])
    assert found[0, 0, :, 3].sum() == 0


def test_a_small_shop_leans_on_the_platforms_hours() -> None:
    hours = shop(1000.0, 0.1)
    hours.sessions[1, 0] = 0
    hours.sessions[1, 0, 3] = 1.0  # a single consultation at night
    found = expected_sessions(hours, np.ones((2, 1)), POLICY)
    assert found[1, 0, 0, 20] > found[1, 0, 0, 3]
    assert found[1, 0, 0].sum() == pytest.approx(0.1)


def test_share_and_time_of_people_are_shrunk_to_the_platform() -> None:
    hours = Hours(
        np.array([[[1000.0]], [[0.0]]]), np.array([[[400.0]], [[0.0]]]), np.array([[[80000.0]], [[0.0]]]), np.ones(2)
    )
    assert human_share(hours, POLICY)[:, 0] == pytest.approx([0.4, 0.4])
    assert handle_time(hours, POLICY)[:, 0] == pytest.approx([200.0, 200.0])


def test_without_any_time_the_policy_says_it() -> None:
    assert handle_time(shop(0.0), POLICY)[0, 0] == POLICY.handle_seconds


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
