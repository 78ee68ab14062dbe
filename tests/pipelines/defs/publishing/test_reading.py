"""Facts of many merchants from a few queries."""

from datetime import date

from pipelines.defs.publishing.reading import names_of, read_events, read_facts


def test_facts_of_every_merchant(published_day):
    events = read_events(published_day)
    facts = {merchant.merchant_id: merchant for merchant in read_facts(published_day, None, events)}
    assert list(facts) == ["m-1", "m-2"]
    shop = facts["m-1"]
    assert (shop.name, shop.locale, shop.growth_stage, shop.light) == ("Mianyu <b>Home</b>", "en", "growing", "red")
    assert (shop.money_at_risk, shop.money_before) == (90_000.0, None)
    assert shop.metrics[0].observed == 0.09
    assert shop.metrics[0].low is None  # NaN is not known
    assert shop.prompts[0].action == "Ship 9 orders"
    assert shop.stock[0].sku_name == "Quilt"
    assert shop.events[0].name["zh-TW"] == "雙 11"


def test_orders_are_forecast_rather_than_units(published_day):
    shop, other = read_facts(published_day, None, ())
    assert shop.outlook.measure == "orders"
    assert len(shop.outlook.q50) == 28
    assert shop.outlook.actual == [None] * 60  # no row of merchant_day: not known, not zero
    assert shop.outlook.actual_from == date(2026, 9, 1)
    assert other.outlook is None


def test_only_the_buckets_asked_for(published_day):
    found = [merchant.merchant_id for bucket in (0, 1) for merchant in read_facts(published_day, (bucket,), ())]
    assert sorted(found) == ["m-1", "m-2"]


def test_names_of_events():
    assert names_of('{"en": "Double 11"}') == {"en": "Double 11"}
    assert names_of("Shop day")["zh-CN"] == "Shop day"
    assert names_of("[1]")["en"] == "[1]"
    assert names_of(None)["en"] == "—"


def test_a_block_reads_no_rows_of_others(published_day, monkeypatch):
    queried = {}

    def query(day, connection, beside, name, **parameters):
        queried[name] = original(day, connection, beside, name, **parameters)
        return queried[name]

    original = type(published_day).query
    monkeypatch.setattr(type(published_day), "query", query)
    for bucket in range(8):
        block = {shop.merchant_id for shop in read_facts(published_day, (bucket,), ())}
        of_others = [name for name, rows in queried.items() if set(rows["merchant_id"].to_pylist()) - block]
        assert of_others == []
    assert len(queried) == 10
