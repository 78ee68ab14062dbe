"""Do this today: at most five actions by money, and apart from them what is going well."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from reports.merchant.facts import MerchantFacts, PromptFact
from reports.merchant.reader import Reader, layout
from reports.prompts import Rendered, render_prompt
from reports.templates import names_in


class Action(NamedTuple):
    """A card; `money` is empty where the worth is not known."""

    leg: str
    light: str
    title: str
    reason: str
    due: str
    proof: str
    money: str
    open: bool


def build_actions(facts: MerchantFacts, reader: Reader) -> tuple[list[Action], list[Action]]:
    """Actions to do and good news to keep, in the order of the prompts."""
    lights = {leg.leg: leg.light for leg in facts.legs}
    to_do = [prompt for prompt in facts.prompts if not prompt.good_news and prompt.today]
    good = [prompt for prompt in facts.prompts if prompt.good_news]
    return _cards(to_do[: layout()["max_actions"]], lights, reader), _cards(good, lights, reader)


def _cards(prompts: Sequence[PromptFact], lights: dict[str, str], reader: Reader) -> list[Action]:
    cards = []
    for place, prompt in enumerate(prompts):
        said = in_language(prompt, reader)
        cards.append(
            Action(
                leg=prompt.leg,
                light=prompt.light or lights.get(prompt.leg, "grey"),
                title=said.action,
                reason=said.reason,
                due=reader.day(prompt.due_on) if prompt.due_on is not None else "",
                proof=said.proof,
                money=reader.money(prompt.worth) if prompt.worth else "",
                open=place < layout()["open_actions"],
            )
        )
    return cards


def in_language(prompt: PromptFact, reader: Reader) -> Rendered:
    """The prompt's texts in the reader's language: as stored, or said again from the playbook.

    A playbook that was edited since may name values that were not stored; then the stored texts are shown.
    """
    texts = reader.context.playbook.get(prompt.situation or "", {}).get(reader.locale)
    if prompt.locale in (None, reader.locale) or texts is None or not prompt.params:
        return Rendered(prompt.action, prompt.reason, prompt.proof)
    values = json.loads(prompt.params)
    if not names_in(texts.action) | names_in(texts.proof) <= values.keys():
        return Rendered(prompt.action, prompt.reason, prompt.proof)
    return render_prompt(texts.action, texts.reason, texts.proof, values, reader.locale, reader.context.currency)
