import numpy as np
import pandas as pd
import pytest

from pipelines.defs.risk.panel import read_merchants
from pipelines.defs.risk.reading import read_day
from pipelines.defs.risk.signals import window_keys
from pipelines.policy import load_profile


def read(platform, day):
    profile = load_profile(day.workspace)
    merchants = read_merchants(day)
    return merchants.ids.to_pylist(), read_day(day, merchants, profile, window_keys(profile), 56, 14)


def test_residuals_and_money_are_in_the_order_of_merchants(platform):
    day = platform.write()
    ids, found = read(platform, day)
    place = ids.index(platform.ids[9])
    np.testing.assert_allclose(found.residuals["units", 1].z[place], platform.z["units", 1][9])
    assert found.gmv_ahead[place] == pytest.approx(platform.size[9] * 700)


def test_what_is_not_there_is_not_known(platform):
    day = platform.write()
    _, found = read(platform, day)
    assert np.isnan(found.levels["cover_share_amber"]).all()
    assert found.earlier.frozen is None
    assert (found.earlier.light == -1).all()
    assert (found.event_days == 0).all()
    assert found.freshness["sales"].connected.all()
    assert not found.freshness["service"].connected.any()


def test_peaks_of_events_are_days_of_their_own_kind(platform):
    day = platform.write()
    events = pd.DataFrame(
        {
            "as_of": day.as_of, "event_id": ["e1", "e2"], "phase": ["peak", "warm_up"],
            "starts_on": [day.as_of - pd.Timedelta(days=2)] * 2, "ends_on": [day.as_of] * 2,
        }
    )  # fmt: skip
    platform.write_rows(day, "event_calendar", events)
    _, found = read(platform, day)
    assert found.event_days.tolist() == [0] * 53 + [1] * 3


def test_staffing_need_follows_weekday_and_hour(platform):
    day = platform.write()
    platform.write_staffing(day, load_seconds=3600.0, agents=0.5)
    ids, found = read(platform, day)
    place = ids.index(platform.ids[0])
    # one hour of work an hour, two chats at once, 85 % of the time: 0.588 agents are needed, 0.5 are there
    need = 1 / 2 / 0.85
    assert found.levels["staffing_gap"][place] == pytest.approx((need - 0.5) / need)
    assert found.levels["staffing_hours"][place] == found.levels["staffing_hours_short"][place] == 14
