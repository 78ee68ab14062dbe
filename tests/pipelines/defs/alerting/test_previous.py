"""Where a day goes on from."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipelines.defs.alerting.previous import (
    MissingDayError,
    is_past,
    missing_days,
    navigated_days,
    previous_day,
    previous_state,
)
from pipelines.defs.alerting.step import alerts

START = date(2026, 10, 1)


def navigate(platform, *numbers):
    platform.merchants("m1")
    for number in numbers:
        platform.signals(START + timedelta(days=number), red=["m1"])
        alerts(platform.day(number))


def test_the_first_day_has_none_before_it(platform):
    assert missing_days(platform.day(0)) == []
    assert previous_day(platform.day(0)) is None
    assert previous_state(platform.day(0), 7).empty


def test_days_in_a_row(platform):
    navigate(platform, 0, 1)
    assert navigated_days(platform.workspace.lake, START + timedelta(days=9)) == [START, START + timedelta(days=1)]
    assert previous_day(platform.day(2)) == START + timedelta(days=1)
    assert len(previous_state(platform.day(2), 7)) == 1
    assert is_past(platform.workspace.lake, START)
    assert not is_past(platform.workspace.lake, START + timedelta(days=1))


def test_a_gap_lists_the_days_to_replay(platform):
    navigate(platform, 0)
    assert missing_days(platform.day(3)) == [START + timedelta(days=1), START + timedelta(days=2)]
    with pytest.raises(MissingDayError, match="2 day"):
        previous_day(platform.day(3))
    with pytest.raises(MissingDayError, match=r"up to 2026-10-10"):
        previous_day(platform.day(10))


def test_a_backtest_goes_on_from_one_stride_before_and_ignores_leftovers(platform):
    platform.merchants("m1")

    def past(number, stride):
        return replace(platform.day(number), kind="backtest", backtest="x", step_days=stride)

    lake = past(0, 7).lake
    for number in (0, 7):
        alerts(past(number, 7))
    assert navigated_days(lake, START + timedelta(days=30)) == [START, START + timedelta(days=7)]
    assert previous_day(past(14, 7)) == START + timedelta(days=7)
    assert previous_day(past(10, 1)) is None
    assert previous_day(platform.day(14)) is None, "the live lake knows nothing of a backtest"
