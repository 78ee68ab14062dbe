"""Every series that has spoken lately is forecast, by the engine of the daily forecast, whatever the blocks."""

from datetime import date, timedelta

import numpy as np
import pytest

from models.forecasting.policy import ForecastPolicy
from pipelines.own_table import panels
from pipelines.own_table.forecast import NUMBERS, SCHEMA, forecast_table
from pipelines.own_table.panels import TableBlocks, setting_of

FIRST = date(2026, 1, 1)


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


def test_a_price_that_will_rise_lowers_the_forecast_as_earlier_rises_did(opened) -> None:
    """Thirty series with an elasticity of -1.5; the odd ones will ask a fifth more than usual."""
    random = np.random.default_rng(3)
    names, known, ahead = [f"s{place:02d}" for place in range(30)], 140, 7
    rows = []
    for place, name in enumerate(names):
        level = random.uniform(40, 400)
        factor = np.repeat(random.choice([1, 1, 1, 0.8, 1.2], known // 7), 7)
        sold = random.poisson(level * factor**-1.5)
        rows += [f"{name},{FIRST + timedelta(days=day)},{sold[day]},{9 * factor[day]}" for day in range(known)]
        asked = 9 * (1.2 if place % 2 else 1)
        rows += [f"{name},{FIRST + timedelta(days=day)},,{asked}" for day in range(known, known + ahead)]
    said = {}
    for price in ("price", "none"):
        with opened(rows, "id,date,value,price", horizon=ahead, price=price) as table:
            said[price] = forecast_of(table, ahead)[0].groupby("series")["mean"].mean().to_numpy()
    ratio = said["price"] / said["none"]
    assert ratio[1::2].mean() == pytest.approx(1.2**-1.5, abs=0.05)
    assert ratio[::2].mean() == pytest.approx(1, abs=0.05)
