"""What customers say: stars, words and scores, some days after the order.

Late parcels and slow service upstream turn part of the reviews and answers bad; the words then say what it was about.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.simulation.draws import Floats, Ints, Streams, thin
from models.simulation.parameters import ExperienceParameters
from models.simulation.words import Words

BAD_STARS = np.array([0.6, 0.3, 0.1, 0.0, 0.0])  # of a review that turned bad, 1 to 5 stars
CSAT_GOOD, CSAT_BAD = np.array([0.0, 0.0, 0.0, 0.25, 0.75]), np.array([0.45, 0.3, 0.25, 0.0, 0.0])
NPS_HAPPY = np.array([0.01, 0.005, 0.005, 0.01, 0.01, 0.03, 0.04, 0.1, 0.17, 0.22, 0.4])
NPS_UNHAPPY = np.array([0.25, 0.12, 0.12, 0.12, 0.1, 0.12, 0.07, 0.05, 0.03, 0.01, 0.01])


@dataclass(frozen=True)
class TextTable:
    """All texts of one kind in one list; `start` and `size` (languages, moods) say where each mood's texts lie."""

    texts: list[str]
    start: Ints
    size: Ints

    def pick(self, rng: np.random.Generator, language: Ints, mood: Ints) -> Ints:
        """Index of a random text for each language and mood code."""
        return self.start[language, mood] + rng.integers(0, self.size[language, mood])


def text_table(groups: list[list[tuple[str, ...]]]) -> TextTable:
    """Put texts by language and mood into one list."""
    texts: list[str] = []
    start, size = (np.zeros((len(groups), len(groups[0])), dtype=np.int64) for _ in range(2))
    for row, moods in enumerate(groups):
        for column, found in enumerate(moods):
            start[row, column], size[row, column] = len(texts), len(found)
            texts.extend(found)
    return TextTable(texts, start, size)


def review_texts(words: Words, locales: list[str]) -> TextTable:
    """Texts of reviews; moods: good, fair, bad, bad because late."""
    found = [words.reviews[locale] for locale in locales]
    return text_table([[entry.good, entry.fair, entry.bad, entry.bad_late] for entry in found])


def question_texts(words: Words, locales: list[str]) -> TextTable:
    """Texts of first questions; moods: pre-sale, after-sale."""
    found = [words.questions[locale] for locale in locales]
    return text_table([[entry.pre_sale, entry.after_sale] for entry in found])


def unhappy_share(
    shape: ExperienceParameters,
    trait: Floats,
    late_share: Floats,
    reply_backlog: Floats,
    faulty: Floats | float = 0.0,
) -> Floats:
    """Share of customers (merchants,) whose experience was bad; `faulty` = those annoyed by a faulty product."""
    bad = trait + shape.unhappy_by_late * late_share + 0.3 * reply_backlog + faulty
    return np.asarray(np.clip(bad, 0.0, 0.95))


def star_ratings(rng: np.random.Generator, shape: ExperienceParameters, bad: NDArray[np.bool_]) -> Ints:
    """1 to 5 stars of reviews (n,); `bad` marks those that trouble upstream has turned."""
    healthy = np.cumsum(np.array(shape.stars) / np.sum(shape.stars))
    levels = np.where(bad[:, None], np.cumsum(BAD_STARS), healthy)
    return 1 + (rng.random(len(bad))[:, None] > levels[:, :-1]).sum(axis=1)


def moods_of(rng: np.random.Generator, stars: Ints, bad_and_late: NDArray[np.bool_]) -> Ints:
    """Mood of the words of reviews: 0 good, 1 fair, 2 bad, 3 bad because late."""
    mood = np.where(stars >= 4, 0, np.where(stars == 3, 1, 2))
    mood = np.where((stars == 4) & (rng.random(len(stars)) < 0.4), 1, mood)
    return np.where((mood == 2) & bad_and_late, 3, mood)


def survey_scores(rng: np.random.Generator, bad: NDArray[np.bool_], happy: Floats, unhappy: Floats) -> Ints:
    """Scores from 0 upwards of answers (n,), drawn from one of two distributions."""
    levels = np.where(bad[:, None], np.cumsum(unhappy), np.cumsum(happy))
    return (rng.random(len(bad))[:, None] > levels[:, :-1]).sum(axis=1)


def repeated(rng: np.random.Generator, count: Ints, share: Floats) -> tuple[Ints, NDArray[np.bool_]]:
    """One row per count: whose it is (n,), and whether it is one of the bad ones, which `share` (merchants,) says."""
    owner = np.repeat(np.arange(len(count)), count)
    bad = np.zeros(len(owner), dtype=bool)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    bad_count = thin(rng, count, share)
    bad[number < bad_count[owner]] = True
    return owner, bad


def draw_count(mean: Floats, subject: str, day: int, streams: Streams) -> Ints:
    """Poisson counts (merchants,) of reviews or answers on a day."""
    return streams.of(f"{subject} count", day).poisson(mean)
