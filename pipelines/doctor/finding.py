"""What the doctor finds: which fault, how grave, where, and how to mend it.

A finding is read by people and by scripts; its id stays the same, whatever the sentence says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

Severity = Literal["error", "warning", "hint"]
ORDER: dict[str, int] = {"error": 0, "warning": 1, "hint": 2}


@dataclass(frozen=True)
class Finding:
    """One fault.

    Parameters
    ----------
    id : str
        `<subject>.<fault>`, for scripts.
    severity : str
        `error`: runs fail or people are misled; `warning`: something is lost or soon will be; `hint`: good to know.
    what : str
        What is wrong; never a secret.
    where : str
        File, table, variable or machine.
    how : str
        How to mend it.
    """

    id: str
    severity: Severity
    what: str
    where: str
    how: str

    def as_dict(self) -> dict[str, str]:
        """For JSON."""
        return asdict(self)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Gravest first, then by subject."""
    return sorted(findings, key=lambda one: (ORDER[one.severity], one.id, one.where))
