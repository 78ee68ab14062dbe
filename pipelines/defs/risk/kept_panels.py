"""Panels of all blocks that are read from the lake once and gone through twice: for the priors, then for the merchants.

Kept in memory they would grow with the platform; kept in files they come back as they are, without a query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from pipelines.defs.risk.panel import Panel, Panels


class KeptPanels:
    """Panels that are made when they are first asked for, a block at a time, and read from files from then on.

    Parameters
    ----------
    folder : Path
        Empty, and there as long as the panels are in use.
    make : callable
        Makes the panels of all blocks in order.
    """

    def __init__(self, folder: Path, make: Callable[[], Iterator[Panels]]) -> None:
        self._folder, self._make = folder, make
        self._kept: list[Panels] | None = None

    def __call__(self) -> Iterator[Panels]:
        """All blocks in order."""
        if self._kept is not None:
            yield from self._kept
            return
        kept = []
        for number, both in enumerate(self._make()):
            yield both
            long = None if both.long is None else self._keep(both.long, f"{number}-long")
            kept.append(Panels(self._keep(both.recent, f"{number}-recent"), long))
        self._kept = kept

    def _keep(self, panel: Panel, name: str) -> Panel:
        tables = [self._file(table, f"{name}-{place}") for place, table in enumerate((panel.rows, *panel.extra))]
        return replace(panel, rows=tables[0], extra=tuple(tables[1:]))

    def _file(self, table: pa.Table, name: str) -> pa.Table:
        path = str(self._folder / f"{name}.arrow")
        with pa.ipc.new_file(path, table.schema) as writer:
            writer.write_table(table.combine_chunks())
        # The map outlives the file's name, so the folder may be emptied while figures are still read from it.
        with pa.memory_map(path) as source, pa.ipc.open_file(source) as file:
            return file.read_all()
