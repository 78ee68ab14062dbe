"""Facts to words: a title, a text, an HTML mail and a chat summary in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from reports.formatting import day, money
from reports.messages.clean import for_chat, plain
from reports.messages.facts import MessageFacts, Subject
from reports.texts import Catalogue, catalogue
from reports.values import metric_value

HERE = Path(__file__).parent
MAIL_LIMIT = 102 * 1024  # mail readers cut longer bodies
LONGEST_TITLE = 180


@dataclass(frozen=True)
class Message:
    """What is sent, in the three forms that routes ask for."""

    title: str
    text: str
    html: str
    chat: str


@dataclass(frozen=True)
class Line:
    """A subject in words; every text is made harmless for the form that shows it."""

    reference: str
    severity: str
    who: str
    leg: str
    what: str
    against: str
    since: str
    at_risk: str
    first: str
    page: str | None
    command: str


def render(facts: MessageFacts, locale: str) -> Message:
    """Say facts in a language.

    Parameters
    ----------
    facts : MessageFacts
        Names and texts in them may be hostile.
    locale : str
        `zh-CN`, `zh-TW` or `en`.
    """
    words = catalogue(locale, HERE / "locales")
    title = plain(_title(facts, words, locale), LONGEST_TITLE)
    return Message(
        title=title,
        text=_fill("message.txt.j2", facts, words, locale, title, plain),
        html=_fill("message.html.j2", facts, words, locale, title, plain),
        chat=_fill("message.chat.j2", facts, words, locale, title, for_chat),
    )


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(enabled_extensions=("html.j2", "html"), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _fill(name: str, facts: MessageFacts, words: Catalogue, locale: str, title: str, clean: type | object) -> str:
    lines = [line_of(subject, facts, words, locale, clean) for subject in facts.subjects]
    actions = [
        {
            "text": clean(action.text, 300),  # type: ignore[operator]
            "reason": clean(action.reason, 400),  # type: ignore[operator]
            "due": words.text("by", day=day(action.due_on, locale)) if action.due_on else "",
            "worth": words.text("worth", money=money(action.worth, facts.currency, locale)) if action.worth else "",
        }
        for action in facts.actions
    ]
    return _templates().get_template(name).render(
        facts=facts, words=words, title=title, lines=lines, actions=actions, lead=_lead(facts, words, clean),
        lang=locale, platform=clean(facts.platform), as_of=day(facts.as_of, locale),  # type: ignore[operator]
    )
