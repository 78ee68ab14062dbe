"""Silence around a delivery, so that no address or token reaches a log.

The idea: the libraries below us log addresses, and addresses are secrets. While a message is sent their loggers speak
to nobody but us, and of what they say only the status of the receiver's answer is kept.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

LOUD = ("apprise", "urllib3", "requests", "smtplib", "httpx", "httpx2", "httpcore2", "pagerduty")
STATUS = re.compile(r"\berror=(\d{3})\b")


class _StatusOnly(logging.Handler):
    """Keeps the last status code that was logged, and nothing else."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.status: int | None = None

    def emit(self, record: logging.LogRecord) -> None:
        found = STATUS.search(record.getMessage())
        if found:
            self.status = int(found.group(1))


@contextmanager
def only_the_status() -> Iterator[_StatusOnly]:
    """Mute the libraries' loggers (children too); yields what may be told: the status of the last answer."""
    handler = _StatusOnly()
    names = [name for name in logging.Logger.manager.loggerDict if name.split(".")[0] in LOUD]
    loggers = [logging.getLogger(name) for name in {*names, *LOUD}]
    before = [(logger, logger.propagate, logger.level, logger.handlers[:]) for logger in loggers]
    for logger in loggers:
        logger.propagate, logger.handlers = False, [handler]
        logger.setLevel(logging.WARNING)
    try:
        yield handler
    finally:
        for logger, propagate, level, handlers in before:
            logger.propagate, logger.handlers = propagate, handlers
            logger.setLevel(level)
