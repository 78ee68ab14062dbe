from datetime import date, timedelta

import pandas as pd


def test_merchants_appear_when_they_open_and_change_when_they_close(made):
    world = made.simulation.platform.world
    rows = made.versions("merchants")
    first = rows.drop_duplicates("merchant_id").set_index("merchant_id")
    assert len(first) == world.size
    for merchant, row in first.iterrows():
        assert row.known_on == max(row.opened_on, world.first_day), merchant
    assert set(rows.status) <= {"open", "closed"}


def test_products_are_known_with_their_shop_and_listed_before_they_are_known(made):
    rows = made.versions("products")
    assert not rows.duplicated(["merchant_id", "sku_id"]).any()
    assert (pd.to_datetime(rows.listed_on) <= pd.to_datetime(rows.known_on)).all()
    assert rows.sku_name.notna().all()
    assert rows.max_cover_days.isna().all()


def test_events_are_announced_sixty_days_ahead(made):
    events = made.versions("events")
    assert events.event_id.is_unique
    double_11 = events[events.event_id.str.startswith("double_11:2026")]
    assert set(double_11.phase) == {"presale", "warm_up", "peak", "return_wave"}
    assert (double_11.name == "双11 2026").all()
    first_file = min(made.files["events"])
    later = events[events.known_on > first_file]
    assert len(later)
    assert (pd.to_datetime(later.starts_on) - pd.to_datetime(later.known_on) == timedelta(days=60)).all()
    assert events.starts_on.max() <= date(2026, 10, 30) + timedelta(days=60)
