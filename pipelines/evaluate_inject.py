"""`merchant-gps evaluate --inject MEASURE`: how soon would trouble among our own merchants be found?

Reads what has been taken in, walks the project's own forecasts over past weeks, puts known trouble into the series of
one merchant at a time, and asks the detectors of the risk step. Nothing is written: no table of the lake changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from models.evaluation.found import Report, report
from models.evaluation.injected import put_in
from models.evaluation.lasting import near_lasting_moves
from models.evaluation.policy import EvaluationPolicy
from models.evaluation.walk import Errors, Injected, Walk, risk_judge, walked_errors
from models.forecasting.learn import learn
from models.forecasting.panel import Panel
from models.forecasting.residuals import WEEK
from models.forecasting.sample import MerchantSample
from models.metrics.grouping import Grouping, make_groupings
from models.risk.settings import RiskSettings
from pipelines.day import Day
from pipelines.defs.forecasts.reading import MEASURES, WHOLE_COUNTS, Blocks, Scene, read_scene
from pipelines.policy import load_risk_settings
from pipelines.workspace import Workspace
from pipelines.yaml_file import load_yaml

Progress = Callable[[str], None]


@dataclass(frozen=True)
class InjectionRun:
    """A run: which series, which days, and what came of it."""

    measure: str
    until: date
    first_on: date
    merchants: int
    report: Report

    def as_dict(self) -> dict[str, Any]:
        """Everything, for scripts."""
        found = [asdict(row) | {"found": row.found._asdict()} for row in self.report.found]
        return {
            "measure": self.measure,
            "first_on": self.first_on.isoformat(),
            "until": self.until.isoformat(),
            "merchants": self.merchants,
            "threshold": self.report.threshold,
            "per_1000_chosen": self.report.per_1000_chosen,
            "per_1000_judged": self.report.per_1000_judged,
            "worst_day": self.day(self.report.worst[0]).isoformat(),
            "worst_day_share": self.report.worst[1],
            "control_per_1000": self.report.control_per_1000,
            "control_worst_day": self.day(self.report.control_worst[0]).isoformat(),
            "control_worst_day_share": self.report.control_worst[1],
            "alone_per_1000": self.report.alone_per_1000,
            "alone_worst_day": self.day(self.report.alone_worst[0]).isoformat(),
            "alone_worst_day_share": self.report.alone_worst[1],
            "calibration": [one._asdict() for one in self.report.calibration],
            "calibration_calm": [one._asdict() for one in self.report.calm],
            "found": found,
        }

    def day(self, column: int) -> date:
        """Day of a walked column."""
        return date.fromordinal(self.first_on.toordinal() + column)


def injected_run(
    workspace: Workspace, measure: str, until: date, weeks: int, seed: int, told: Progress = lambda _: None
) -> InjectionRun:
    """Walk, inject and judge.

    Parameters
    ----------
    measure : str
        orders, units, gmv or visitors.
    until : date
        Last day that is judged; nothing after it is read.
    weeks : int
        Weeks that are judged; eight more before them are what is usual.
    """
    if measure not in MEASURES:
        raise ValueError(f"--inject {measure!r} is no measure; known: {', '.join(MEASURES)}")
    policy = load_yaml(workspace.policy_path("evaluation.yaml"), EvaluationPolicy)
    settings = load_risk_settings(workspace)
    all_weeks = settings.residuals.days // WEEK + weeks
    scene = _scene(workspace, measure, until, all_weeks)
    told("learning")
    blocks = Blocks(scene)
    learned = learn(blocks, scene.setting, [measure])[measure]
    panel = _sample(blocks, policy.injection.merchants)
    whole = measure in WHOLE_COUNTS
    told("walking the days as they were")
    clean = walked_errors(learned, panel, all_weeks, whole)
    injected = put_in(learned, panel, clean, policy.injection, settings.residuals.days - 1, whole, seed, told)
    told("judging")
    found, walk = _judged(scene, panel, clean, injected, settings, policy)
    onsets = {name: (p, injected[name].onset) for name, p in found[1].items()}
    near_move = near_lasting_moves(panel.values[measure], clean.day.shape[1], policy.injection.lasting)
    return InjectionRun(
        measure,
        until,
        date.fromordinal(until.toordinal() - WEEK * all_weeks + 1),
        len(panel.merchants),
        report(
            found[0],
            onsets,
            walk.judged.start,
            policy.injection,
            settings.control,
            policy.intervals,
            walk.in_crowd,
            near_move,
        ),
    )


def _scene(workspace: Workspace, measure: str, until: date, weeks: int) -> Scene:
    scene = read_scene(Day(workspace, until))
    if measure not in scene.measures:
        raise ValueError(
            f"{measure} was not delivered by {until}; delivered: {', '.join(scene.measures) or 'nothing'}. "
            "Take files in first: merchant-gps run, or import"
        )
    policy, history = scene.setting.policy, scene.setting.history
    # Weights of the models rest on older weeks still, as far as there are any.
    origins = min(weeks + 1 + policy.ensemble.origins, (history - policy.history.least_days) // WEEK)
    if origins < weeks + 1:
        needed = WEEK * (weeks + 1) + policy.history.least_days
        raise ValueError(
            f"{history} days of history up to {until} are known, {needed} are needed; ask for fewer --weeks or raise "
            "forecast.history_days in config.yaml"
        )
    calibration = policy.calibration.model_copy(update={"origins": origins})
    forecast = policy.model_copy(update={"calibration": calibration})
    return replace(scene, measures=(measure,), setting=replace(scene.setting, policy=forecast))


def _sample(blocks: Blocks, most: int) -> Panel:
    sample = MerchantSample(most)
    for panel in blocks():
        sample.add(panel)
    chosen = sample.panel()
    if chosen is None:
        raise ValueError("no merchant is known on that day; import or simulate first")
    return chosen


def _judged(
    scene: Scene,
    panel: Panel,
    clean: Errors,
    injected: Mapping[str, Injected],
    settings: RiskSettings,
    policy: EvaluationPolicy,
) -> tuple[tuple[np.ndarray, dict[str, np.ndarray]], Walk]:
    walk = Walk(
        clean, injected, _groupings(scene, panel, settings), _event_days(scene, clean.day.shape[1]), settings,
        policy.injection.days_after,
    )  # fmt: skip
    return walk(risk_judge(settings)), walk


def _groupings(scene: Scene, panel: Panel, settings: RiskSettings) -> dict[str, Grouping]:
    members = scene.merchants.set_index("merchant_id").loc[list(panel.merchants)]
    attributes = {name: members[name].fillna("").to_numpy(dtype=object) for name in ("category", "region")}
    # Carriers and warehouses have volumes of parcels; a merchant's own sales know nothing of them.
    scopes = [scope for scope in settings.incidents.scopes if scope == "platform" or scope in attributes]
    ways = [[] if scope == "platform" else [scope] for scope in scopes]
    return dict(zip(scopes, make_groupings(attributes, ways), strict=True))


def _event_days(scene: Scene, days: int) -> np.ndarray:
    """1 on days with the peak of an event, as the risk step has them."""
    first = scene.day.as_of.toordinal() - days + 1
    result = np.zeros(days, dtype=np.int64)
    for event in scene.events:
        if event.phase == "peak":
            start, end = (max(day.toordinal() - first, 0) for day in (event.starts_on, event.ends_on))
            result[start : end + 1 if event.ends_on.toordinal() >= first else 0] = 1
    return result


def print_run(run: InjectionRun, console: Console) -> None:
    """Print the tables for a person."""
    found, span = run.report, f"{run.first_on} to {run.until}"
    console.print(
        f"{run.measure} of {run.merchants} merchants, {span}. Threshold p <= {found.threshold:.2g}: alarms per 1,000 "
        f"merchant-days: {found.per_1000_chosen:.2f} where it was chosen, {found.per_1000_judged:.2f} elsewhere; "
        f"worst day {run.day(found.worst[0])} with {found.worst[1]:.2%} of the merchants. By the day's control: "
        f"{found.control_per_1000:.2f}, worst day {run.day(found.control_worst[0])} with {found.control_worst[1]:.2%}; "
        f"opened one by one, outside crowds: {found.alone_per_1000:.2f}, {run.day(found.alone_worst[0])} with "
        f"{found.alone_worst[1]:.2%}"
    )
    table = Table(title="Found of what was put in, by the end of a day (1 = the day of the onset)")
    for name in ("case", "change", "day", "series", "found", "95 %", "with nothing put in", "by the day's control"):
        table.add_column(name, justify="left" if name == "case" else "right")
    for row in found.found:
        name = f"{row.case} (should open none)" if row.benign else row.case
        interval = f"{row.found.low:.3f} to {row.found.high:.3f}"
        share, others = f"{row.found.value:.3f}", (f"{row.by_chance:.3f}", f"{row.by_control:.3f}")
        table.add_row(name, f"{row.change:+.0%}", str(row.day), str(row.found.n), share, interval, *others)
    console.print(table)
    for title, calibration in (
        ("p-values with nothing put in", found.calibration),
        ("The same without days near a lasting move, which later days tell", found.calm),
    ):
        table = Table(title=title)
        for name in ("nominal", "realised / nominal", "95 %", "scores"):
            table.add_column(name, justify="right")
        for one in calibration:
            interval = f"{one.low:.2f} to {one.high:.2f}"
            table.add_row(f"{one.nominal:g}", f"{one.ratio:.2f}", interval, f"{one.scores:,}")
        console.print(table)
