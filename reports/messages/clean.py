"""Names and texts of data, made harmless for mail subjects, chats and terminals.

The idea: whoever names a shop must not be able to ring everybody in a chat, to start a new line that looks like ours,
or to send commands to a terminal. HTML is escaped by its templates; this is for text that has no escape of its own.
"""

from __future__ import annotations

import re
import unicodedata

# Cc control, Cf format (bidi overrides, zero-width), Cs surrogates, Co private use, Cn unassigned, Zl/Zp line breaks.
HARMFUL = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Full-width twins read the same but start no mention, link or markup in a chat.
CHAT_TWINS = str.maketrans(
    {
        "@": "＠",
        "<": "＜",
        ">": "＞",
        "[": "［",
        "]": "］",
        "`": "'",
        "*": "＊",
        "_": "＿",
        "~": "～",
        "|": "｜",
        "#": "＃",
        "\\": "＼",
    }
)
# Chats make links of whatever looks like an address, also where no markup asks for one.
SCHEME = re.compile(r":(?=/[/\\])|(?<=\w):(?=\w+@)|(?i:(?<=mailto)|(?<=tel)):")
DOMAIN_DOT = re.compile(r"(?<=\w)[.。｡](?=[^\W\d_]{2,})")


def plain(text: object, longest: int = 80) -> str:
    """One line without control, format or private characters, cut to `longest` characters."""
    if text is None:
        return ""
    kept = "".join(" " if unicodedata.category(sign) in HARMFUL else sign for sign in str(text))
    line = " ".join(kept.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def for_chat(text: object, longest: int = 80) -> str:
    """The same for chats: no mention, link, address or markup either."""
    line = SCHEME.sub("：", plain(text, longest))
    return DOMAIN_DOT.sub("．", line).translate(CHAT_TWINS)
