"""Do this today: at most five actions by money, and apart from them what is going well."""

from collections.abc import Sequence
from typing import NamedTuple

from reports.merchant.facts import MerchantFacts, PromptFact
from reports.merchant.reader import Reader, layout


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
    to_do = [prompt for prompt in facts.prompts if not prompt.good_news][: layout()["max_actions"]]
    good = [prompt for prompt in facts.prompts if prompt.good_news]
    return _cards(to_do, lights, reader), _cards(good, lights, reader)


def _cards(prompts: Sequence[PromptFact], lights: dict[str, str], reader: Reader) -> list[Action]:
    return [
        Action(
            leg=prompt.leg,
            light=lights.get(prompt.leg, "grey"),
            title=prompt.action,
            reason=prompt.reason,
            due=reader.day(prompt.due_on) if prompt.due_on is not None else "",
            proof=prompt.proof,
            money=reader.money(prompt.worth) if prompt.worth else "",
            open=place < layout()["open_actions"],
        )
        for place, prompt in enumerate(prompts)
    ]
