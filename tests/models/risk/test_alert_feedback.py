"""Feedback folds into the same state however often it is folded."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.risk.alert_feedback import apply_feedback, last_verdicts


@pytest.fixture
def alert(world, make):
    return world.tomorrow(make.signal())


def fold(alert, make, policy, *rows, as_of=None):
    day = as_of or make.start + timedelta(days=1)
    said = [
        {
            "alert_id": alert["alert_id"].iloc[0],
            "given_at": pd.Timestamp(day) + pd.Timedelta(minutes=number),
            "known_on": day,
            "by": "Li",
            **row,
        }
        for number, row in enumerate(rows)
    ]
    return apply_feedback(alert, make.feedback(said), day, policy.lifecycle).iloc[0]


def test_the_last_word_counts(alert, make, alert_policy):
    until = make.start + timedelta(days=5)
    state = fold(alert, make, alert_policy, {"action": "snooze", "until": until}, {"action": "ack", "by": "Wang"})
    assert (state["status"], state["acked_by"], pd.isna(state["snoozed_until"])) == ("acked", "Wang", True)
    state = fold(alert, make, alert_policy, {"action": "ack"}, {"action": "snooze", "until": until})
    assert (state["status"], state["acked_by"], state["snoozed_until"]) == ("snoozed", "Li", pd.Timestamp(until))


@pytest.mark.parametrize(("verdict", "status"), [("true", "open"), ("false", "resolved"), ("fixed", "resolved")])
def test_verdicts(alert, make, alert_policy, verdict, status):
    state = fold(alert, make, alert_policy, {"action": "label", "verdict": verdict})
    assert (state["status"], state["verdict"]) == (status, verdict)


def test_an_ack_without_a_name_is_still_an_ack(alert, make, alert_policy):
    assert fold(alert, make, alert_policy, {"action": "ack", "by": None})["status"] == "acked"


def test_words_from_before_it_opened_do_not_count(alert, make, alert_policy):
    early = make.start - timedelta(days=1)
    assert fold(alert, make, alert_policy, {"action": "ack", "known_on": early})["status"] == "open"


def test_words_about_other_alerts_change_nothing(alert, make, alert_policy):
    state = fold(alert, make, alert_policy, {"action": "resolve", "alert_id": "SOMEBODY"})
    assert state["status"] == "open"


def test_a_verdict_given_after_the_end_counts_for_the_next_time(alert, make):
    said = make.feedback(
        [
            {
                "alert_id": alert["alert_id"].iloc[0],
                "given_at": pd.Timestamp(2026, 10, 9),
                "action": "label",
                "verdict": "false",
            }
        ]
    )
    assert last_verdicts(alert, said).tolist() == ["false"]
    assert last_verdicts(alert.assign(verdict="true"), make.feedback()).tolist() == ["true"]


ENTRIES = st.lists(st.sampled_from(["ack", "snooze", "resolve", "true", "false"]), max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=ENTRIES)
def test_folding_twice_is_folding_once(alert, make, alert_policy, entries):
    day = date(2026, 10, 2)
    said = make.feedback(
        [
            {
                "alert_id": alert["alert_id"].iloc[0],
                "given_at": pd.Timestamp(day) + pd.Timedelta(minutes=number),
                "known_on": day,
                "action": "label" if entry in ("true", "false") else entry,
                "by": "Li",
                "verdict": entry if entry in ("true", "false") else None,
                "until": day if entry == "snooze" else None,
            }
            for number, entry in enumerate(entries)
        ]
    )
    once = apply_feedback(alert, said, day, alert_policy.lifecycle)
    twice = apply_feedback(once.assign(status="open"), said, day, alert_policy.lifecycle)
    pd.testing.assert_frame_equal(once, twice, check_dtype=False)
