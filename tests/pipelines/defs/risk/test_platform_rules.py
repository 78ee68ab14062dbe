"""Rules of platforms through the whole step: look-backs, counts of buyers, least volumes and grades in the table."""

import numpy as np
import pytest

from pipelines.defs.risk.step import metric_signals
from pipelines.defs.risk.written import WrittenSignals, leg_lights
from pipelines.policy import load_profile


@pytest.fixture
def judged(platform, tmp_path):
    """Return a function that judges a small platform by a profile."""

    def judge(profile, disturb):
        small = type(platform)(tmp_path, merchants=24, days=400)
        units = small.columns["sales_units"]
        small.columns["after_sale_orders"] = units.copy()
        small.columns["after_sale_defective_orders"] = np.zeros_like(units)
        small.columns["cases_cases_closed_unresolved"] = np.zeros_like(units)
        disturb(small)
        (small.home / "config.yaml").write_text(f"profile: {profile}\n", encoding="utf-8")
        day = small.write()
        connected = small.feed_status().assign(connected=True, status="fresh")
        small.write_rows(day, "feed_status", connected)
        metric_signals(day)
        return small, day

    return judge


def signal(day, platform, shop, metric):
    with day.connect("metric_signals") as connection:
        asked = [platform.ids[shop], metric]
        return connection.execute(
            'SELECT "window", light, numerator, denominator, counted, limit_count, platform_grade, grey_reason '
            "FROM metric_signals WHERE merchant_id = ? AND metric = ?", asked,
        ).fetchall()  # fmt: skip


def test_ebay_looks_at_one_window_and_counts_buyers(judged):
    def disturb(platform):
        for name in ("after_sale_orders", "after_sale_defective_orders", "fulfilment_orders"):
            platform.columns[name][:4] = 0
        orders, defective = (platform.columns[f"after_sale_{name}"] for name in ("orders", "defective_orders"))
        buyers = platform.columns["after_sale_defective_buyers"] = np.zeros_like(orders)
        orders[0, -10], orders[1, -10], orders[2, -10], orders[3, -10] = 400, 399, 400, 99
        orders[1, -300] = 1
        defective[[0, 2], -10] = defective[1, -300] = 4
        buyers[0, -10] = buyers[1, -300] = 4
        buyers[2, -10] = 3

    platform, day = judged("ebay_top_rated_us", disturb)
    metric = "after_sale.order_defect"
    assert signal(day, platform, 0, metric) == [("90d", "red", 4, 400, 4, 3, None, None)]
    assert signal(day, platform, 1, metric) == [("365d", "red", 4, 400, 4, 3, None, None)]
    assert signal(day, platform, 2, metric)[0][:6] == ("90d", "green", 4, 400, 3, 3)
    assert signal(day, platform, 3, metric)[0] == ("365d", "grey", 0, 99, 0, 3, None, "small_sample")
    with day.connect("metric_signals") as connection:
        from pipelines.defs.risk.panel import read_merchants
        from pipelines.defs.risk.standing import metric_places

        merchants, profile = read_merchants(day), load_profile(day.workspace)
        connection.register("day_merchants", merchants.places())
        connection.register("day_metrics", metric_places(profile))
        legs = leg_lights(WrittenSignals.read(day, connection, merchants, profile))
    place = [merchants.ids.to_pylist().index(platform.ids[shop]) for shop in (0, 1, 2, 3)]
    assert [legs["after_sale"].reason[at] for at in place[:2]] == [f"metric:{metric}"] * 2
    assert legs["after_sale"].reason[place[3]] in ("small_sample", f"core_missing:{metric}")


def test_mercado_libre_grades_stand_in_the_table(judged):
    def disturb(platform):
        due, late = (platform.columns[f"fulfilment_{name}"] for name in ("dispatch_due", "dispatched_late"))
        for shop, rate in enumerate((0.0, 0.18, 0.25, 0.5)):
            late[shop] = np.round(due[shop] * rate)

    platform, day = judged("mercadolibre_mx", disturb)
    found = [signal(day, platform, shop, "fulfilment.late_dispatch")[0] for shop in range(4)]
    assert [(one[0], one[1], one[6]) for one in found] == [
        ("60d", "green", "green"), ("60d", "amber", "yellow"), ("60d", "red", "orange"), ("60d", "red", "red"),
    ]  # fmt: skip
