"""The batched fit of Prophet's model against Prophet itself, on some merchants of the newest day; a night's work.

Neither the daily run nor the demo waits for it: Prophet takes a tenth of a second per merchant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import dagster as dg
import numpy as np
import pandas as pd

from models.forecasting.batched_prophet.oracle import Verdict, ask_prophet, stratified
from models.forecasting.policy import ForecastPolicy, OraclePolicy
from pipelines.day import Day
from pipelines.defs.common import WorkspaceResource
from pipelines.defs.forecasts.plot import picture
from pipelines.defs.forecasts.reading import Scene, forecast_policy, read_panel, read_scene
from pipelines.views import partitions_of
from pipelines.workspace import Workspace

NAME = "prophet_agrees"
ASSET = "volume_forecast"


@dataclass(frozen=True)
class Asked:
    """A night's comparison; `verdict` is None where nobody has a history long enough."""

    day: date
    measure: str
    policy: OraclePolicy
    verdict: Verdict | None

    @property
    def complaints(self) -> list[str]:
        """What does not hold; empty where all is well."""
        return self.verdict.complaints(self.policy) if self.verdict else []

    def figures(self) -> dict[str, Any]:
        """Plain numbers for scripts and for Dagster."""
        shown: dict[str, Any] = {"day": self.day.isoformat(), "measure": self.measure}
        if self.verdict is None:
            return shown | {"series": 0}
        found = self.verdict.agreement
        return shown | {
            "series": found.series,
            "posterior_at_least_prophet": found.share,
            "wape_between": found.wape,
            "wape_ours": self.verdict.wape_ours,
            "wape_prophet": self.verdict.wape_theirs,
            "log_posterior_gain": found.gain,
            "kkt_violation": found.violation,
            "without_maximum": found.unbounded,
        }

    def told(self) -> list[str]:
        """The figures and what does not hold, a line each, for a person."""
        lines = [
            f"{name}: {value:.6g}" if isinstance(value, float) else f"{name}: {value}"
            for name, value in self.figures().items()
        ]
        if self.verdict is None:
            return [*lines, "no merchant has a history long enough to be asked"]
        return [*lines, *(self.complaints or ["as promised"])]


def days_forecast(workspace: Workspace) -> list[date]:
    """Days whose forecast lies in the lake, oldest first."""
    lake = workspace.lake
    if not lake.exists(ASSET):
        return []
    folder = lake.uri(ASSET)
    named = {partitions_of(path.removeprefix(folder))["made_on"] for path in lake.files(ASSET)}
    return sorted(date.fromisoformat(day) for day in named)


def compare(day: Day) -> Asked:
    """Ask Prophet about some merchants of a day that has been forecast."""
    policy, scene = forecast_policy(day), read_scene(day)
    oracle = policy.oracle
    measure = oracle.measure if oracle.measure in scene.measures else next(iter(scene.measures), oracle.measure)
    held_out = oracle.held_out_days
    members = _members(scene, measure, policy)
    if members.empty or scene.setting.history <= held_out:
        return Asked(day.as_of, measure, oracle, None)
    panel = read_panel(scene, members, sorted({int(bucket) for bucket in members["bucket"]}))
    values = panel.values[measure]
    known = np.isfinite(values[:, :-held_out]).sum(axis=1) >= oracle.least_known_days
    if not known.any():
        return Asked(day.as_of, measure, oracle, None)
    verdict = ask_prophet(values[known], scene.first_on, scene.events, held_out)
    return Asked(day.as_of, measure, oracle, verdict)


def _members(scene: Scene, measure: str, policy: ForecastPolicy) -> pd.DataFrame:
    """Merchants to be asked, stratified by volume and growth stage, in order of ids."""
    day = scene.day
    with day.connect(ASSET) as connection:
        volumes = day.query(connection, __file__, "oracle_volumes.sql", measure=measure).to_pandas()
    merchants = scene.merchants.merge(volumes, on="merchant_id").sort_values("merchant_id", ignore_index=True)
    stage = pd.factorize(merchants["growth_stage"], sort=True)[0] + 1
    bounds = np.array(policy.calibration.strata)
    stratum = stage * (len(bounds) + 1) + np.searchsorted(bounds, merchants["volume"], side="right")
    ids = merchants["merchant_id"].to_numpy(dtype=object)
    return merchants.iloc[stratified(ids, stratum, policy.oracle.merchants, day.as_of)]


def plot_of(asked: Asked) -> str:
    """Picture of what came and what both had said, all asked merchants together."""
    verdict = asked.verdict
    assert verdict is not None
    known = np.isfinite(verdict.actual)
    lines: Mapping[str, Any] = {"actual": verdict.actual, "ours": verdict.ours, "Prophet": verdict.theirs}
    sums = {name: np.where(known, part, 0.0).sum(axis=0).tolist() for name, part in lines.items()}
    days = pd.date_range(end=pd.Timestamp(asked.day), periods=verdict.actual.shape[1])
    title = f"{asked.measure}, {verdict.agreement.series} merchants, held-out days"
    return picture(title, [str(day.date()) for day in days], sums)


@dg.asset_check(
    asset=ASSET,
    name=NAME,
    description="Batched fit against Prophet itself on some merchants: posterior, forecasts, held-out days; by night.",
)
def prophet_agrees(workspace: WorkspaceResource) -> dg.AssetCheckResult:
    """Compare on the newest day that has been forecast."""
    opened = workspace.open()
    days = days_forecast(opened)
    if not days:
        return _result([], "nothing has been forecast yet", {})
    asked = compare(Day(opened, days[-1]))
    if asked.verdict is None:
        return _result([], "no merchant has a history long enough to be asked", asked.figures())
    return _result(asked.complaints, "as promised", asked.figures() | {"held out": dg.MetadataValue.md(plot_of(asked))})


def _result(complaints: list[str], well: str, metadata: Mapping[str, Any]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=not complaints,
        severity=dg.AssetCheckSeverity.WARN,
        description="\n".join(complaints) or well,
        metadata=metadata,
    )
