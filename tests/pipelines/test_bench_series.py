import numpy as np
import pytest

from pipelines.bench_series import DAYS, HORIZON, MISSING, bench_block, bench_calendar, mixed_block


@pytest.mark.parametrize("what", ["shared dates", "missing days", "own covariates"])
def test_a_block_is_the_same_whenever_it_is_made(what):
    one, again, other = bench_block(what, 5, 3), bench_block(what, 5, 3), bench_block(what, 5, 4)
    np.testing.assert_array_equal(one.values, again.values)
    assert not np.array_equal(one.values, other.values, equal_nan=True)
    assert one.values.shape == (5, DAYS)
    assert np.nanmin(one.values) >= 0


def test_each_way_has_what_its_name_says():
    whole, holes, own = (bench_block(what, 40, 1) for what in ("shared dates", "missing days", "own covariates"))
    assert np.isfinite(whole.values).all()
    assert np.isnan(holes.values).mean() == pytest.approx(MISSING, abs=0.01)
    assert own.own is not None
    assert own.own.shape == (40, 2, DAYS + HORIZON)
    assert set(np.unique(own.own[:, 0])) == {0.0, 1.0}


def test_mixed_series_hold_every_kind():
    values = mixed_block(16, 0).values
    known = np.isfinite(values).mean(axis=1)
    assert (known[::8] == 1).all()
    assert (known[1::8] < 0.99).all()
    assert (np.nanmean(values[2::8], axis=1) < 1).all()
    assert (known[3::8] < 0.3).all()
    assert (values[6::8, -1] == 0).all()


def test_the_calendar_reaches_to_the_last_day_ahead_and_has_six_events():
    calendar = bench_calendar()
    assert calendar.values.shape == (DAYS + HORIZON, 32)
    assert calendar.values[:, 26:].sum() == 12
