from datetime import date, timedelta

import pytest

from pipelines.doctor.feeds import is_zone

TODAY = date(2026, 10, 30)


def ids(ward):
    return [one.id for one in ward.of("feeds")]


def test_a_corrected_file_resolves_the_one_before_it(ward):
    bad = {"file": "late.csv", "status": "quarantined", "accepted": 0, "message": "no column"}
    ward.deliveries("sales", TODAY, **bad)
    assert ids(ward) == ["feeds.quarantined"]
    ward.deliveries("sales", TODAY, file="late.csv", delivery=2)
    assert ids(ward) == []


def test_the_message_of_the_reader_is_told_and_many_files_are_summed_up(ward):
    for number in range(7):
        ward.deliveries("sales", TODAY, file=f"{number}.csv", status="quarantined", accepted=0, message="not UTF-8")
    found = ward.of("feeds")
    assert len(found) == 6
    assert "not UTF-8" in found[0].what
    assert found[-1].what == "2 more files were put aside"


@pytest.mark.parametrize(("days", "expected"), [(2, []), (3, ["feeds.stale"])])
def test_a_daily_feed_may_be_two_days_behind(ward, days, expected):
    ward.forget("ingested_files", "feed = 'fulfilment'")
    ward.deliveries("fulfilment", TODAY - timedelta(days=days))
    assert ids(ward) == expected


def test_a_weekly_feed_is_given_its_week(ward):
    ward.forget("ingested_files", "feed = 'roster'")
    ward.deliveries("roster", TODAY - timedelta(days=14))
    assert ids(ward) == []


@pytest.mark.parametrize(("days", "expected"), [(3, []), (4, ["feeds.silent"])])
def test_silence_of_everything(ward, days, expected):
    ward.now += timedelta(days=days)
    assert ids(ward) == expected


@pytest.mark.parametrize(("rows", "expected"), [(49, []), (50, ["feeds.held"])])
def test_held_rows_are_summed_over_files(ward, rows, expected):
    for number in (1, 2):
        ward.deliveries("sales", TODAY, file=f"{number}.csv", held=rows)
    assert ids(ward) == expected


def test_names_of_zones():
    assert is_zone("Asia/Shanghai")
    assert not any(is_zone(name) for name in ("Mars/Olympus", "../etc/passwd", "Asia/", "a\x00b"))
