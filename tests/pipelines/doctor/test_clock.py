from datetime import date, timedelta

import pytest

TODAY = date(2026, 10, 30)


@pytest.mark.parametrize(("ahead", "expected"), [(1, []), (2, ["warning"]), (366, ["warning"]), (367, ["error"])])
def test_deliveries_from_days_to_come(ward, ahead, expected):
    ward.deliveries("sales", TODAY + timedelta(days=ahead))
    assert [one.severity for one in ward.of("clock")] == expected


def test_every_gap_names_the_day_to_begin_with(ward):
    ward.append("alert_volume", [{"as_of": day, "leg": "all", "opened_by": "all"} for day in
                                 (TODAY + timedelta(days=4), TODAY + timedelta(days=9))])  # fmt: skip
    found = ward.of("clock")
    assert [one.id for one in found] == ["clock.missing_day"] * 2
    assert "--day 2026-10-31" in found[0].how
