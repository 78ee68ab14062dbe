"""Every series that has spoken lately is forecast, by the engine of the daily forecast, whatever the blocks."""

import numpy as np

from models.forecasting.policy import ForecastPolicy
from pipelines.own_table import panels
from pipelines.own_table.forecast import NUMBERS, SCHEMA, forecast_table
from pipelines.own_table.panels import TableBlocks, setting_of


def forecast_of(table, horizon=10, whole=False):
    blocks = TableBlocks(table, *setting_of(table, ForecastPolicy(), horizon, [], {}))
    return [part.to_pandas() for part in forecast_table(blocks, horizon, whole)]


def test_a_closed_day_is_zero_and_the_weekday_shows(opened, lines) -> None:
    def value(_, day):
        return 20 + 30 * (day % 7 == 0)

    rows = [f"{line},1" for line in lines(["a"], 84, value=value)]
    with opened([*rows, "a,2026-04-01,,0"], "id,date,value,open") as table:
        (made,) = forecast_of(table)
    assert list(made.columns) == SCHEMA.names
    by_day = made.set_index(made["date"].astype(str))
    assert by_day.loc["2026-04-01", list(NUMBERS)].tolist() == [0.0] * 8
    assert by_day.loc["2026-03-26", "mean"] > 1.5 * by_day.loc["2026-03-27", "mean"]  # day 84 is one of the seventh
    assert (np.diff(made[list(NUMBERS[1:])].to_numpy(), axis=1) >= 0).all()


def test_blocks_do_not_change_the_forecast(opened, lines, monkeypatch) -> None:
    with opened(lines([f"s{place:03d}" for place in range(70)], 40)) as table:
        (whole,) = forecast_of(table, whole=True)
        monkeypatch.setattr(panels, "BLOCK_CELLS", 1)
        parts = forecast_of(table, whole=True)
    assert len(parts) == 2
    cut = np.concatenate([part[list(NUMBERS)].to_numpy() for part in parts])
    np.testing.assert_allclose(cut, whole[list(NUMBERS)].to_numpy(), rtol=1e-9)
    small = whole[whole["mean"] < 10]
    assert (small["q90"] == small["q90"].round()).all()
