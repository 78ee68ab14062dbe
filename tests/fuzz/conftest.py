"""Fuzzing within a budget: how long, from which seed, and how many inputs were tried.

The idea: a short run with every call of the faults suite, a long one by MERCHANT_GPS_FUZZ_SECONDS (for all tests
together). Each run draws a seed of its own, so that many short runs add up; a finding names seed and input.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

SECONDS = float(os.environ.get("MERCHANT_GPS_FUZZ_SECONDS", "60"))
SEED = int(os.environ.get("MERCHANT_GPS_FUZZ_SEED", str(time.time_ns() % 1_000_000_007)))
REPORT = os.environ.get("MERCHANT_GPS_FUZZ_REPORT", "")  # a file that gets one line of JSON per test
SHARES = {"rows": 0.2, "bytes": 0.2, "parquet": 0.2, "policy": 0.2, "pages": 0.1, "tower": 0.05, "messages": 0.05}
LEAST_INPUTS = 20


class Budget:
    """The inputs of one test: numbered, each with a generator of its own, until the time is up."""

    def __init__(self, name: str, seed: int) -> None:
        self.name, self.seed, self.inputs = name, seed, 0
        self.counts: dict[str, int] = {}
        self._input: bytes = b""

    def __iter__(self) -> Iterator[random.Random]:
        end = time.monotonic() + SECONDS * SHARES[self.name]
        while self.inputs < LEAST_INPUTS or time.monotonic() < end:
            yield random.Random(f"{self.seed}/{self.name}/{self.inputs}")
            self.inputs += 1

    def count(self, what: str, times: int = 1) -> None:
        """Count what became of inputs or rows."""
        self.counts[what] = self.counts.get(what, 0) + times

    def __str__(self) -> str:
        return f"fuzz {self.name}: seed {self.seed}, {self.inputs} inputs, {self.counts}"


@pytest.fixture
def budget(request: pytest.FixtureRequest) -> Iterator[Budget]:
    """The budget of the test `test_<name>_...`; what was tried is told at the end."""
    name = request.node.name.split("_")[1]
    made = Budget(name, SEED)
    yield made
    print(f"\n{made}")
    if REPORT:
        line = {"name": made.name, "seed": made.seed, "inputs": made.inputs, **made.counts}
        with Path(REPORT).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")


def mutated(data: bytes, random: random.Random, pieces: tuple[bytes, ...], most: int = 6) -> bytes:
    """Bytes with some of them changed, taken out, doubled, moved, or replaced by pieces that have hurt before."""
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 2, most))):
        at = random.randrange(len(changed) + 1)
        span = random.choice((1, 1, 2, 7, 40))
        match random.randrange(7):
            case 0 if at < len(changed):
                changed[at] ^= 1 << random.randrange(8)
            case 1:
                del changed[at : at + span]
            case 2:
                changed[at:at] = changed[at : at + span]
            case 3:
                other = random.randrange(len(changed) + 1)
                changed[at:at] = changed[other : other + span]
            case 4:
                changed[at:at] = random.choice(pieces)
            case 5:
                changed[at : at + span] = random.choice(pieces)
            case _ if random.random() < 0.1:
                del changed[at:]
    return bytes(changed)


@pytest.fixture
def mutate():
    """Return the mutator of bytes."""
    return mutated
