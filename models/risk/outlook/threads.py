"""One thread for small matrices: with a few thousand rows more of them mostly wait for each other.

Where another process is at work on the same cores, the waiting took a hundred times as long as the work.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache

from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[object]:
    """While this lasts, libraries called from this thread work on it alone."""
    limit: AbstractContextManager[object] = _controller().limit(limits=1)
    return limit


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
