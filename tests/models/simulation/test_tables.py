from datetime import date

import numpy as np
import pyarrow as pa

from models.simulation.tables import coded, day_of, days_as_dates, maybe_empty, table

FIRST = date(2026, 10, 1)


def test_day_numbers_become_dates():
    assert days_as_dates(FIRST, np.array([0, 30])).to_pylist() == [date(2026, 10, 1), date(2026, 10, 31)]
    assert days_as_dates(FIRST, 1, 2).to_pylist() == [date(2026, 10, 2)] * 2
    assert day_of(FIRST, 31) == date(2026, 11, 1)


def test_codes_become_texts_and_absent_values_null():
    assert coded(np.array([1, 0]), ["a", "b"]).to_pylist() == ["b", "a"]
    assert maybe_empty(pa.array([1, 2]), np.array([True, False])).to_pylist() == [1, None]


def test_whole_numbers_are_stored_in_32_bits():
    made = table({"count": np.array([1, 2]), "name": pa.array(["x", "y"])})
    assert made.schema.field("count").type == pa.int32()
    assert made.num_rows == 2
