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


def test_a_feed_that_stands_still_is_one_incident_and_no_metric_that_reads_it_is_judged(platform):
    for name, values in platform.columns.items():
        if name.startswith("fulfilment_"):
            values[:, -2:] = values[:, -3:-2]  # two days delivered, with the figures of the day before
    day = platform.write()
    metric_signals(day)
    risk(day)
    found = incidents(day)
    assert found[["scope", "group", "metric", "members"]].values.tolist() == [["feed", "fulfilment", "data.stale", 120]]
    assert (found.iloc[0]["effect"], found.iloc[0]["observed"]) == (1, 120)
    assert found.iloc[0]["expected"] < 12  # fewer than one in ten would be alike by chance
    since = day.as_of - timedelta(days=1)
    with day.connect("metric_signals", "leg_status") as connection:
        lights = connection.execute(
            "SELECT DISTINCT metric, grey_reason FROM metric_signals WHERE as_of = ?", [day.as_of]
        ).fetchall()
        reasons = connection.execute(
            "SELECT DISTINCT reason FROM leg_status WHERE as_of = ? AND leg = 'fulfilment'", [day.as_of]
        ).fetchall()
    assert ("fulfilment.late_dispatch", f"stale:fulfilment:{since}") in lights
    assert ("fulfilment.late_dispatch", None) not in lights
    assert ("sales.forecast_break", None) in lights
    assert reasons == [(f"stale:fulfilment:{since}",)]


def test_a_feed_that_broke_for_some_shops_is_one_incident_and_the_others_are_judged(platform):
    broke_on = platform.as_of - timedelta(days=3)
    platform.silent = {"fulfilment": dict.fromkeys(platform.ids[:8], broke_on)}
    late = platform.columns["fulfilment_dispatched_late"]
    late[::2, -1] = platform.columns["fulfilment_orders"][::2, -1]  # a region's parcels are late beside it
    day = platform.write()
    metric_signals(day)
    risk(day)
    found = incidents(day)
    feed = found[found["scope"] == "feed"]
    assert feed[["group", "leg", "members"]].to_numpy().tolist() == [["fulfilment", "data", 8]]
    assert (found["leg"] == "fulfilment").any()
