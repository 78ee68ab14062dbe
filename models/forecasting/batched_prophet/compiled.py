"""One way to compile the number-crunching loops, kept on disk so that a process does not pay for it again.

The one idea: a compiled loop holds the code of the loops it calls, but numba compares only the file of the outer one
with what it kept. So whatever was kept before the newest change of any file with such loops is thrown away first.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit
from numba.core.options import DefaultOptions

MARK = b"@compiled"
Function = TypeVar("Function", bound=Callable[..., Any])
# Sums may be reordered (so that they use the processor's wide registers); NaN and infinity keep their meaning.
LOOSE = {"reassoc", "contract", "arcp", "nsz"}
# Each call otherwise counts references to each array that it is given, on entry and exit, with a locked instruction:
# more than a third of the time of many small fits. Where numba no longer knows the option, calls are slower, no more.
UNCOUNTED = {"_nrt": False} if hasattr(DefaultOptions, "_nrt") else {}


def compiled(function: Function) -> Function:
    """Compile a function of arrays and numbers; keep the result where there is a folder that may be written."""
    return _compile(function, {})


def compiled_inner(function: Function) -> Function:
    """Compile a function that compiled ones call often; it makes no array, copies no slice and returns numbers."""
    return _compile(function, UNCOUNTED)


def _compile(function: Function, more: dict[str, bool]) -> Function:
    options: dict[str, Any] = {"fastmath": LOOSE, "error_model": "numpy", "nogil": True, **more}
    try:
        return cast(Function, njit(cache=True, **options)(function))
    except RuntimeError:  # numba found no folder to keep it in
        return cast(Function, njit(**options)(function))


def drop_stale(folder: Path) -> int:
    """Remove indexes of compiled code older than the newest source with such code, folders below included.

    Returns
    -------
    int
        How many were removed.
    """
    sources = (file for file in folder.rglob("*.py") if MARK in file.read_bytes())
    newest = max((file.stat().st_mtime for file in sources), default=0.0)
    stale = [file for file in folder.rglob("__pycache__/*.nbi") if file.stat().st_mtime < newest]
    for file in stale:
        try:
            file.unlink(missing_ok=True)
        except PermissionError:
            return 0  # an installation that may not be written has no compiled code of its own
    return len(stale)


drop_stale(Path(__file__).parents[1])
