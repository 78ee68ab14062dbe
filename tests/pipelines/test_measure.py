import numpy as np
import pytest

from pipelines.measure import measured


def test_memory_held_for_a_moment_is_seen():
    import time

    def work():
        held = np.ones(30_000_000)  # 240 MB
        time.sleep(0.15)
        return int(held[0])

    before = measured(lambda: 0)
    cost = measured(work)
    assert cost.result == 1
    assert cost.peak_mb - before.peak_mb > 150


def test_an_error_passes_through():
    with pytest.raises(ZeroDivisionError):
        measured(lambda: 1 / 0)
