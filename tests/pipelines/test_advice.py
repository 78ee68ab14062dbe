import errno
import sqlite3

import pytest

from pipelines.advice import FAILING, FORBIDDEN, FULL, LOCKED, READ_ONLY, advice, explained


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("[Errno 28] No space left on device: '/x'", FULL),
        ("Generic LocalFileSystem error: Unable to copy data (os error 28)", FULL),
        ("IO Error: Could not write file: No space left on device", FULL),
        ("(sqlite3.OperationalError) database or disk is full", FULL),
        ("(sqlite3.OperationalError) disk I/O error", FAILING),
        ("[Errno 30] Read-only file system: '/x'", READ_ONLY),
        ("[Errno 13] Permission denied: '/x'", FORBIDDEN),
        ("attempt to write a readonly database", FORBIDDEN),
        ("(sqlite3.OperationalError) database is locked", LOCKED),
        ("division by zero", None),
        ("os error 281 of another kind", None),
    ],
)
def test_faults_are_known_by_the_words_of_every_library(said, what):
    assert advice(said) == what


def test_the_place_is_said_and_causes_are_looked_through(monkeypatch):
    monkeypatch.delenv("MERCHANT_GPS_HOME", raising=False)
    full = OSError(errno.ENOSPC, "No space left on device", "/lake/x")
    assert explained(full) == f"/lake/x: {FULL}"
    failed = RuntimeError("the step failed")
    failed.__cause__ = sqlite3.OperationalError("database is locked")
    assert explained(failed) == f"database is locked\n{LOCKED}"
    monkeypatch.setenv("MERCHANT_GPS_HOME", "/srv/haina")
    assert explained(failed) == f"database is locked\nin workspace /srv/haina: {LOCKED}"


def test_a_mistake_of_the_program_is_none_of_them():
    assert explained(KeyError("x")) is None
