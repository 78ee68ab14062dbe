"""Blocks hold what the table says: values, masks, plans, groups."""

import numpy as np

from models.forecasting.policy import ForecastPolicy
from pipelines.own_table import panels
from pipelines.own_table.panels import TableBlocks, setting_of


def blocks_of(table, horizon=28):
    return TableBlocks(table, *setting_of(table, ForecastPolicy(), horizon, [], {}))


def test_gaps_are_unknown_closed_days_masked_and_plans_kept(opened, lines) -> None:
    rows = [f"{line},g1,1,0" for line in lines(["a"], 20) if ",2026-01-05," not in line]
    rows += [f"{line},g0,,1" for line in lines(["b"], 20)]
    rows += ["a,2026-01-25,,g1,0,1"]
    rows[2] = "a,2026-01-03,9,g1,0,0"
    with opened(rows, "id,date,value,group,open,promotion") as table:
        blocks = blocks_of(table, horizon=7)
        (panel,) = blocks()
    assert (blocks.measure, panel.days, list(panel.merchants)) == ("orders", 48, ["a", "b"])
    assert panel.scope.tolist() == [1, 0]
    assert np.flatnonzero(np.isnan(panel.values["orders"][0])).tolist() == [2, 4]
    assert np.flatnonzero(~panel.open[0]).tolist() == [2, 24]
    assert np.flatnonzero(panel.promotion[0]).tolist() == [24]
    assert panel.promotion[1, :20].all()
    assert not panel.promotion[1, 20:].any()


def test_depths_and_prices_are_covariates_against_the_usual_price(opened, lines) -> None:
    rows = [f"{line},0,10" for line in lines(["a"], 20)] + ["a,2026-01-25,,0.3,12", "a,2026-01-26,,true,"]
    rows += [f"{line},," for line in lines(["b"], 20)]
    with opened(rows, "id,date,value,promotion,price") as table:
        (panel,) = blocks_of(table, horizon=7)()
    assert panel.depth[0, [0, 24, 25]].tolist() == [0, np.float32(0.3), 1]  # a depth of 1 is one that is not told
    assert panel.price[0, [0, 24]].tolist() == [0, np.float32(np.log(1.2))]
    assert np.isnan(panel.price[0, 25])
    assert np.isnan(panel.price[1]).all()
    assert panel.tells_more.tolist() == [True, False]


def test_a_table_of_flags_says_no_depth_and_no_price(opened, lines) -> None:
    with opened([f"{line},1" for line in lines(["a"], 20)], "id,date,value,promotion") as table:
        (panel,) = blocks_of(table, horizon=7)()
    assert (panel.depth, panel.price) == (None, None)


def test_blocks_are_the_same_kept_or_read_again(opened, lines, monkeypatch) -> None:
    monkeypatch.setattr(panels, "BLOCK_CELLS", 1)
    with opened(lines([f"s{place:03d}" for place in range(130)], 20)) as table:
        kept = blocks_of(table)
        assert [len(panel.merchants) for panel in kept()] == [64, 64, 2]
        assert len(list(kept())) == 3
        monkeypatch.setattr(panels, "KEEP_BYTES", 0)
        again = blocks_of(table)
        for one, other in zip(kept(), again(), strict=True):
            np.testing.assert_array_equal(one.values["orders"], other.values["orders"])
        assert not again._kept
