"""A text cut to what a channel takes, at the border of a character, and saying so.

The idea: a channel that gets too much drops the message or cuts it in the middle of a letter, in silence. So we cut it
ourselves, never inside a letter with its accents or a joined emoji, and the last line says where the whole text is.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Literal

Unit = Literal["characters", "bytes", "json_bytes"]
JOINER, VARIATION = "\u200d", "\ufe0f"


def size(text: str, unit: Unit) -> int:
    """Length in characters, in UTF-8 bytes, or in bytes once it is escaped in an ASCII JSON document."""
    if unit == "characters":
        return len(text)
    return len(text.encode()) if unit == "bytes" else len(json.dumps(text)) - 2


def fit(text: str, most: int, unit: Unit, ending: str) -> str:
    """Return the text whole where it fits, else as much as fits before `ending` on a line of its own.

    Parameters
    ----------
    most : int
        What the channel takes, in `unit`.
    ending : str
        Says that the text was cut, and where the whole is; kept whole where there is room for it at all.
    """
    if size(text, unit) <= most:
        return text
    tail = "…\n" + ending
    room = most - size(tail, unit)
    if room < 0:
        return _longest(ending, most, unit)
    return _longest(text, room, unit).rstrip() + tail


def _longest(text: str, most: int, unit: Unit) -> str:
    """The longest beginning of a text within a size that ends between two characters a reader sees."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle], unit) <= most else (low, middle - 1)
    while 0 < low < len(text) and _joined(text[low - 1], text[low]):
        low -= 1
    return text[:low]


def _joined(before: str, after: str) -> bool:
    """Whether two code points are parts of one visible character."""
    skin_tone = 0x1F3FB <= ord(after) <= 0x1F3FF
    return JOINER in (before, after) or after == VARIATION or skin_tone or unicodedata.combining(after) > 0
