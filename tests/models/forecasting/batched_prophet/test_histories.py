import numpy as np
import pytest

from models.forecasting.batched_prophet.histories import CONSTANT, FITTED, TOO_SHORT, look_at

N = np.nan


def test_start_end_rows_gap_and_size_of_each_series():
    seen = look_at(np.array([[N, 2, N, -5, 1, N], [3, 3, 3, N, N, 3], [N] * 6, [N, N, 7, N, N, N], [0.0] * 6]))
    assert seen.first.tolist() == [1, 0, 0, 2, 0]
    assert seen.last.tolist() == [4, 5, -1, 2, 5]
    assert seen.rows.tolist() == [3, 4, 0, 1, 6]
    assert seen.gap.tolist()[:2] == [1, 1]
    assert seen.scale.tolist() == [5, 3, 1, 7, 1]
    assert seen.status.tolist() == [FITTED, CONSTANT, TOO_SHORT, TOO_SHORT, CONSTANT]
    assert seen.whole.tolist() == [False, False, True, True, True]


@pytest.mark.parametrize(
    ("rows", "year", "week"), [(731, True, True), (730, False, True), (15, False, True), (14, False, False)]
)
def test_seasons_need_their_span(rows, year, week):
    seen = look_at(np.arange(rows, dtype=float)[None])
    assert (bool(seen.with_year[0]), bool(seen.with_week[0])) == (year, week)


def test_rows_a_week_apart_have_no_weekly_season():
    values = np.full((1, 100), N)
    values[0, ::7] = np.arange(15)
    assert not look_at(values).with_week[0]
    values[0, 50] = 1
    assert look_at(values).with_week[0]


def test_infinity_is_refused_with_its_place():
    values = np.ones((3, 5))
    values[1, 2] = -np.inf
    with pytest.raises(ValueError, match="series 1 has an infinite value on day 2"):
        look_at(values)


def test_the_size_is_the_largest_wherever_it_stands():
    for place in range(9):
        values = np.full((1, 9), 1.0)
        values[0, place], values[0, (place + 4) % 9] = -5.0, N
        assert look_at(values).scale[0] == 5
