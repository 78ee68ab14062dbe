"""What a table spans, what is not used, and what is refused as a whole."""

from datetime import date

import pytest

from pipelines.own_table.columns import OwnTableError


def test_a_table_is_laid_down_by_series_and_everything_is_counted(opened, lines) -> None:
    rows = [f"{line},x," for line in lines(["b", "a"], 40)]
    rows += [
        "a,2026-02-12,,x,1", "a,2026-06-01,,x,1",  # ahead, and too far ahead
        "old,2026-01-01,3,y,1", "mute,2026-01-01,,y,1", "a,2025-12-31,,x,1", "a,2025-12-30,7,x,0",
    ]  # fmt: skip
    rows += [f"young,2026-02-0{day},1,y,1" for day in range(1, 4)]
    with opened(rows, "id,date,value,group,open") as table:
        assert (table.first_on, table.last_on, table.series, table.whole) == (
            date(2025, 12, 30),
            date(2026, 2, 9),
            5,
            True,
        )
        names = table.connection.execute("SELECT series FROM series ORDER BY place").fetchall()
        assert [name for (name,) in names] == ["a", "b", "mute", "old", "young"]
        assert table.connection.execute("SELECT count(*), max(panel_column) FROM days").fetchone() == (88, 44)
        notes = "\n".join(table.notes)
    for said in (
        "series 'id', date 'date', value 'value', group 'group', open 'open'",
        "89 rows read, 85 with a value, 2025-12-30 to 2026-02-09",
        "taken as counts",
        "2 rows up to 2026-02-09 have no value",
        "1 values stand on days marked as closed",
        "1 rows after 2026-02-09 say what is planned",
        "1 rows lie more than 28 days ahead",
        "1 series have no value at all: no forecast ('mute')",
        "2 series have fewer than 14 values: their forecast leans on the other series ('old', 'young')",
    ):
        assert said in notes, said


def test_silent_series_and_old_days_are_told(opened, lines) -> None:
    rows = [*lines(["a"], 1200, date(2023, 1, 1), value=lambda *_: 1.5), *lines(["gone"], 30, date(2025, 1, 1))]
    with opened(rows) as table:
        assert table.history == 1100
        assert not table.whole
        notes = "\n".join(table.notes)
    assert "100 values before 2023-04-11 are older than 1,100 days" in notes
    assert "1 series have no value in the last 56 days: no forecast ('gone')" in notes
    assert "taken as money" in notes


def test_one_series_needs_no_name_and_dates_may_be_written_otherwise(opened) -> None:
    rows = [f"{day:02d}.02.2024,{day}" for day in range(1, 30)]
    with opened(rows, "date,value", date_format="%d.%m.%Y") as table:
        assert (table.series, table.history, table.last_on) == (1, 29, date(2024, 2, 29))
        assert any("the table is one series, called 'all'" in note for note in table.notes)


@pytest.mark.parametrize(
    ("rows", "header", "said"),
    [
        ([f"a,2026-01-{day:02d},1" for day in range(1, 14)], "id,date,value", "short a history; deliver at least 14"),
        (["a,2026-01-01,", "a,2026-01-02,NaN"], "id,date,value", "holds no value at all"),
        ([*(f"a,2026-01-{day:02d},1" for day in range(1, 29)), "a,2126-01-29,1"], "id,date,value", "2126-01-29, 36525"),
        ([f"a,2026-01-{day:02d},1,g{day % 2}" for day in range(1, 29)], "id,date,value,group", "'a': 'g0' and 'g1'"),
        (['a,2026-01-01,1', 'b,2026-01-01,"1'], "id,date,value", "Line: 3"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_forecast_is_refused(opened, rows, header, said) -> None:
    with pytest.raises(OwnTableError, match=said), opened(rows, header):
        pass


def test_a_column_that_is_no_group_is_refused(opened) -> None:
    rows = [f"s{place},2026-01-{day:02d},1,g{place}" for place in range(1001) for day in (1, 20)]
    rows += [f"a,2026-01-{day:02d},1,g" for day in range(1, 29)]
    with pytest.raises(OwnTableError, match="holds 1,002 groups"), opened(rows, "id,date,value,group"):
        pass
