import numpy as np
import pytest

from pipelines.defs.risk.step import metric_signals, risk


def table(day, name):
    with day.connect(name) as connection:
        return connection.execute(f"SELECT * FROM {name} WHERE as_of = ?", [day.as_of]).df()


def test_money_is_the_sum_of_its_named_parts_and_orders_the_merchants(platform):
    platform.z["units", 1][4, -1] = -9
    day = platform.write()
    metric_signals(day)
    risk(day)
    found = table(day, "merchant_risk").set_index("merchant_id")
    parts = found[["money_stock_out", "money_drop", "money_breach"]].sum(axis=1)
    np.testing.assert_allclose(found["money_at_risk"], parts)
    assert found.loc[platform.ids[4], "money_drop"] == pytest.approx(platform.size[4] * 700, rel=0.3)
    assert found.sort_values("rank")["priority"].is_monotonic_decreasing
    assert found.loc[platform.ids[4], "light"] == "red"


def test_peers_are_told_for_every_leg_and_mentors_consent(platform):
    due = platform.columns["fulfilment_dispatch_due"][5, -12:]
    platform.columns["fulfilment_dispatched_late"][5, -12:] = np.round(due * 0.3)
    platform.columns["fulfilment_dispatched_late"][8] = 0
    platform.columns["fulfilment_dispatch_due"][8] = 900
    day = platform.write()
    metric_signals(day)
    risk(day)
    found = table(day, "peer_matches")
    assert len(found) == 120 * 7
    mine = found[(found["merchant_id"] == platform.ids[5]) & (found["leg"] == "fulfilment")].iloc[0]
    assert mine["size"] >= 30
    assert '"metric": "fulfilment.late_dispatch"' in mine["difference"]
    consenting = {one for number, one in enumerate(platform.ids) if number % 4 == 0}
    assert set(found["mentor"].dropna()) <= consenting
