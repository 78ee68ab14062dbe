"""Texts of the policy in the three languages, checked when they are loaded.

The idea: a policy row that would print "{obseved}" on a merchant's page is refused with its line, not discovered there.
"""

from __future__ import annotations

from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

# What a sentence of a metric may name; pages fill them with formatted values.
PLACEHOLDERS = frozenset(
    {
        "observed",
        "expected",
        "limit_amber",
        "limit_red",
        "numerator",
        "denominator",
        "window",
        "peer_p25",
        "peer_p50",
        "peer_p75",
        "more_bad_until_red",
        "good_until_green",
        "days_to_breach",
    }
)


class Frozen(BaseModel):
    """Base of all policy objects: frozen, and an unknown key is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def placeholders_of(text: str) -> frozenset[str]:
    """Names in braces of a text.

    Raises
    ------
    ValueError
        When a brace is not closed, or a placeholder holds more than a name.
    """
    found = [(name, spec or conversion) for _, name, spec, conversion in Formatter().parse(text) if name is not None]
    for name, extra in found:
        if extra:
            raise ValueError(f"{name!r} has {extra!r} beside its name; values come formatted, write {{{name}}} alone")
    return frozenset(name for name, _ in found)


def _only_known_placeholders(text: str) -> str:
    unknown = sorted(placeholders_of(text) - PLACEHOLDERS)
    if unknown:
        raise ValueError(f"unknown placeholder {unknown[0]!r}; use one of {', '.join(sorted(PLACEHOLDERS))}")
    return text


Text = Annotated[str, Field(min_length=1)]
Sentence = Annotated[str, Field(min_length=1), AfterValidator(_only_known_placeholders)]


class Words(Frozen):
    """A text in the three languages."""

    zh_cn: Text = Field(alias="zh-CN")
    zh_tw: Text = Field(alias="zh-TW")
    en: Text

    def of(self, locale: str) -> str:
        """Text in a locale (`zh-CN`, `zh-TW` or `en`)."""
        return {"zh-CN": self.zh_cn, "zh-TW": self.zh_tw, "en": self.en}[locale]


class Sentences(Words):
    """A sentence with placeholders in the three languages, each with the same ones."""

    zh_cn: Sentence = Field(alias="zh-CN")
    zh_tw: Sentence = Field(alias="zh-TW")
    en: Sentence
