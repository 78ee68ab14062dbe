"""What an importer did: rows per feed, and what a reader of the pages must know about the source."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ImportReport:
    """What was written.

    Parameters
    ----------
    rows : dict of feed -> int
        Rows written as landing files.
    notes : tuple of str
        What was left out, and what is assumed; one sentence each.
    """

    rows: dict[str, int]
    notes: tuple[str, ...] = ()

    def noting(self, note: str) -> ImportReport:
        """Return the report with one more note."""
        return ImportReport(self.rows, (*self.notes, note))

    def __str__(self) -> str:
        counts = ", ".join(f"{feed}: {rows}" for feed, rows in self.rows.items())
        return "\n".join([counts, *(f"note: {note}" for note in self.notes)])
