"""The audit sample over a real lake."""

from pipelines.defs.alerting.step import alerts

WEEK = range(4, 11)  # Monday to Sunday


def a_week(platform, red, calm):
    for number in WEEK:
        day = platform.day(number).as_of
        platform.signals(day, red=red, calm=calm)
        platform.put("merchant_risk", day, *({"merchant_id": one, "p_value_leg": "sales"} for one in (*red, *calm)))
        platform.put("segments", day, *({"merchant_id": one, "size_class": "small"} for one in (*red, *calm)))
        platform.put("leg_scores", day, *({"merchant_id": one, "leg": "sales", "p_value": 0.4} for one in calm))
        alerts(platform.day(number))


def test_a_small_platform_looks_at_one_quiet_merchant_a_week(platform):
    platform.merchants("m1", "m2", "m3")
    a_week(platform, red=["m1"], calm=["m2", "m3"])
    sample = platform.rows("audit_sample")
    assert len(sample) == 1
    assert {row["merchant_id"] for row in sample} <= {"m2", "m3"}
    assert {(row["stratum"], row["leg"], row["p_value"]) for row in sample} == {("small", "sales", 0.4)}
    assert all(row["audit_id"].startswith("AUDIT-") for row in sample)


def test_a_day_run_again_draws_the_same(platform):
    platform.merchants("m1", "m2")
    a_week(platform, red=["m1"], calm=["m2"])
    before = platform.rows("audit_sample")
    for number in WEEK:
        alerts(platform.day(number))
    assert sorted(map(str, platform.rows("audit_sample"))) == sorted(map(str, before))


def test_who_has_an_alert_is_not_looked_at(platform):
    platform.merchants("m1")
    a_week(platform, red=["m1"], calm=[])
    assert platform.rows("audit_sample") == []
    assert platform.rows("alerts", as_of=platform.day(WEEK[-1]).as_of)
