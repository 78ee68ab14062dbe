"""Names of alerts and messages that are the same on every replay.

The idea: an id is a hash of what it names, so that a day computed again, or on another machine, gives the same ids; it
is short enough to be read out on the phone (base32 has no 0, 1, 8 or 9).
"""

from __future__ import annotations

import base64
import hashlib

LENGTH = 12  # 60 bits: a collision among a million names has a probability of 4e-7


def short_hash(*parts: str) -> str:
    """Return `LENGTH` characters of base32 over the parts; a part's own characters cannot imitate a boundary."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return base64.b32encode(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()).decode()[:LENGTH]
