"""Where the address of a route, a secret, is kept: in an environment variable, or in a file that only we can read.

The idea: policy names the place, never the address. It is read when a message is sent, and whatever goes wrong is said
with the name of the place alone.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LONGEST = 8192


class NoAddressError(LookupError):
    """There is no usable address; the text says which variable or file to mend."""


@dataclass(frozen=True)
class Source:
    """The place of one address: the name of a variable, or the path of a file; a relative one lies in `folder`."""

    variable: str | None = None
    file: str | None = None
    folder: Path = Path()

    @property
    def name(self) -> str:
        """How people call it."""
        return f"environment variable {self.variable}" if self.variable else f"secret file {self.file}"

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / (self.file or "")

    def read(self, environment: Mapping[str, str] | None = None) -> str:
        """Return the address.

        Raises
        ------
        NoAddressError
            When it is missing, empty, too long or unreadable.
        """
        if self.variable:
            value = (os.environ if environment is None else environment).get(self.variable, "")
            missing = f"{self.name} is not set"
        else:
            value, missing = self._content(), f"{self.name} is empty"
        value = value.strip()
        if not value:
            raise NoAddressError(f"{missing}; it must hold the route's address")
        if len(value) > LONGEST or any(ord(sign) < 32 for sign in value):
            raise NoAddressError(f"{self.name} must hold one address on one line")
        return value

    def _content(self) -> str:
        try:
            with self.path.open(encoding="utf-8") as file:
                return file.read(LONGEST + 2)
        except FileNotFoundError:
            raise NoAddressError(f"{self.name} does not exist; it must hold the route's address") from None
        except (OSError, UnicodeDecodeError) as error:
            raise NoAddressError(f"{self.name} cannot be read ({type(error).__name__})") from None

    def worry(self) -> str | None:
        """Say when others on this machine can read the file."""
        if self.variable:
            return None
        try:
            mode = stat.S_IMODE(self.path.stat().st_mode)
        except OSError:
            return None
        if not mode & 0o077:
            return None
        return f"{self.name} can be read by others (mode {mode:04o}); run: chmod 600 {self.path}"
