"""Work on several cores at once, with answers in the order of the questions, so that nothing depends on who was first.

Threads are enough: the time goes into array code, compiled loops and trees, all of which let other threads run.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(
    work: Callable[[Question], Answer], questions: Iterable[Question], threads: int | None = None
) -> Iterator[Answer]:
    """Answer questions side by side; as many are taken up at once as there are threads, so that memory stays flat.

    Parameters
    ----------
    work : callable
        Must not change what other questions look at.
    questions : iterable
        Read in the calling thread, one at a time.
    threads : int, optional
        By default one per core.

    Raises
    ------
    Exception
        What the work raised, when its turn comes.
    """
    count = threads or cores()
    if count == 1:
        yield from map(work, questions)
        return
    with ThreadPoolExecutor(count) as pool:
        waiting: deque[Future[Answer]] = deque()
        for question in questions:
            waiting.append(pool.submit(work, question))
            if len(waiting) > count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
