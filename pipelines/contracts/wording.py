"""How to mend what a rule refuses, and how the words of strangers are shown.

The idea: a message that only says what is wrong leaves the reader to guess; so every rule has a sentence that says what
to write instead. File and column names come from strangers and are shown with their control characters spelled out.
"""

from __future__ import annotations

import re

SHOWN_CHARACTERS = 80

# The first pattern that fits the rule's name says what to write.
ADVICE: tuple[tuple[str, str], ...] = (
    (r"not_a_date", "write dates as 2026-10-31"),
    (r"not_a_time", "write times as 2026-10-31 09:30:00"),
    (r"time_zone", "write the platform's own time, without a zone"),
    (r"not_a_number", "write figures as 1234.5, without separators or units; leave unknown ones empty"),
    (r"not_finite", "write a figure, or leave unknown ones empty"),
    (r"not_whole", "counts are whole numbers below 9e15"),
    (r"not_a_flag", "write true or false, or 1 or 0"),
    (r"not one of", "write one of these words"),
    (r"negative|below|above [\d.e+]+$|outside", "write a figure inside the range, or leave unknown ones empty"),
    (r".* above ", "a part cannot exceed its whole; compare how the two are counted"),
    (r"missing", "the contract needs a value here"),
    (r"longer than", "write shorter ids"),
    (r"too_long", "fields hold at most 64 KiB; cut the text"),
    (r"nul", "take the NUL bytes out"),
    (r"not_utf8", "save the file as UTF-8"),
    (
        r"open_quote|quoting",
        'put text with commas, quotes or line ends into quotes, write a quote inside as ""; end lines with LF',
    ),
    (r"fields:", "write one field per column of the header, text with commas in quotes"),
    (r"more than \d+ days (before|after)|after its own", "name the file after the day on which the rows are delivered"),
    (r"duplicate", "deliver each key once"),
)


def advice(rule: str) -> str:
    """Return what to write instead, for the name of a rule; empty for a rule that speaks for itself."""
    return next((words for pattern, words in ADVICE if re.match(pattern, rule)), "")


def visible(text: str) -> str:
    """Text with control and format characters spelled out, so that it can neither steer a terminal nor hide."""
    return "".join(character if character.isprintable() else _spelled(character) for character in text)


def shown(name: str) -> str:
    """A name from a file in quotes, shortened where it is very long."""
    text = visible(name)
    return f"'{text}'" if len(text) <= SHOWN_CHARACTERS else f"'{text[:SHOWN_CHARACTERS]}...'"


def _spelled(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
