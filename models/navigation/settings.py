"""How prompts are chosen, and the few money figures that no table knows (data/policy/playbook/settings.yaml)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from models.metrics.words import Frozen, Words

Share = Annotated[float, Field(ge=0, le=1)]


class PlaybookSettings(Frozen):
    """Numbers of the choice, formulas in words, and the words that prompts put in for codes."""

    today: Annotated[int, Field(ge=1, le=20)]
    at_most: Annotated[int, Field(ge=1, le=50)]
    good_news: Annotated[int, Field(ge=0, le=10)]
    connect: Annotated[int, Field(ge=0, le=10)]
    holding_cost_year: Share
    event_stake: Share
    buying_share: Share
    rest_from: Annotated[int, Field(ge=1)]
    least_worth: Annotated[float, Field(ge=0)]
    formulas: dict[str, Words]
    words: dict[str, dict[str, Words]]
    feed_legs: dict[str, str]
