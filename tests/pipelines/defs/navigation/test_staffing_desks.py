"""Desks as arrays: what is told, what is quiet and what is not known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import yaml

from models.staffing.desk import LEAD_DAYS
from models.staffing.policy import StaffingPolicy
from pipelines.defs.navigation.staffing_desks import driver_arrays, roster_arrays, session_cube
from pipelines.workspace import Workspace


@pytest.fixture
def policy(workspace: Workspace) -> StaffingPolicy:
    return StaffingPolicy.model_validate(yaml.safe_load(workspace.policy_path("staffing.yaml").read_text("utf-8")))


def columns(**given: list) -> dict[str, np.ndarray]:
    return {name: np.array(values) for name, values in given.items()}


def test_a_day_counts_where_a_row_or_the_daily_feed_tells_of_it() -> None:
    hours = columns(row=[5, 5], phase=[0, 0], day=[1, 1], hour=[9, 9], sessions=[2.0, 3.0])
    place = np.full(6, -1)
    place[5] = 0
    told = np.array([[True, False, False]])
    cube = session_cube(hours, place, told)
    assert cube[0, 0, 1, 9] == 5.0
    assert cube[0, 0, 0].sum() == 0.0
    assert cube[0, 1, 1].sum() == 0.0
    assert np.isnan(cube[0, :, 2]).all()


def test_drivers_lie_between_the_lead_in_and_the_end(policy: StaffingPolicy) -> None:
    ahead = policy.history_days
    nan = np.nan
    given = columns(
        row=[0, 0, 1], day=[-LEAD_DAYS, ahead, 0], visitors=[7.0, 9.0, 1.0], orders=[nan, 3.0, 1.0],
        units=[nan, nan, 1.0], visitors_spread=[nan, 0.5, nan], orders_spread=[nan, 0.2, nan],
        units_spread=[nan, nan, nan], told=[False, False, True],
    )  # fmt: skip
    series, spread, told = driver_arrays(given, np.array([0, -1]), 1, policy)
    assert series.shape == (1, 3, LEAD_DAYS + policy.history_days + policy.horizon_days)
    assert series[0, 0, 0] == 7.0
    assert series[0, 1, LEAD_DAYS + ahead] == 3.0
    assert spread[0, :2, 0].tolist() == [0.5, 0.2]
    assert not told.any()


def test_an_hour_outside_the_roster_is_not_known(policy: StaffingPolicy) -> None:
    roster = pd.DataFrame(
        {"merchant_id": ["a", "gone"], "day": [0, 0], "hour": [9, 9], "agents": [4.0, 1.0], "concurrency": [2.0, 1.0]}
    )
    agents, concurrency = roster_arrays(roster, pd.Index(["a", "b"]), policy)
    assert agents[0, 0, 9] == 4.0
    assert np.isfinite(agents).sum() == 1
    assert concurrency.tolist() == [2.0, policy.concurrency]
