"""Names of pages: unguessable, yet the same every day for the same merchant.

The one idea: a page's file name is a keyed hash (HMAC-SHA-256) of the merchant's id. An id never becomes a path, and
who knows one merchant's address cannot work out another's without the workspace's key.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from pipelines.workspace import Workspace

KEY_VARIABLE = "MERCHANT_GPS_PAGE_KEY"
KEY_FILE = "pages.key"
_KEY_BYTES = 32
_NAME_LENGTH = 32  # hexadecimal digits: 128 bits


class PageKeyError(RuntimeError):
    """The key of page names cannot be used; the message says how to mend it."""


@dataclass(frozen=True)
class PageNames:
    """Makes names with one key."""

    key: bytes

    def name(self, merchant_id: str) -> str:
        """File name (without suffix) of a merchant's page."""
        return hmac.new(self.key, b"merchant:" + merchant_id.encode(), hashlib.sha256).hexdigest()[:_NAME_LENGTH]

    @property
    def tower(self) -> str:
        """File name (without suffix) of the platform's page."""
        return "tower-" + hmac.new(self.key, b"tower", hashlib.sha256).hexdigest()[:_NAME_LENGTH]


def page_names(workspace: Workspace) -> PageNames:
    """Names with the workspace's key, from the environment or its key file (made when missing).

    Raises
    ------
    PageKeyError
        When the key in the environment is too short, or the file can be read by others.
    """
    given = os.environ.get(KEY_VARIABLE, "")
    if given:
        if len(given) < _KEY_BYTES:
            raise PageKeyError(f"{KEY_VARIABLE} has {len(given)} characters; give at least {_KEY_BYTES} random ones")
        return PageNames(given.encode())
    return PageNames(read_or_make_key(workspace.secrets / KEY_FILE))


def read_or_make_key(path: Path) -> bytes:
    """The key in a file that only its owner can read; a new random one where there is none.

    Two runs at once cannot make two keys: the file is created exclusively, and the loser reads the winner's.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_key(path)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_KEY_BYTES))
    return _read_key(path)


def _read_key(path: Path) -> bytes:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise PageKeyError(f"{path} can be read by others; run: chmod 600 {path}")
    key = path.read_bytes().strip()
    if len(key) < _KEY_BYTES:
        raise PageKeyError(f"{path} holds no key; delete it and a new one is made (page addresses will change)")
    return key
