"""Columns are recognised where there is one candidate, and asked for where there are more."""

import pytest

from pipelines.own_table.columns import OwnTableError, choose_columns


def test_columns_are_recognised_by_the_names_that_people_use() -> None:
    found = choose_columns(["Store_ID", "ds", "Sales", "category", "onpromotion", "note"], {})
    assert (found.series, found.date, found.value, found.group) == ("Store_ID", "ds", "Sales", "category")
    assert (found.open, found.promotion, found.holiday, found.has_plans) == (None, "onpromotion", None, True)


def test_what_is_named_counts_and_none_reads_nothing() -> None:
    found = choose_columns(["a", "b", "c", "category"], {"series": "A", "date": "b", "value": "c", "group": "none"})
    assert (found.series, found.date, found.value, found.group) == ("a", "b", "c", None)
    assert not found.has_plans


@pytest.mark.parametrize(
    ("present", "asked", "said"),
    [
        (
            ["store_id", "item_id", "date", "value"],
            {},
            r"series could be any of 'store_id', 'item_id'; .*--series NAME",
        ),
        (["id", "when", "value"], {}, r"no column looks like the date .*there are 'id', 'when', 'value'.*--date NAME"),
        (["id", "date", "value"], {"value": "val"}, r"--value: the table has no column 'val'; there are 'id', 'date'"),
        (["id", "date", "value"], {"group": "id", "series": "id"}, r"'id' cannot be both --series and --group"),
        (["id", "date", "value", "value"], {}, r"names 'value' twice"),
        (["id", "d\x1b[2J", "value"], {}, r"'d\\x1b\[2J'"),
    ],
)
def test_a_doubtful_or_missing_column_is_asked_for(present, asked, said) -> None:
    with pytest.raises(OwnTableError, match=said):
        choose_columns(present, asked)


def test_the_plain_name_wins_over_others_that_could_be_meant() -> None:
    assert choose_columns(["series", "store_id", "date", "value"], {}).series == "series"
