"""Feedback takes effect at once, and the next day takes it over."""

from datetime import timedelta

import pytest

from pipelines.contracts.ingest import ingest
from pipelines.defs.alerting.step import alerts
from pipelines.feedback import NoSuchAlertError, alerts_now, feedback_of, find_alert, give, sorted_for_people


def current(platform):
    return alerts_now(platform.workspace).rows.iloc[0]


def alert_id(platform):
    return current(platform)["alert_id"]


def tomorrow(platform, number=1, **lights):
    ingest(platform.workspace)
    platform.signals(platform.day(number).as_of, **(lights or {"red": ["m1"]}))
    alerts(platform.day(number))
    return current(platform)


def test_an_ack_shows_at_once_and_the_next_day_takes_it_over(routed):
    path = give(routed.workspace, alert_id(routed), "ack", by="Li", comment="on it")
    assert path.name.startswith("2026-10-02-")
    assert (current(routed)["status"], current(routed)["acked_by"]) == ("acked", "Li")
    assert routed.rows("alerts")[0]["status"] == "open"
    taken_over = tomorrow(routed)
    assert (taken_over["status"], taken_over["acked_by"], taken_over["event"]) == ("acked", "Li", "acked")
    assert routed.rows("rejected_rows") == []


def test_snooze_resolve_and_label(routed):
    until = routed.day(0).as_of + timedelta(days=2)
    give(routed.workspace, alert_id(routed).lower(), "snooze", until=until)
    assert current(routed)["status"] == "snoozed"
    give(routed.workspace, alert_id(routed), "label", verdict="fixed")
    assert (current(routed)["status"], current(routed)["verdict"]) == ("resolved", "fixed")
    assert len(feedback_of(routed.workspace, alert_id(routed))) == 2
    assert tomorrow(routed)["resolution"] == "person"


def test_what_landed_is_not_counted_twice_once_it_is_taken_in(routed):
    give(routed.workspace, alert_id(routed), "ack")
    ingest(routed.workspace)
    assert len(feedback_of(routed.workspace, alert_id(routed))) == 1


@pytest.mark.parametrize(
    ("action", "more", "reason"),
    [
        ("snooze", {}, "a snooze needs --until"),
        ("ack", {"verdict": "true"}, "a label needs a verdict"),
        ("label", {}, "a label needs a verdict"),
        ("label", {"verdict": "maybe"}, "verdict must be one of"),
        ("shout", {}, "action must be one of"),
    ],
)
def test_wrong_use_says_what_is_needed(routed, action, more, reason):
    with pytest.raises(ValueError, match=reason):
        give(routed.workspace, alert_id(routed), action, **more)
    assert not (routed.workspace.landing / "feedback").exists()


def test_a_snooze_into_the_past_is_refused(routed):
    with pytest.raises(ValueError, match="is not after 2026-10-01"):
        give(routed.workspace, alert_id(routed), "snooze", until=routed.day(0).as_of)


def test_an_unknown_alert_and_a_workspace_without_a_day(routed, tmp_path):
    with pytest.raises(NoSuchAlertError, match="no alert 'NOPE' on 2026-10-01"):
        give(routed.workspace, "NOPE", "ack")
    with pytest.raises(NoSuchAlertError, match="run: merchant-gps run"):
        alerts_now(type(routed.workspace).at(tmp_path / "empty"))


def test_a_resolved_alert_takes_labels_only(routed):
    give(routed.workspace, alert_id(routed), "resolve")
    with pytest.raises(ValueError, match="only a label"):
        give(routed.workspace, alert_id(routed), "ack")
    give(routed.workspace, alert_id(routed), "label", verdict="true")


def test_hostile_words_become_one_harmless_line(routed):
    give(routed.workspace, alert_id(routed), "ack", by="\x1b[2Jroot\n=cmd", comment='a","b\r\n@all')
    assert current(routed)["acked_by"] == "[2Jroot =cmd"
    assert tomorrow(routed)["acked_by"] == "[2Jroot =cmd"


def test_a_broken_file_among_the_feedback_hides_nobody_elses(routed):
    give(routed.workspace, alert_id(routed), "ack", by="Li")
    folder = routed.workspace.landing / "feedback"
    (folder / "2026-10-02-broken.csv").write_text("feedback_id,given_at\nx,yesterday\n", encoding="utf-8")
    assert current(routed)["acked_by"] == "Li"


def test_the_gravest_and_most_costly_come_first(routed):
    rows = alerts_now(routed.workspace).rows
    import pandas as pd

    three = pd.concat(
        [
            rows.assign(alert_id=name, severity=severity, money_at_risk=money)
            for name, severity, money in (("a", "notice", 9.0), ("b", "critical", 1.0), ("c", "critical", 2.0))
        ]
    )
    assert sorted_for_people(three, ["notice", "warning", "critical"])["alert_id"].tolist() == ["c", "b", "a"]


def test_an_alert_that_is_long_resolved_still_takes_a_label(routed):
    name = alert_id(routed)
    give(routed.workspace, name, "resolve")
    tomorrow(routed, calm=["m1"])
    routed.signals(routed.day(2).as_of, calm=["m1"])
    alerts(routed.day(2))
    assert alerts_now(routed.workspace).rows.empty
    give(routed.workspace, name, "label", verdict="true")
    as_of, found = find_alert(routed.workspace, alerts_now(routed.workspace), name.lower())
    assert (as_of, found["status"], found["verdict"]) == (routed.day(1).as_of, "resolved", "true")
    with pytest.raises(ValueError, match="only a label"):
        give(routed.workspace, name, "ack")


def test_an_audited_merchant_takes_a_label_and_nothing_else(routed):
    routed.put("audit_sample", routed.day(0).as_of, {"audit_id": "AUDIT-ABC", "merchant_id": "m2"})
    give(routed.workspace, "audit-abc", "label", verdict="false", comment="all well")
    assert feedback_of(routed.workspace, "AUDIT-ABC")["verdict"].tolist() == ["false"]
    with pytest.raises(ValueError, match="AUDIT-ABC is an audit"):
        give(routed.workspace, "AUDIT-ABC", "ack")
    assert (current(routed)["status"], tomorrow(routed)["status"]) == ("open", "open")
    assert routed.rows("rejected_rows") == []


@pytest.mark.parametrize("name", ["'; DROP TABLE alerts; --", "", "AUDIT-" + "A" * 60, "\x1b[2J"])
def test_what_cannot_be_an_id_is_none(routed, name):
    with pytest.raises(NoSuchAlertError):
        give(routed.workspace, name, "label", verdict="true")
