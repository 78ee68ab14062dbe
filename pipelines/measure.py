"""Time and memory of a piece of work, children included, as the operating system sees them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import psutil

Result = TypeVar("Result")
INTERVAL = 0.05


@dataclass(frozen=True)
class Measured(Generic[Result]):
    """What a piece of work returned, and what it cost."""

    result: Result
    seconds: float
    peak_mb: float


class _Peak(threading.Thread):
    """Samples the resident memory of this process and its children."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.highest = 0
        self._stop_asked = threading.Event()
        self._process = psutil.Process()

    def run(self) -> None:
        while not self._stop_asked.is_set():
            self.highest = max(self.highest, self._resident())
            self._stop_asked.wait(INTERVAL)

    def _resident(self) -> int:
        total = int(self._process.memory_info().rss)
        for child in self._process.children(recursive=True):
            try:
                total += int(child.memory_info().rss)
            except psutil.Error:
                continue  # it ended between the listing and the look
        return total

    def end(self) -> float:
        self._stop_asked.set()
        self.join()
        return max(self.highest, self._resident()) / 1e6


def measured(work: Callable[[], Result]) -> Measured[Result]:
    """Run work and return its result with wall seconds and peak resident MB."""
    peak = _Peak()
    peak.start()
    started = time.perf_counter()
    try:
        result = work()
    finally:
        seconds = time.perf_counter() - started
        highest = peak.end()
    return Measured(result, seconds, highest)
