"""Checks warn where the naive is better or intervals are off, and are quiet otherwise."""

from __future__ import annotations

import dagster as dg

from models.forecasting.policy import QualityPolicy
from pipelines.day import Day
from pipelines.defs.common import WorkspaceResource
from pipelines.defs.forecasts.checks import forecast_checks, off_coverage, worse_than_naive


def row(model: str, wape: float, horizon: int = 7, **more: object) -> dict[str, object]:
    return {"measure": "orders", "model": model, "horizon": horizon, "wape": wape, "coverage_80": None,
            "coverage_95": None, "pairs": 1000, **more}  # fmt: skip


def test_a_forecast_worse_than_the_naive_is_named() -> None:
    rows = [row("ensemble", 0.31), row("seasonal_naive", 0.30), row("ensemble", 0.2, 14),
            row("seasonal_naive", 0.3, 14), row("ensemble", 0.9, 28)]  # fmt: skip
    assert worse_than_naive(rows) == ["orders, 7 days: WAPE 0.310, naive 0.300"]


def test_coverage_beyond_the_tolerance_is_named_where_enough_was_compared() -> None:
    policy = QualityPolicy(coverage_tolerance={"80": 0.05, "95": 0.03})
    rows = [row("ensemble", 0.2, coverage_80=0.86, coverage_95=0.96),
            row("ensemble", 0.2, coverage_80=0.5, coverage_95=0.5, pairs=12)]  # fmt: skip
    assert off_coverage(rows, policy) == ["orders, 7 days: 80 % interval holds 86.0%"]


def test_a_good_day_passes(navigated: Day) -> None:
    results = list(forecast_checks(WorkspaceResource(home=str(navigated.workspace.home))))
    assert {result.check_name for result in results} == {"better_than_naive", "calibrated"}
    assert all(result.severity == dg.AssetCheckSeverity.WARN for result in results)
    assert next(result for result in results if result.check_name == "better_than_naive").passed


def test_a_platform_without_forecasts_says_so(tmp_path) -> None:
    results = list(forecast_checks(WorkspaceResource(home=str(tmp_path))))
    assert all(result.passed for result in results)
    assert "too short" in str(results[0].description)
