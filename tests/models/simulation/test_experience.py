import numpy as np
import pytest

from models.simulation.draws import Streams
from models.simulation.experience import (
    NPS_HAPPY,
    NPS_UNHAPPY,
    draw_count,
    moods_of,
    question_texts,
    repeated,
    review_texts,
    star_ratings,
    survey_scores,
    unhappy_share,
)


def test_healthy_stars_have_the_mean_of_the_parameters(made):
    shape = made.simulation.platform.parameters.experience
    rng = np.random.default_rng(1)
    stars = star_ratings(rng, shape, np.zeros(100_000, dtype=bool))
    assert stars.mean() == pytest.approx(np.dot(shape.stars, [1, 2, 3, 4, 5]), abs=0.01)
    bad = star_ratings(rng, shape, np.ones(1000, dtype=bool))
    assert bad.max() <= 3
    assert bad.min() == 1


def test_moods_follow_the_stars():
    rng = np.random.default_rng(1)
    late = np.array([False, False, True, True, False])
    moods = moods_of(rng, np.array([5, 3, 1, 5, 2]), late)
    assert moods.tolist() == [0, 1, 3, 0, 2]


def test_scores_stay_in_range_and_unhappy_ones_are_lower():
    rng = np.random.default_rng(1)
    happy = survey_scores(rng, np.zeros(5000, dtype=bool), NPS_HAPPY, NPS_UNHAPPY)
    unhappy = survey_scores(rng, np.ones(5000, dtype=bool), NPS_HAPPY, NPS_UNHAPPY)
    assert set(happy) == set(range(11))
    assert unhappy.mean() < happy.mean() - 3
    assert NPS_HAPPY.sum() == pytest.approx(1)
    assert NPS_UNHAPPY.sum() == pytest.approx(1)


def test_one_row_per_count_with_its_share_of_bad_ones():
    owner, bad = repeated(np.random.default_rng(1), np.array([2, 0, 3]), np.array([1.0, 0.5, 0.0]))
    assert owner.tolist() == [0, 0, 2, 2, 2]
    assert bad.tolist() == [True, True, False, False, False]


def test_late_parcels_make_unhappy(made):
    shape = made.simulation.platform.parameters.experience
    share = unhappy_share(shape, np.zeros(2), np.array([0.0, 0.4]), np.zeros(2))
    assert share[0] == 0
    assert share[1] == pytest.approx(0.4 * shape.unhappy_by_late)


def test_texts_are_of_the_language_and_mood_asked_for(made):
    words = made.simulation._words
    table = review_texts(words, ["zh-CN", "en"])
    picked = table.pick(np.random.default_rng(1), np.array([1, 0]), np.array([2, 3]))
    assert table.texts[picked[0]] in words.reviews["en"].bad
    assert table.texts[picked[1]] in words.reviews["zh-CN"].bad_late
    assert len(question_texts(words, ["en"]).texts) == 16


def test_counts_are_the_same_for_a_seed():
    mean = np.full(50, 3.0)
    assert (draw_count(mean, "reviews", 2, Streams(1)) == draw_count(mean, "reviews", 2, Streams(1))).all()
