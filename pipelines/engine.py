"""The engine of all SQL: one per process, and a connection to it for each piece of work.

DuckDB needs some thirty milliseconds of processor to start an engine and none to connect to one that runs; a day of a
small platform connects hundreds of times. Everything that a connection makes is temporary and its own. Work that sets
limits, or reads what strangers sent, has an engine of its own: its settings, or its end, touch nobody else.
"""

from __future__ import annotations

import os
import tempfile
import threading
from functools import cache
from pathlib import Path

import duckdb

_LOCK = threading.Lock()
_SHARED: dict[int, duckdb.DuckDBPyConnection] = {}  # by process: a fork does not inherit an engine's threads


def connect(memory_limit: str | None = None, *, own: bool = False) -> duckdb.DuckDBPyConnection:
    """Open an empty connection that knows `exact_sum` (exact_sum.sql); what it makes has to be temporary.

    Parameters
    ----------
    memory_limit : str, optional
        Limit of an engine of its own; beyond it the engine spills into the system's temporary folder.
    own : bool
        Whether to start an engine of its own, which ends with the connection.
    """
    if own or memory_limit is not None:
        return _session(_engine(memory_limit))
    try:
        return _session(_shared().cursor())
    except (duckdb.FatalException, duckdb.ConnectionException):  # somebody's work has ended the engine for all
        with _LOCK:
            _SHARED.pop(os.getpid(), None)
        return _session(_shared().cursor())


def _shared() -> duckdb.DuckDBPyConnection:
    with _LOCK:
        if os.getpid() not in _SHARED:
            engine = _engine(None)
            # Kept as long as the process, files in its memory would look like a leak; the system keeps them as well.
            engine.execute("SET enable_external_file_cache = false")
            _SHARED[os.getpid()] = engine
        return _SHARED[os.getpid()]


def _engine(memory_limit: str | None) -> duckdb.DuckDBPyConnection:
    engine = duckdb.connect()
    spill = str(Path(tempfile.gettempdir()) / "merchant-gps-spill")
    engine.execute("SET temp_directory = $folder", {"folder": spill})
    if memory_limit is not None:
        engine.execute("SET memory_limit = $limit", {"limit": memory_limit})
    engine.execute("SET preserve_insertion_order = false")
    engine.execute("SET enable_progress_bar = false")  # DuckDB takes a process without a script of its own for a person
    return engine


def _session(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(_exact_sum())
    return connection


@cache
def _exact_sum() -> str:
    return Path(__file__).with_name("exact_sum.sql").read_text(encoding="utf-8")
