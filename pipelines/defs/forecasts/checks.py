"""Warnings where the forecast should not be trusted: no better than the seasonal naive, or intervals off their mark.

They never block: a poor forecast is still better than none, but the analyst must see it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from models.forecasting.policy import QualityPolicy
from models.forecasting.quality import MODEL, NAIVE
from pipelines.day import Day
from pipelines.defs.common import WorkspaceResource
from pipelines.defs.forecasts.reading import forecast_policy

Row = Mapping[str, Any]
SPECS = [
    dg.AssetCheckSpec(
        "better_than_naive", asset="forecast_quality", description="WAPE below the seasonal naive's, every measure."
    ),
    dg.AssetCheckSpec(
        "calibrated", asset="forecast_quality", description="80 and 95 % intervals hold what they promise."
    ),
]


@dg.multi_asset_check(specs=SPECS)
def forecast_checks(workspace: WorkspaceResource) -> Iterator[dg.AssetCheckResult]:
    """Judge the newest day of forecast_quality."""
    opened = workspace.open()
    rows = opened.lake.read("forecast_quality").to_pylist()
    newest = max((row["made_on"] for row in rows), default=None)
    rows = [row for row in rows if row["made_on"] == newest and row["segment"] == "all"]
    policy = forecast_policy(Day(opened, newest)).quality if newest else QualityPolicy()
    yield _result("better_than_naive", worse_than_naive(rows), rows)
    yield _result("calibrated", off_coverage(rows, policy), rows)


def worse_than_naive(rows: list[Row]) -> list[str]:
    """Measures and horizons at which the seasonal naive has the smaller WAPE."""
    naive = {(row["measure"], row["horizon"]): row["wape"] for row in rows if row["model"] == NAIVE}
    said = []
    for row in rows:
        theirs = naive.get((row["measure"], row["horizon"]))
        if row["model"] == MODEL and theirs is not None and row["wape"] is not None and row["wape"] >= theirs:
            said.append(f"{row['measure']}, {row['horizon']} days: WAPE {row['wape']:.3f}, naive {theirs:.3f}")
    return said


def off_coverage(rows: list[Row], policy: QualityPolicy) -> list[str]:
    """Measures and horizons whose intervals hold fewer or more days than they promise, beyond the tolerance."""
    said = []
    for row in rows:
        for nominal, tolerance in policy.coverage_tolerance.items():
            found = row[f"coverage_{nominal}"]
            enough = found is not None and row["pairs"] >= policy.least_pairs
            if enough and abs(found - int(nominal) / 100) > tolerance:
                said.append(f"{row['measure']}, {row['horizon']} days: {nominal} % interval holds {found:.1%}")
    return said


def _result(name: str, said: list[str], rows: list[Row]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key="forecast_quality",
        check_name=name,
        passed=not said,
        severity=dg.AssetCheckSeverity.WARN,
        description="\n".join(said) or ("as promised" if rows else "no backtest yet: history is too short"),
    )
