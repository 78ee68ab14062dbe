"""The playbook: situations a merchant may be in, and what is said then, as typed, frozen objects.

The idea: conditions, texts and money are data that an analyst edits. Whatever cannot work on some morning (a text that
a language lacks, a placeholder without a value, a column that no fact has) is refused when the file is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from models.metrics.catalogue import Leg
from models.metrics.words import Frozen, placeholders_of
from models.navigation.conditions import Condition, columns_read
from models.navigation.money import FORMULAS, NEEDS
from models.navigation.settings import PlaybookSettings
from models.navigation.sources import Source, columns_of

ParamName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
SituationId = Annotated[str, Field(pattern=r"^[a-z0-9-]+$", max_length=64)]
# Columns that every candidate has besides its facts.
OF_CANDIDATE = frozenset({"due_on", "worth", "money", "more"})


class Param(Frozen):
    """A value that texts name: its type says how a reader sees it, its column where it comes from.

    `when` reads "today" or "by Tue 3 Nov"; `metric` takes unit and decimals from the row; `words` looks a code up in
    the table `words` of the settings, or (`json`) takes a name that comes with its languages.
    """

    type: Literal["money", "number", "percent", "day", "when", "text", "metric", "words"]
    column: str
    decimals: Annotated[int, Field(ge=0, le=3)] = 0
    words: str | None = None

    @model_validator(mode="after")
    def _words_need_a_table(self) -> Param:
        if (self.type == "words") != (self.words is not None):
            raise ValueError(
                "a param of type words needs `words` (a table of settings.yaml, or json); others must not have it"
            )
        return self


class Texts(Frozen):
    """What is said in one language. Clauses of `reason` after the first fall away where a value is not known."""

    action: Annotated[str, Field(min_length=1)]
    reason: Annotated[tuple[str, ...], Field(min_length=1)]
    proof: Annotated[str, Field(min_length=1)]

    @cached_property
    def parts(self) -> tuple[frozenset[str], ...]:
        """Placeholders of action, proof and each clause, in this order."""
        return tuple(placeholders_of(text) for text in (self.action, self.proof, *self.reason))


class InThreeLanguages(Frozen):
    """The same texts in the three languages, each naming the same values."""

    zh_cn: Texts = Field(alias="zh-CN")
    zh_tw: Texts = Field(alias="zh-TW")
    en: Texts

    @model_validator(mode="after")
    def _placeholders_agree(self) -> InThreeLanguages:
        for name, texts in (("zh-CN", self.zh_cn), ("zh-TW", self.zh_tw)):
            if len(texts.reason) != len(self.en.reason):
                raise ValueError(f"{name} has {len(texts.reason)} clauses of reason, en has {len(self.en.reason)}")
            for part, mine, theirs in zip(_part_names(len(texts.parts)), texts.parts, self.en.parts, strict=True):
                if mine != theirs:
                    raise ValueError(f"{part}: {name} names {sorted(mine)}, en names {sorted(theirs)}")
        return self

    def of(self, locale: str) -> Texts:
        """Texts in a locale (`zh-CN`, `zh-TW` or `en`)."""
        return {"zh-CN": self.zh_cn, "zh-TW": self.zh_tw, "en": self.en}[locale]

    @property
    def named(self) -> frozenset[str]:
        """Every placeholder."""
        return frozenset().union(*self.en.parts)

    @property
    def required(self) -> frozenset[str]:
        """Placeholders without which nothing can be said: those of action, proof and the first clause."""
        return frozenset().union(*self.en.parts[:3])


def _part_names(parts: int) -> tuple[str, ...]:
    return ("action", "proof", *(f"reason[{clause}]" for clause in range(parts - 2)))


class Due(Frozen):
    """By when: a date column (or today) plus days, but not after `at_most_days` from today, never before today."""

    column: str | None = None
    plus_days: int = 0
    at_most_days: Annotated[int, Field(ge=0)] | None = None


class Saying(Frozen):
    """Params and texts that belong together."""

    params: dict[ParamName, Param] = Field(default_factory=dict)
    texts: InThreeLanguages

    @model_validator(mode="after")
    def _params_and_placeholders_match(self) -> Saying:
        missing, unused = self.texts.named - set(self.params), set(self.params) - self.texts.named
        if missing:
            raise ValueError(f"texts name {sorted(missing)}, which are no params")
        if unused:
            raise ValueError(f"params {sorted(unused)} are named by no text")
        return self


class Situation(Saying):
    """One situation: where it is looked for, when it holds, who acts, what it is worth, and what is said.

    `keep` rows of a merchant become prompts of their own (the worthiest); `rest`, if given, says one sentence about
    the others, whose numbers are summed. A situation whose `turn` is `fallback` speaks about a metric only where none
    of the `first` in its leg `answers` it, and once per leg; `last` gives way to both.
    """

    id: SituationId
    leg: Leg | Literal["row"]
    kind: Literal["act", "praise", "connect"] = "act"
    source: Source
    when: Annotated[tuple[Condition, ...], Field(min_length=1)]
    who: Literal["business", "customer", "partner"]
    due: Due = Due()
    formula: str = "none"
    recoverable_share: Annotated[float, Field(ge=0, le=1)] = 0.0
    keep: Annotated[int, Field(ge=1, le=5)] = 1
    turn: Literal["first", "fallback", "last"] = "first"
    answers: tuple[str, ...] = ()
    rest: Saying | None = None

    @model_validator(mode="after")
    def _columns_exist(self) -> Situation:
        if self.formula not in FORMULAS:
            raise ValueError(f"{self.id}: no formula {self.formula!r}; there are {', '.join(FORMULAS)}")
        if (self.formula == "none") != (self.recoverable_share == 0.0):
            raise ValueError(f"{self.id}: a formula and a recoverable_share above 0 go together")
        known = columns_of(self.source)
        unknown = sorted(self.columns_read - known)
        if unknown:
            near = get_close_matches(unknown[0], sorted(known), n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(sorted(known))}"
            raise ValueError(f"{self.id}: {self.source} has no column {unknown[0]!r}; {hint}")
        return self

    @property
    def columns_read(self) -> frozenset[str]:
        """Columns of its source (or of the merchant) that the situation reads."""
        read = columns_read(self.when) | NEEDS[self.formula]
        read |= {param.column for param in self.params.values()} - OF_CANDIDATE
        read |= {"leg"} if self.leg == "row" else set()
        return read | ({self.due.column} if self.due.column else set())

    @property
    def about_the_rest(self) -> Situation:
        """The situation that speaks about the rows that are not kept.

        Raises
        ------
        ValueError
            When nothing is said about them.
        """
        if self.rest is None:
            raise ValueError(f"situation {self.id} says nothing about the rest")
        return self.model_copy(
            update={
                "id": f"{self.id}-rest",
                "params": self.rest.params,
                "texts": self.rest.texts,
                "rest": None,
                "keep": 1,
            }
        )


class SituationFile(Frozen):
    """One file of `data/policy/playbook/`."""

    situations: Annotated[tuple[Situation, ...], Field(min_length=1)]


class Playbook(Frozen):
    """All situations, and how prompts are chosen among them."""

    settings: PlaybookSettings
    situations: tuple[Situation, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Playbook:
        seen: set[str] = set()
        for situation in self.said():
            if situation.id in seen:
                raise ValueError(f"situation {situation.id} stands twice")
            seen.add(situation.id)
            for name, param in situation.params.items():
                if param.words not in (None, "json", "metrics") and param.words not in self.settings.words:
                    raise ValueError(
                        f"{situation.id}: param {name} asks for words {param.words!r}, which settings.yaml lacks"
                    )
        unnamed = sorted({situation.formula for situation in self.situations} - set(self.settings.formulas))
        if unnamed:
            raise ValueError(f"settings.yaml does not say formula {unnamed[0]!r} in words")
        return self

    def said(self) -> Iterator[Situation]:
        """Every situation that can become a prompt, those about the rest included."""
        for situation in self.situations:
            yield situation
            if situation.rest is not None:
                yield situation.about_the_rest

    @cached_property
    def by_id(self) -> dict[str, Situation]:
        """Situations by id, those about the rest included."""
        return {situation.id: situation for situation in self.said()}
