"""Make the parts of a table in a thread of their own while the lake writes those made before.

The Delta writer pulls its data from inside its own runtime, and whoever opens another Delta table there dies of it
("Cannot start a runtime from within a runtime"). A step that reads one block while the last one is written must
therefore read on a plain thread; that both go on at once is a gain besides.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from queue import Empty, Full, Queue
from typing import TypeVar

Part = TypeVar("Part")
WAIT_SECONDS = 0.2  # how often a waiting producer looks whether anybody still listens


def made_ahead(parts: Iterable[Part], ahead: int = 1) -> Iterator[Part]:
    """Give the parts in order, made on another thread at most `ahead` parts before they are asked for.

    An error of the producer is raised here; a consumer that stops early stops the producer too.
    """
    queue: Queue[tuple[str, Part | BaseException | None]] = Queue(maxsize=ahead)
    stopped = threading.Event()

    def put(kind: str, value: Part | BaseException | None) -> bool:
        while not stopped.is_set():
            try:
                queue.put((kind, value), timeout=WAIT_SECONDS)
            except Full:
                continue
            return True
        return False

    def produce() -> None:
        try:
            for part in parts:
                if not put("part", part):
                    return
        except BaseException as error:  # raised again where the parts are taken
            put("error", error)
        else:
            put("end", None)

    thread = threading.Thread(target=produce, name="made-ahead", daemon=True)
    thread.start()
    try:
        while True:
            kind, value = _take(queue, thread)
            if kind == "end":
                return
            if kind == "error":
                assert isinstance(value, BaseException)
                raise value
            yield value  # type: ignore[misc]
    finally:
        stopped.set()


def _take(
    queue: Queue[tuple[str, Part | BaseException | None]], thread: threading.Thread
) -> tuple[str, Part | BaseException | None]:
    while True:
        try:
            return queue.get(timeout=WAIT_SECONDS)
        except Empty:
            if not thread.is_alive() and queue.empty():
                raise RuntimeError("the producer of a table's parts ended without a word") from None
