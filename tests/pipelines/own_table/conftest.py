"""Small tables of an analyst's own."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from models.forecasting.policy import ForecastPolicy
from pipelines.own_table.columns import choose_columns
from pipelines.own_table.opening import look
from pipelines.own_table.reading import read_table

FIRST = date(2026, 1, 1)


@pytest.fixture
def lines():
    """Return a function that makes CSV lines `id,date,value` of series over so many days."""

    def make(names, days, first=FIRST, value=lambda name, day: 5 + len(name) + day % 7):
        return [f"{name},{first + timedelta(days=day)},{value(name, day)}" for name in names for day in range(days)]

    return make


@pytest.fixture
def opened(tmp_path):
    """Return a function that writes lines below a header and opens the table."""

    @contextmanager
    def open_table(rows, header="id,date,value", horizon=28, date_format="", **asked):
        path = tmp_path / "table.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        source = look(path)
        columns = choose_columns(source.columns, asked)
        with read_table(source, columns, ForecastPolicy(), horizon, date_format) as table:
            yield table

    return open_table
