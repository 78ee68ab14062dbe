"""Quality: by segment and model, on days that all can be judged on, with nothing from the future."""

from __future__ import annotations

import numpy as np

from models.forecasting.errors import error_sums
from models.forecasting.learn import learn
from models.forecasting.policy import ForecastPolicy
from models.forecasting.quality import MODEL, NAIVE, Quality, measure_quality

HISTORY, MERCHANTS = 200, 60
ORIGINS = ForecastPolicy().quality.origins


def rows_of(values, setting, make_panel) -> dict[tuple[str, str, int], dict]:
    names = np.array([f"m{place:03d}" for place in range(MERCHANTS)], dtype=object)
    learned = learn(lambda: [make_panel({"orders": values}, names=names)], setting, ["orders"])["orders"]
    place = np.arange(MERCHANTS)
    segment_of = np.stack([np.zeros(MERCHANTS, int), np.where(place < 20, 2, np.where(place < 50, 1, -1))])
    quality = measure_quality(learned, ("all", "small", "key"), segment_of, whole=True)
    return {(row["segment"], row["model"], row["horizon"]): row for row in quality.rows()}


def test_ours_is_better_than_the_naive_where_there_is_only_noise(make_setting, make_panel, counts) -> None:
    rows = rows_of(counts(MERCHANTS, HISTORY), make_setting(HISTORY), make_panel)
    for horizon in (1, 7, 14, 28):
        ours, naive = rows["all", MODEL, horizon], rows["all", NAIVE, horizon]
        assert ours["wape"] < 0.8 * naive["wape"]
        assert ours["pinball"] < naive["pinball"]
        assert 0.7 <= ours["coverage_80"] <= 0.9
        assert naive["coverage_80"] is None
        assert ours["pairs"] == naive["pairs"] == ORIGINS * MERCHANTS * horizon
        assert (ours["weight"], naive["weight"]) == (1.0, 0.0)


def test_every_model_is_judged_and_their_weights_add_up(make_setting, make_panel, counts) -> None:
    rows = rows_of(counts(MERCHANTS, HISTORY), make_setting(HISTORY), make_panel)
    models = {model for _, model, _ in rows} - {MODEL, NAIVE}
    # 200 days are too few for the trees, which then have neither a row nor a weight.
    assert models == set(ForecastPolicy().ensemble.models) - {"boosted"}
    for segment in ("all", "small", "key"):
        assert abs(sum(rows[segment, model, 7]["weight"] for model in models) - 1.0) < 1e-9
        assert all(rows[segment, model, 28]["wape"] > 0 for model in models)


def test_segments_are_told_apart_and_none_is_left_out_of_all(make_setting, make_panel, counts) -> None:
    rows = rows_of(counts(MERCHANTS, HISTORY), make_setting(HISTORY), make_panel)
    assert rows["key", MODEL, 7]["pairs"] == ORIGINS * 20 * 7
    assert rows["small", MODEL, 7]["pairs"] == ORIGINS * 30 * 7


def test_a_history_without_origins_has_no_quality(make_setting, make_panel, counts) -> None:
    assert rows_of(counts(MERCHANTS, 18), make_setting(18), make_panel) == {}


def test_a_segment_without_pairs_has_no_row() -> None:
    quality = Quality(("all", "empty"))
    quality.add(MODEL, 7, error_sums(np.ones((2, 7)), np.ones((2, 7)), None, np.ones(2)), np.zeros((1, 2), int))
    assert [row["segment"] for row in quality.rows()] == ["all"]
