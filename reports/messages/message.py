"""Facts to words: a title, a text, an HTML mail and a chat summary in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from quopri import encodestring

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from reports.formatting import day, money
from reports.messages.clean import for_chat, plain
from reports.messages.facts import MessageFacts
from reports.messages.lines import Clean, line_of, messages_catalogue, severity_word
from reports.texts import Catalogue

TEMPLATES = Path(__file__).parent / "templates"
MAIL_LIMIT_BYTES = 102 * 1024  # mail readers cut longer bodies
MAIL_HEAD_BYTES = 4 * 1024  # headers and borders of the parts
LONGEST_TITLE = 180


@dataclass(frozen=True)
class Message:
    """What is sent, in the forms that routes ask for.

    `ending` is what a channel puts at the end of a text that it had to cut.
    """

    title: str
    text: str
    html: str
    chat: str
    chat_title: str = ""
    ending: str = ""


def render(facts: MessageFacts, locale: str, key: str = "") -> Message:
    """Say facts in a language.

    Parameters
    ----------
    facts : MessageFacts
        Names and texts in them may be hostile.
    locale : str
        `zh-CN`, `zh-TW` or `en`.
    key : str
        Idempotency key, told in the message, so that a person recognizes a duplicate too.
    """
    words = messages_catalogue(locale)
    text, html = _mail(facts, locale, key)
    return Message(
        title=_title(facts, words, locale, plain),
        text=text,
        html=html,
        chat=_fill("message.chat.j2", facts, locale, key, for_chat),
        chat_title=_title(facts, words, locale, for_chat),
        ending=_ending(facts, words),
    )


def _mail(facts: MessageFacts, locale: str, key: str) -> tuple[str, str]:
    """Both parts of a mail; what would make it too large is counted at its end, not listed."""
    while True:
        text, html = (
            _fill("message.txt.j2", facts, locale, key, plain),
            _fill("message.html.j2", facts, locale, key, plain),
        )
        encoded = sum(len(encodestring(part.encode())) for part in (text, html)) + MAIL_HEAD_BYTES
        if encoded <= MAIL_LIMIT_BYTES or len(facts.subjects) <= 1:
            return text, html
        keep = max(1, min(len(facts.subjects) - 1, int(len(facts.subjects) * MAIL_LIMIT_BYTES / encoded)))
        more = facts.more + len(facts.subjects) - keep
        facts = facts.model_copy(update={"subjects": facts.subjects[:keep], "more": more})


def _ending(facts: MessageFacts, words: Catalogue) -> str:
    """Where the whole of a shortened text is."""
    page = facts.page or next((subject.page for subject in facts.subjects if subject.page), None)
    if page:
        return words.text("shortened.page", page=page)
    first = facts.subjects[0].reference if facts.kind == "alert" and facts.subjects else ""
    command = f"merchant-gps alerts show {for_chat(first)}" if first else "merchant-gps alerts list"
    return words.text("shortened.command", command=command)


def _title(facts: MessageFacts, words: Catalogue, locale: str, clean: Clean) -> str:
    if facts.kind == "merchant":
        return words.text("title.merchant", n=len(facts.actions), platform=clean(facts.platform))
    if facts.kind == "digest":
        key = "title.quiet" if facts.holds else "title.digest"
        return words.text(key, n=len(facts.subjects) + facts.more)
    if facts.kind == "heartbeat":
        return words.text("title.heartbeat", platform=clean(facts.platform), day=day(facts.as_of, locale))
    line = line_of(facts.subjects[0], facts, locale, clean)
    worse = facts.event == "update" and facts.subjects[0].scope is not None  # the severity of an incident never moves
    event = words.text(
        "event.worse" if worse else f"event.{facts.event}", severity=severity_word(facts.severity, words)
    )
    return plain(words.text("title.one", event=event, who=line.who, leg=line.leg, what=line.what), LONGEST_TITLE)


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _fill(name: str, facts: MessageFacts, locale: str, key: str, clean: Clean) -> str:
    words = messages_catalogue(locale)
    return (
        _templates()
        .get_template(name)
        .render(
            facts=facts,
            words=words,
            title=_title(facts, words, locale, clean),
            lines=[line_of(subject, facts, locale, clean) for subject in facts.subjects],
            actions=_actions(facts, words, locale, clean),
            closing=_closing(facts, words, clean),
            lang=locale,
            platform=clean(facts.platform),
            as_of=day(facts.as_of, locale),
            key=clean(key, 255),
        )
    )


def _actions(facts: MessageFacts, words: Catalogue, locale: str, clean: Clean) -> list[dict[str, str]]:
    return [
        {
            "text": clean(action.text, 300),
            "reason": clean(action.reason, 400),
            "due": words.text("by", day=day(action.due_on, locale)) if action.due_on else "",
            "worth": words.text("worth", money=money(action.worth, facts.currency, locale)) if action.worth else "",
        }
        for action in facts.actions
    ]


def _closing(facts: MessageFacts, words: Catalogue, clean: Clean) -> str:
    """Who took it on, for how long nobody did, or why it ended."""
    if facts.event in ("escalate", "remind") and facts.waited_minutes is not None:
        return words.text("waited", n=facts.waited_minutes)
    if facts.event == "ack" and facts.snoozed_until:
        return words.text("snoozed_until", day=day(facts.snoozed_until, words.locale))
    if facts.event == "ack" and facts.acked_by:
        return words.text("acked_by", name=clean(facts.acked_by))
    if facts.event == "resolve" and facts.resolution and words.has(f"resolution.{facts.resolution}"):
        return words.text(f"resolution.{facts.resolution}")
    return ""
