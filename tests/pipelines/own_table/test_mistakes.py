"""Each kind of mistake is named with its rows and how to mend it."""

import pytest

from pipelines.own_table.columns import OwnTableError
from pipelines.own_table.mistakes import WORDS


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",2026-01-20,1,,,,", r"1 rows have no name of a series .*row 21: empty"),
        ("a,,1,,,,", r"have no date"),
        ("a,2026-02-29,1,,,,", r"date that cannot be read.*row 21: '2026-02-29'.*--date-format"),
        ("a,20.01.2026,1,,,,", r"'20.01.2026'"),
        ("a,infinity,1,,,,", r"date that cannot be read"),
        ("a,2026-01-20 13:00:00,1,,,,", r"have a time of day"),
        ('a,2026-01-20,"1,5",,,,', r"value that is no number .*'1,5'.*write figures as 1234.5"),
        ("a,2026-01-20,inf,,,,", r"infinite"),
        ("a,2026-01-20,-0.5,,,,", r"negative value .*'-0.5'"),
        ("a,2026-01-20,1e300,,,,", r"above 1e15"),
        ("a,2026-01-20,1,maybe,,,", r"`open` that is neither"),
        ("a,2026-01-20,1,,1.5,,", r"`promotion` that is no flag"),
        ("a,2026-01-20,1,,,2,", r"`holiday` that is neither"),
        ("x\x1b[2J,2026-01-20,-1,,,,", r"negative"),
        ("a,2026-01-20,1,,,,free", r"price that is no number .*'free'"),
        ("a,2026-01-20,1,,,,-3", r"price that is not above zero"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(opened, lines, row, said) -> None:
    good = [f"{line},1,0.2,0,9.5" for line in lines(["a"], 20)]
    with (
        pytest.raises(OwnTableError, match=said) as told,
        opened([*good, row], "id,date,value,open,promotion,holiday,price"),
    ):
        pass
    assert "\x1b" not in str(told.value)
    assert "table.csv" in str(told.value)


def test_many_mistakes_are_counted_and_a_few_shown(opened, lines) -> None:
    rows = lines(["a"], 20, value=lambda _, day: -day)
    with pytest.raises(OwnTableError, match=r"19 rows have a negative") as told, opened(rows):
        pass
    assert str(told.value).count("row ") == 5


def test_a_day_that_stands_twice_is_named_with_both_rows(opened, lines) -> None:
    rows = lines(["a", "b"], 20)
    with (
        pytest.raises(OwnTableError, match=r"1 days of a series .*'a' on 2026-01-03 \(rows 3 and 41\)"),
        opened([*rows, rows[2]]),
    ):
        pass
    with (
        pytest.raises(OwnTableError, match=r"20 days stand more than once.*name that column with --series"),
        opened(rows, series="none"),
    ):
        pass


def test_every_kind_of_mistake_has_words() -> None:
    sql = __import__("pipelines.own_table.mistakes", fromlist=["sql_of"]).sql_of("typed.sql")
    assert all(f"'{name}'" in sql for name in WORDS)
