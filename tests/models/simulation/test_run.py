from datetime import date, timedelta

import pytest

from pipelines.contracts.feeds import feeds

END = date(2026, 10, 30)


@pytest.fixture(scope="module")
def small(build):
    return build(merchants=8, days=40, seed=11)


def test_the_same_seed_gives_the_same_files(small, build):
    again = build(merchants=8, days=40, seed=11)
    assert set(again.files) == set(small.files)
    for feed, by_day in small.files.items():
        assert set(by_day) == set(again.files[feed])
        assert all(table.equals(again.files[feed][day]) for day, table in by_day.items()), feed
    assert small.truth.equals(again.truth)


def test_another_seed_gives_another_platform(small, build):
    other = build(merchants=8, days=40, seed=12)
    assert not other.versions("storefront").equals(small.versions("storefront"))


def test_all_feeds_but_those_of_people_are_delivered(made):
    assert set(made.files) == set(feeds()) - {"feedback", "actions"}


def test_columns_are_those_of_the_contract(made):
    for feed, by_day in made.files.items():
        for table in by_day.values():
            promised = [name for name, column in feeds()[feed].columns.items() if not column.optional]
            assert [name for name in table.column_names if name in promised] == promised, feed
            assert set(table.column_names) <= set(feeds()[feed].columns), feed


def test_every_day_is_delivered(made):
    days = {END - timedelta(days=back) for back in range(150)}
    for feed in ("sales", "storefront", "fulfilment", "plans", "cases"):
        missing = days - set(made.files[feed])
        assert all(day < END - timedelta(days=118) for day in missing) if feed == "fulfilment" else not missing


def test_a_simulation_needs_a_merchant_and_days(build):
    with pytest.raises(ValueError, match="at least 1 merchant"):
        build(merchants=0)


def test_one_merchant_is_enough(build):
    one = build(merchants=1, days=35, seed=2)
    assert one.versions("merchants").merchant_id.nunique() == 1
