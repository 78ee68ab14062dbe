"""Names and texts of the simulated platform, as data.

The idea: a name is put together from a few words, so that 10,000 shops and 275,000 products need a page of YAML.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

Texts = tuple[str, ...]
# Odd and without a common factor with the number of names, so that a shop's products never share one.
STRIDE = 37


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ShopWords(_Section):
    """Parts of shop names in one language."""

    join: str
    first: Texts = Field(min_length=1)
    second: Texts = Field(min_length=1)
    words: dict[str, Texts]


class ProductWords(_Section):
    """Parts of product names in one language."""

    join: str
    modifier: Texts = Field(min_length=1)
    variant: Texts = Field(min_length=1)
    noun: dict[str, Texts]

    def names(self, category: str) -> list[str]:
        """Every name of a category."""
        return [
            self.join.join(part for part in (modifier, noun, variant) if part)
            for variant in self.variant
            for noun in self.noun[category]
            for modifier in self.modifier
        ]


class ReviewWords(_Section):
    """Customers' words by mood."""

    good: Texts
    fair: Texts
    bad: Texts
    bad_late: Texts


class QuestionWords(_Section):
    """First questions by phase."""

    pre_sale: Texts
    after_sale: Texts


class Words(_Section):
    """All names and texts; see `data/policy/simulation_words.yaml`."""

    shops: dict[str, ShopWords]
    products: dict[str, ProductWords]
    managers: Texts
    touchpoints: Texts
    channels: Texts
    reviews: dict[str, ReviewWords]
    questions: dict[str, QuestionWords]


def shop_names(
    words: Words, locales: list[str], categories: list[str], rng: np.random.Generator
) -> NDArray[np.object_]:
    """One name per merchant.

    Parameters
    ----------
    locales, categories
        Of each merchant, (n,).
    """
    draws = rng.random((3, len(locales)))
    names = []
    for locale, category, first, second, word in zip(locales, categories, *draws, strict=True):
        shop = words.shops[locale]
        of_category = shop.words[category]
        parts = (shop.first[int(first * len(shop.first))], shop.second[int(second * len(shop.second))])
        names.append(shop.join.join((*parts, of_category[int(word * len(of_category))])))
    return np.array(names, dtype=object)


def product_name_table(words: Words, locales: list[str], categories: list[str]) -> tuple[list[str], NDArray[np.int64]]:
    """All product names, and where those of each locale and category begin.

    Returns
    -------
    names : list of str
        Locale by locale, category by category.
    starts : (locales, categories + 1) array
        `names[starts[l, c]:starts[l, c + 1]]` are those of locale l and category c.
    """
    names: list[str] = []
    starts = np.zeros((len(locales), len(categories) + 1), dtype=np.int64)
    for row, locale in enumerate(locales):
        for column, category in enumerate(categories):
            starts[row, column] = len(names)
            names.extend(words.products[locale].names(category))
        starts[row, len(categories)] = len(names)
    return names, starts


def product_name_codes(
    starts: NDArray[np.int64], locale: NDArray[np.int64], category: NDArray[np.int64], number: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Index of the name of each product; products of one shop differ until the words run out.

    Parameters
    ----------
    starts
        From `product_name_table`.
    locale, category, number
        Of each product (n,); `number` counts from 0 within a shop, plus the shop's own offset.
    """
    first = starts[locale, category]
    size = starts[locale, category + 1] - first
    return (first + number * STRIDE % size).astype(np.int32)
