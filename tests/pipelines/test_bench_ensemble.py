import numpy as np
import pytest

from models.forecasting.policy import ForecastPolicy
from pipelines import bench_ensemble
from pipelines.bench_ensemble import HISTORY, FileBlocks, events, in_two, ours, series_of, write_series
from pipelines.bench_forecast import alone
from pipelines.bench_series import DAYS, HORIZON


def test_a_series_is_the_same_wherever_it_is_cut():
    whole = series_of(490, 510)
    assert whole.shape == (20, DAYS)
    np.testing.assert_array_equal(whole[:10], series_of(490, 500))
    np.testing.assert_array_equal(whole[10:], series_of(500, 510))
    assert not np.array_equal(whole[0], whole[10])


def test_what_lies_in_the_file_is_the_history_and_nothing_later(tmp_path, monkeypatch):
    monkeypatch.setattr(bench_ensemble, "BLOCK", 4)
    write_series(tmp_path / "s", 3, 9)
    panels = list(FileBlocks(tmp_path / "s", 6)())
    assert [len(panel.merchants) for panel in panels] == [4, 2]
    values = np.concatenate([panel.values["orders"] for panel in panels])
    np.testing.assert_array_equal(values, series_of(3, 9)[:, :HISTORY])
    assert panels[0].days == DAYS


def test_ours_says_days_ahead_of_the_series_that_are_kept(monkeypatch):
    # Training the trees costs the same for thirty series as for thousands; they have tests of their own.
    quick = ForecastPolicy.model_validate({"ensemble": {"models": ["pooled_level", "seasonal_median"]}})
    monkeypatch.setattr(bench_ensemble, "load_yaml", lambda path, model: quick)
    said = ours(0, 30, 7)
    assert said.mean.shape == (7, HORIZON)
    assert (np.diff(said.quantiles, axis=0) >= 0).all()
    assert said.cost.seconds > 0
    truth = series_of(0, 7)[:, HISTORY:]
    assert np.abs(said.mean - truth).sum() < 0.5 * truth.sum()


def test_every_event_is_known_by_its_day():
    assert len({event.event_id for event in events()}) == 12
    assert len({event.family for event in events()}) == 6


@pytest.mark.scale
def test_two_processes_and_flat_memory():
    small, large = (alone(ours, 0, size, 1).cost.peak_mb for size in (6_000, 20_000))
    assert large < 1.3 * small
    two = in_two(4_000)
    assert two.wall_seconds > 0
