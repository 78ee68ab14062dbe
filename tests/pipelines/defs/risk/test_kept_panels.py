import numpy as np
import pyarrow as pa

from pipelines.defs.risk.kept_panels import KeptPanels
from pipelines.defs.risk.panel import Panel, Panels


def panel(start, extra=()):
    rows = pa.table({"place": [start, start + 1], "day": [0, 1], "orders": [3.0, None]})
    return Panel(start, start + 2, 2, rows, extra)


def columns(both):
    parts = [both.recent.column("orders"), both.recent.column("hours")]
    return parts if both.long is None else [*parts, both.long.column("orders")]


def test_blocks_are_made_once_and_come_back_as_they_were(tmp_path):
    hours = pa.table({"place": [1], "day": [1], "hours": [7.0]})
    blocks = [Panels(panel(0, (hours,)), panel(0)), Panels(panel(2))]
    asked = []

    def make():
        for block in blocks:
            asked.append(block)
            yield block

    panels = KeptPanels(tmp_path, make)
    first = [columns(both) for both in panels()]
    again = [columns(both) for both in panels()]
    third = [columns(both) for both in panels()]
    assert asked == blocks
    assert [len(parts) for parts in first] == [3, 2]
    assert first[0][1][1, 1] == 7.0
    for made, kept, later in zip(first, again, third, strict=True):
        for one, other, another in zip(made, kept, later, strict=True):
            np.testing.assert_array_equal(one, other)
            np.testing.assert_array_equal(one, another)


def test_a_pass_that_was_broken_off_is_made_again(tmp_path):
    asked = []

    def make():
        for start in (0, 2):
            asked.append(start)
            yield Panels(panel(start))

    panels = KeptPanels(tmp_path, make)
    next(panels())
    assert [both.recent.start for both in panels()] == [0, 2]
    assert asked == [0, 0, 2]


def test_figures_outlive_the_folder(tmp_path):
    folder = tmp_path / "kept"
    folder.mkdir()
    panels = KeptPanels(folder, lambda: iter([Panels(panel(0))]))
    list(panels())
    (kept,) = panels()
    for file in folder.iterdir():
        file.unlink()
    assert kept.recent.column("orders")[0, 0] == 3.0
