from datetime import timedelta

from pipelines.day import Day
from pipelines.defs.risk.step import metric_signals, risk


def incidents(day):
    with day.connect("incidents") as connection:
        return connection.execute("SELECT * FROM incidents WHERE as_of = ?", [day.as_of]).df()


def next_day(platform, day, days=1):
    """The day after, with the same inputs but a quiet last day."""
    later = Day(day.workspace, day.as_of + timedelta(days=days))
    platform.as_of = later.as_of
    platform.write_made(later)
    return later


def test_an_incident_keeps_its_id_over_days_and_is_resolved(platform):
    for key in platform.z:
        platform.z[key][:, -1] -= 6
    day = platform.write()
    metric_signals(day)
    risk(day)
    first = incidents(day).iloc[0]
    later = next_day(platform, day)
    metric_signals(later)
    risk(later)
    second = incidents(later).iloc[0]
    assert second["incident_id"] == first["incident_id"]
    assert second["opened_on"].date() == day.as_of
    for key in platform.z:
        platform.z[key] = platform.rng.normal(size=platform.z[key].shape)
    states = []
    for _ in range(4):
        later = next_day(platform, later)
        metric_signals(later)
        risk(later)
        states.append(incidents(later)["status"].tolist())
    assert states == [["open"], ["open"], ["resolved"], []]


def test_running_a_day_again_does_not_count_its_own_incident_as_yesterdays(platform):
    platform.z["units", 1][:, -1] -= 6
    day = platform.write()
    metric_signals(day)
    risk(day)
    before = incidents(day)
    risk(day)
    assert incidents(day).equals(before)
