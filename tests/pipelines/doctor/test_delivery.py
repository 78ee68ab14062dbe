from datetime import timedelta


def ids(ward):
    return [one.id for one in ward.of("delivery")]


def test_a_message_that_waits_for_its_hour_is_not_late(ward):
    ward.message(notification_id="n2", created_at=ward.now - timedelta(hours=9), next_attempt_at=ward.now)
    assert ids(ward) == []
    ward.message(notification_id="n3", created_at=ward.now - timedelta(minutes=59))
    assert ids(ward) == []
    ward.message(notification_id="n4", created_at=ward.now - timedelta(minutes=61))
    assert ids(ward) == ["delivery.not_run"]


def test_failures_of_long_ago_are_history(ward):
    ward.message(notification_id="n2", status="failed", attempts=8, created_at=ward.now - timedelta(days=8))
    assert ids(ward) == []
    lately = ward.now - timedelta(days=6)
    ward.message(notification_id="n3", status="failed", attempts=8, created_at=lately, route="mail")
    (found,) = ward.of("delivery")
    assert found.what == "messages that did not get through: mail 1"


def test_a_message_that_is_tried_again_and_again_counts(ward):
    later = ward.now + timedelta(minutes=10)
    ward.message(notification_id="n2", attempts=3, next_attempt_at=later)
    assert ids(ward) == ["delivery.failed"]


def test_what_was_sent_or_never_meant_to_be_is_fine(ward):
    ward.message(notification_id="n2", status="suppressed", created_at=ward.now - timedelta(days=3))
    assert ids(ward) == []
