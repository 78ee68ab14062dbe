"""The night's comparison on a small platform: figures, a plot, a warning where a limit is broken."""

from __future__ import annotations

import dagster as dg
import pytest

from pipelines.day import Day
from pipelines.defs.common import WorkspaceResource
from pipelines.defs.forecasts.oracle import ASSET, NAME, compare, days_forecast, prophet_agrees

FEW = "oracle: {merchants: 4, least_known_days: 28"


def limited(monkeypatch, text: str) -> None:
    """Let policy say so."""
    import yaml

    from models.forecasting.policy import ForecastPolicy

    policy = ForecastPolicy.model_validate(yaml.safe_load(text))
    monkeypatch.setattr("pipelines.defs.forecasts.oracle.forecast_policy", lambda _: policy)


def test_a_night_has_figures_and_a_plot(navigated: Day, monkeypatch) -> None:
    limited(monkeypatch, f"{FEW}, least_share: 0.0, most_wape: 0.1, most_worse: 0.1}}")
    result = prophet_agrees(WorkspaceResource(home=str(navigated.workspace.home)))
    assert isinstance(result, dg.AssetCheckResult)
    assert result.passed
    assert result.severity == dg.AssetCheckSeverity.WARN
    shown = {name: entry.value for name, entry in result.metadata.items()}
    assert (shown["day"], shown["measure"], shown["series"]) == (navigated.as_of.isoformat(), "orders", 4)
    assert shown["posterior_at_least_prophet"] == 1.0
    assert 0 < shown["wape_between"] < 0.1
    assert 0 < shown["wape_ours"] < 1
    assert str(shown["held out"]).startswith("![orders, 4 merchants, held-out days](data:image/svg+xml")


def test_a_broken_limit_is_a_warning_with_the_figure(navigated: Day, monkeypatch) -> None:
    limited(monkeypatch, "oracle: {merchants: 1, least_known_days: 28, most_wape: 0.0}")
    asked = compare(navigated)
    assert len(asked.complaints) == 1
    assert "apart; at most 0.00% is promised" in asked.told()[-1]
    assert asked.figures()["series"] == 1


def test_a_history_too_short_says_so(navigated: Day, monkeypatch) -> None:
    limited(monkeypatch, "oracle: {least_known_days: 400}")
    asked = compare(navigated)
    assert (asked.verdict, asked.complaints) == (None, [])
    assert "history long enough" in asked.told()[-1]


def test_a_platform_without_a_forecast_passes(tmp_path) -> None:
    result = prophet_agrees(WorkspaceResource(home=str(tmp_path)))
    assert result.passed
    assert "nothing has been forecast" in str(result.description)


def test_days_are_read_from_the_lake(navigated: Day) -> None:
    assert days_forecast(navigated.workspace) == [navigated.as_of]
    assert (ASSET, NAME) == ("volume_forecast", "prophet_agrees")


@pytest.mark.scale
def test_the_shipped_limits_hold_on_a_simulated_platform(tmp_path) -> None:
    from datetime import date

    from pipelines.contracts.ingest import ingest
    from pipelines.defs.forecasts.step import forecasts
    from pipelines.defs.marts.step import update_mart
    from pipelines.init import make_workspace
    from pipelines.simulate import simulate
    from pipelines.workspace import Workspace

    make_workspace(tmp_path / "shop", "neutral")
    workspace, end = Workspace.at(tmp_path / "shop"), date(2026, 10, 30)
    simulate(workspace, 250, 400, end, 1)
    ingest(workspace)
    for mart in ("merchant_day", "sku_day"):
        update_mart(workspace, mart)
    forecasts(Day(workspace, end))
    asked = compare(Day(workspace, end))
    print(asked.told())
    assert asked.figures()["series"] > 150
    assert asked.complaints == []
