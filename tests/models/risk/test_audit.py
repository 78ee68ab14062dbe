"""Who is looked at although nothing rang: at random, the same on every replay, as many as policy says."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from models.risk.alert_policy import AuditPolicy
from models.risk.audit import PREFIX, audits_of_day, draw_audits

MONDAY = date(2026, 10, 5)
POLICY = AuditPolicy(share_per_week=0.01, at_least_per_week=1, at_most_per_week=50)


def merchants(count, alerted=()):
    names = [f"m{number}" for number in range(count)]
    frame = pd.DataFrame({"merchant_id": names, "stratum": "small", "leg": "sales", "p_value": 0.3})
    return frame.assign(alerted=frame["merchant_id"].isin(list(alerted)))


def week(frame, policy=POLICY, start=MONDAY):
    return [draw_audits(frame, policy, start + timedelta(days=number)) for number in range(7)]


def test_one_percent_a_week_and_at_least_one():
    assert sum(map(len, week(merchants(1000)))) == 10
    assert sum(map(len, week(merchants(3)))) == 1
    assert sum(map(len, week(merchants(100_000)))) == 50
    assert sum(map(len, week(merchants(3), AuditPolicy(at_least_per_week=0)))) == 0
    with pytest.raises(ValueError, match="more than at_most"):
        AuditPolicy(at_least_per_week=60)


def test_a_replayed_day_draws_the_same_and_rows_may_come_in_any_order():
    frame = merchants(1000)
    first = draw_audits(frame, POLICY, MONDAY)
    again = draw_audits(frame.sample(frac=1, random_state=1), POLICY, MONDAY)
    pd.testing.assert_frame_equal(first, again)
    assert first["audit_id"].str.startswith(PREFIX).all()


def test_who_has_an_alert_is_not_drawn_and_another_takes_its_place():
    frame = merchants(1000)
    day = next(MONDAY + timedelta(days=number) for number in range(7) if len(week(frame)[number]))
    drawn = draw_audits(frame, POLICY, day)["merchant_id"]
    instead = draw_audits(merchants(1000, alerted=drawn), POLICY, day)
    assert len(instead) == len(drawn)
    assert not set(instead["merchant_id"]) & set(drawn)
    assert draw_audits(merchants(5, alerted=[f"m{number}" for number in range(5)]), POLICY, day).empty


def test_a_week_draws_no_merchant_twice_and_the_next_week_others():
    frame = merchants(2000)
    first = pd.concat(week(frame))["merchant_id"]
    second = pd.concat(week(frame, start=MONDAY + timedelta(days=7)))["merchant_id"]
    assert first.is_unique
    assert len(set(first) & set(second)) <= 2


def test_every_merchant_is_as_likely_and_a_lone_audit_falls_on_any_weekday():
    frame = merchants(10)
    weeks = 140
    starts = [MONDAY + timedelta(days=7 * number) for number in range(weeks)]
    days = [drawn for start in starts for drawn in week(frame, start=start)]
    counts = pd.concat(days)["merchant_id"].value_counts().reindex(frame["merchant_id"], fill_value=0)
    assert counts.sum() == weeks
    assert counts.min() > 0
    assert stats.chisquare(counts).pvalue > 1e-3
    weekdays = [sum(map(len, days[number::7])) for number in range(7)]
    assert stats.chisquare(weekdays).pvalue > 1e-3


def test_days_that_a_backtest_leaves_out_are_made_up_for():
    frame = merchants(1000)
    assert len(draw_audits(frame, POLICY, MONDAY + timedelta(days=6), step_days=7)) == 10


def test_figures_do_not_matter():
    frame = merchants(1000)
    grave = frame.assign(p_value=np.linspace(0, 1, 1000), leg="service")
    assert (
        draw_audits(frame, POLICY, MONDAY)["audit_id"].tolist()
        == draw_audits(grave, POLICY, MONDAY)["audit_id"].tolist()
    )


@given(st.integers(0, 60), st.integers(0, 3000))
def test_the_days_of_a_week_add_up(per_week, weeks):
    start = MONDAY + timedelta(days=7 * weeks)
    counts = [audits_of_day(per_week, start + timedelta(days=number)) for number in range(7)]
    assert sum(counts) == per_week
    assert max(counts) - min(counts) <= 1
