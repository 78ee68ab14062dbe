"""Parts made on another thread: order, errors, early stop, and reading the lake while writing it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pyarrow as pa
import pytest

from pipelines.lake import Lake
from pipelines.streaming import made_ahead


def test_parts_come_in_order_from_another_thread() -> None:
    threads: list[int] = []

    def parts() -> Iterator[int]:
        for part in range(20):
            threads.append(threading.get_ident())
            yield part

    assert list(made_ahead(parts())) == list(range(20))
    assert set(threads).isdisjoint({threading.get_ident()})


def test_an_error_of_the_producer_is_raised_where_parts_are_taken() -> None:
    def parts() -> Iterator[int]:
        yield 1
        raise ValueError("block 2 is broken")

    taken = made_ahead(parts())
    assert next(taken) == 1
    with pytest.raises(ValueError, match="block 2 is broken"):
        next(taken)


def test_a_consumer_that_stops_early_stops_the_producer() -> None:
    closed = threading.Event()

    def parts() -> Iterator[int]:
        try:
            yield from range(1000)
        finally:
            closed.set()

    generator = parts()
    taken = made_ahead(generator)
    assert next(taken) == 0
    taken.close()  # type: ignore[attr-defined]
    for thread in threading.enumerate():
        if thread.name == "made-ahead":
            thread.join(timeout=5)
    generator.close()
    assert closed.is_set()


def test_a_block_can_be_read_from_the_lake_while_the_last_one_is_written(tmp_path) -> None:
    lake = Lake(str(tmp_path))
    lake.append("source", pa.table({"value": [1, 2, 3]}))

    def parts() -> Iterator[pa.Table]:
        for _ in range(3):
            yield pa.table({"value": lake.read("source").column("value")})

    assert lake.append("target", parts()) == 9
    assert sorted(lake.read("target").column("value").to_pylist()) == [1, 1, 1, 2, 2, 2, 3, 3, 3]
