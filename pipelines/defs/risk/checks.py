"""Warnings where a day's risk looks implausible: p-values off their mark, too many flags, a leg red for everybody.

They never block: on the worst day of the year much may be red, but an analyst must see it before a merchant asks.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from models.risk.settings import CheckSettings
from pipelines.day import Day
from pipelines.defs.common import WorkspaceResource
from pipelines.policy import load_risk_settings

SPECS = [
    dg.AssetCheckSpec("calibrated", asset="metric_signals", description="One p-value in a hundred is below 0.01."),
    dg.AssetCheckSpec("few_flags", asset="merchant_risk", description="Not more merchants flagged than is plausible."),
    dg.AssetCheckSpec("few_reds", asset="leg_status", description="No leg is red for a large part of all merchants."),
]


@dg.multi_asset_check(specs=SPECS)
def risk_checks(workspace: WorkspaceResource) -> Iterator[dg.AssetCheckResult]:
    """Judge the newest day."""
    opened = workspace.open()
    newest = max(opened.lake.read("merchant_risk", ["as_of"]).column("as_of").unique().to_pylist(), default=None)
    figures: Mapping[str, Any] = {}
    if newest is not None:
        day = Day(opened, newest)
        with day.connect("merchant_risk", "metric_signals", "leg_status") as connection:
            figures = day.query(connection, __file__, "sql/plausibility.sql").to_pylist()[0]
    for check, asset, said in judge(figures, load_risk_settings(opened).checks):
        yield dg.AssetCheckResult(
            asset_key=asset,
            check_name=check,
            passed=not said,
            severity=dg.AssetCheckSeverity.WARN,
            description=said or "as it should be",
            metadata={name: str(value) for name, value in figures.items()},
        )


def judge(figures: Mapping[str, Any], limits: CheckSettings) -> Iterator[tuple[str, str, str]]:
    """Check, asset and what is wrong (empty when nothing is) for each figure of a day."""
    ratio = figures.get("realised_over_nominal")
    low, high = limits.calibration
    off = ratio is not None and not low <= ratio <= high
    yield (
        "calibrated",
        "metric_signals",
        f"{ratio:.2f} times as many p-values below 0.01 as there should be" if off else "",
    )
    flagged = figures.get("flagged_share") or 0.0
    many = flagged > limits.flagged_share
    yield "few_flags", "merchant_risk", f"{flagged:.1%} of merchants are flagged" if many else ""
    red = figures.get("largest_red_share") or 0.0
    yield "few_reds", "leg_status", f"a leg is red for {red:.0%} of merchants" if red > limits.red_share else ""
