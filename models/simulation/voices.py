"""Feeds of single customers: reviews, surveys and chats word for word."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from models.simulation.chain import ChainDay, Platform
from models.simulation.draws import Ints, thin
from models.simulation.experience import (
    CSAT_BAD,
    CSAT_GOOD,
    NPS_HAPPY,
    NPS_UNHAPPY,
    draw_count,
    moods_of,
    question_texts,
    repeated,
    review_texts,
    star_ratings,
    survey_scores,
)
from models.simulation.service import HOUR_SHARES, PHASES
from models.simulation.tables import EPOCH, coded, day_of, days_as_dates, table
from models.simulation.words import Words


class Voices:
    """Makes the tables of single voices; their ids are made of the day and a number."""

    def __init__(self, platform: Platform, words: Words, merchant_ids: pa.Array, sku_ids: pa.Array) -> None:
        self._platform, self._words = platform, words
        self._ids, self._sku_ids = merchant_ids, sku_ids
        locales = platform.world.locales
        self._reviews, self._questions = review_texts(words, locales), question_texts(words, locales)
        self._review_texts, self._question_texts = pa.array(self._reviews.texts), pa.array(self._questions.texts)
        # Shares of shop k lie between k and k + 1: one search finds a product by its share.
        self._cumulative = np.cumsum(platform.products.share)

    def tables(self, chain: ChainDay) -> dict[str, list[pa.Table]]:
        """Feed tables of a day of detail."""
        feeds = {"reviews": [self._review_table(chain)], "surveys": [self._survey_table(chain)]}
        if chain.day >= self._platform.world.days - self._platform.parameters.feeds.consultation_days:
            feeds["consultations"] = [self._consultation_table(chain, phase) for phase in PHASES]
        return feeds

    def _numbered(self, prefix: str, day: int, size: int) -> pa.Array:
        head = f"{prefix}{day_of(self._platform.world.first_day, day):%y%m%d}-"
        return pa.compute.binary_join_element_wise(
            pa.scalar(head), pa.compute.cast(pa.array(np.arange(1, size + 1)), pa.string()), ""
        )

    def _products_of(self, rng: np.random.Generator, merchant: Ints) -> Ints:
        """A product (index) for each voice, by the shares of sales."""
        products = self._platform.products
        found = np.searchsorted(self._cumulative, merchant + rng.random(len(merchant)))
        last = products.starts[merchant] + self._platform.world.products[merchant] - 1
        return np.clip(found, products.starts[merchant], last)

    def _reviewed(self, rng: np.random.Generator, merchant: Ints, day: int) -> Ints:
        """Number within its shop of the product that each review is about; of new products only once they sell."""
        products = self._platform.products
        found = self._products_of(rng, merchant)
        return np.where(products.listed[found] <= day, products.number[found], 0)

    def _review_table(self, chain: ChainDay) -> pa.Table:
        shape, world = self._platform.parameters.experience, self._platform.world
        streams = self._platform.streams
        count = draw_count(chain.review_mean * shape.reviews_per_order * chain.is_open, "reviews", chain.day, streams)
        against = draw_count(chain.bad_reviews * chain.is_open, "bad reviews", chain.day, streams)
        praise = draw_count(chain.fake_reviews * chain.is_open, "fake reviews", chain.day, streams)
        rng = streams.of("reviews", chain.day)
        merchant, bad = repeated(rng, count, chain.unhappy)
        stars = star_ratings(rng, shape, bad)
        # Strangers who want to harm, and the shop's own friends.
        merchant = np.concatenate([merchant, *(np.repeat(np.arange(world.size), extra) for extra in (against, praise))])
        stars = np.concatenate([stars, np.full(against.sum(), 1), np.full(praise.sum(), 5)])
        late = rng.random(len(merchant)) < np.clip(3 * chain.late_recent[merchant], 0, 0.8)
        mood = moods_of(rng, stars, late)
        text = self._reviews.pick(rng, world.locale[merchant], mood)
        has_text = rng.random(len(merchant)) < shape.text_share
        return table(
            {
                "review_id": self._numbered("R", chain.day, len(merchant)),
                "date": days_as_dates(world.first_day, chain.day, len(merchant)),
                "merchant_id": coded(merchant, self._ids),
                "sku_id": coded(self._reviewed(rng, merchant, chain.day), self._sku_ids),
                "rating": stars,
                "text": _texts(text, self._review_texts, has_text),
                "language": coded(world.locale[merchant], world.locales),
            }
        )

    def _survey_table(self, chain: ChainDay) -> pa.Table:
        shape = self._platform.parameters.experience
        rng = self._platform.streams.of("surveys", chain.day)
        sessions = np.sum([service.first["sessions"] for service in chain.service.values()], axis=0)
        nps = draw_count(
            chain.review_mean * shape.nps_per_order * chain.is_open, "nps", chain.day, self._platform.streams
        )
        csat = draw_count(sessions * shape.csat_per_session * chain.is_open, "csat", chain.day, self._platform.streams)
        nps_merchant, nps_bad = repeated(rng, nps, chain.unhappy)
        csat_merchant, csat_bad = repeated(rng, csat, 1 - shape.csat_good * (1 - chain.unhappy))
        scores = np.concatenate(
            [
                survey_scores(rng, nps_bad, NPS_HAPPY, NPS_UNHAPPY),
                1 + survey_scores(rng, csat_bad, CSAT_GOOD, CSAT_BAD),
            ]
        )
        merchant, is_bad = np.concatenate([nps_merchant, csat_merchant]), np.concatenate([nps_bad, csat_bad])
        kind = np.repeat([0, 1], [len(nps_merchant), len(csat_merchant)])
        return self._survey_rows(chain, rng, merchant, kind, scores, is_bad)

    def _survey_rows(
        self,
        chain: ChainDay,
        rng: np.random.Generator,
        merchant: Ints,
        kind: Ints,
        scores: Ints,
        is_bad: NDArray[np.bool_],
    ) -> pa.Table:
        shape, world, words = self._platform.parameters.experience, self._platform.world, self._words
        size = len(merchant)
        touchpoint = np.where(
            kind == 1, words.touchpoints.index("service"), rng.integers(0, len(words.touchpoints), size)
        )
        text = self._reviews.pick(rng, world.locale[merchant], np.where(is_bad, 2, 0))
        return table(
            {
                "response_id": self._numbered("S", chain.day, size),
                "date": days_as_dates(world.first_day, chain.day, size),
                "merchant_id": coded(merchant, self._ids),
                "kind": coded(kind, ["nps", "csat"]),
                "score": scores,
                "touchpoint": coded(touchpoint, words.touchpoints),
                "channel": coded(rng.integers(0, len(words.channels), size), words.channels),
                "text": _texts(text, self._review_texts, rng.random(size) < shape.survey_text_share),
            }
        )

    def _consultation_table(self, chain: ChainDay, phase: str) -> pa.Table:
        world, parameters = self._platform.world, self._platform.parameters
        service = chain.service[phase].first
        rng = self._platform.streams.of(f"consultations {phase}", chain.day)
        sessions = np.asarray(service["sessions"], dtype=np.int64) * chain.is_open
        count = thin(rng, sessions, parameters.feeds.consultation_share)
        by_people = np.divide(service["human_sessions"], sessions, out=np.zeros(world.size), where=sessions > 0)
        merchant, is_human = repeated(rng, count, by_people)
        size, position = len(merchant), PHASES.index(phase)
        seconds = rng.choice(24, size, p=HOUR_SHARES) * 3600 + rng.integers(0, 3600, size)
        start = (day_of(world.first_day, chain.day) - EPOCH).days * 86_400
        text = self._questions.pick(rng, world.locale[merchant], np.full(size, position))
        handle = np.where(is_human, parameters.service.handle_seconds[position], 20.0) * rng.gamma(2.0, 0.5, size)
        return table(
            {
                "session_id": self._numbered("CA"[position], chain.day, size),
                "started_at": pa.array((start + seconds).astype("datetime64[s]")).cast(pa.timestamp("us")),
                "merchant_id": coded(merchant, self._ids),
                "phase": coded(np.full(size, position), PHASES),
                "channel": coded(rng.integers(0, len(self._words.channels), size), self._words.channels),
                "handled_by": coded(is_human.astype(np.int64), ["bot", "human"]),
                "resolved": ~is_human | (rng.random(size) < 0.9),
                "handle_seconds": np.round(handle),
                "first_question": coded(text, self._question_texts),
            }
        )


def _texts(codes: Ints, texts: pa.Array, present: NDArray[np.bool_]) -> pa.Array:
    """Texts by code, NULL where a customer wrote none."""
    indices = pa.array(codes.astype(np.int32), mask=~present)
    return pa.DictionaryArray.from_arrays(indices, texts)
