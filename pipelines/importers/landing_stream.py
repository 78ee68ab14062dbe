"""Landing files that are written piece by piece, and appear together when all of them are whole, or not at all.

Why: a source that sends millions of rows must not be held in memory, and one that breaks off half-way must leave
nothing that a run would take for a delivery.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq


class LandingStream:
    """The files of one feed while they are written; a context that lets them appear when it is left without an error.

    Parameters
    ----------
    folder : Path
        The feed's landing folder; made when the first rows come.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._name = ""
        self._writer: pq.ParquetWriter | None = None
        self._hidden: dict[str, Path] = {}

    def __enter__(self) -> LandingStream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        for name, hidden in self._hidden.items():
            if kind is None:
                hidden.replace(self._folder / name)
            else:
                hidden.unlink(missing_ok=True)

    def write(self, name: str, rows: pa.Table) -> None:
        """Append rows to the file `name`; it is closed when another name follows.

        Raises
        ------
        ValueError
            When the file has been closed already.
        """
        if name != self._name:
            self._begin(name, rows.schema)
        assert self._writer is not None
        self._writer.write_table(rows)

    def _begin(self, name: str, schema: pa.Schema) -> None:
        if name in self._hidden:
            raise ValueError(f"rows of {name} come in more than one place; ORDER BY delivered_on")
        self._close()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._hidden[name] = self._folder / f".{name}.part"
        self._name, self._writer = name, pq.ParquetWriter(self._hidden[name], schema, compression="zstd")

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._writer, self._name = None, ""
