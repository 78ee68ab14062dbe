"""Reads a backtest and the simulator's truth, or people's verdicts on live alerts, and says how good the alerts were.

The only reader of `truth/` in the project: nothing here feeds back into a run. What comes out is kept in
`alert_quality`, which the platform's page shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pandas as pd
import pyarrow as pa

from models.evaluation.groups import evaluate_groups
from models.evaluation.judged import Judged, JudgedDays, judge_alerts
from models.evaluation.labels import label_table
from models.evaluation.notified import notified
from models.evaluation.policy import EvaluationPolicy
from models.evaluation.quality import ALL, quality_table
from models.risk.alert_feedback import last_verdicts
from pipelines.defs.alerting.policies import alert_policy, route_policy
from pipelines.defs.alerting.previous import as_frame
from pipelines.evaluate_shown import as_json, print_evaluation
from pipelines.feedback import said_so_far
from pipelines.policy import load_risk_settings
from pipelines.workspace import Workspace
from pipelines.yaml_file import load_yaml

__all__ = ["Evaluation", "NothingToEvaluate", "as_json", "evaluate", "evaluate_all", "print_evaluation"]

TRUTH, LABELS = "truth", "labels"
TABLE = "alert_quality"


class NothingToEvaluate(ValueError):  # noqa: N818 - reads as the sentence it is
    """The backtest or the truth is missing; the message says how to make it."""


@dataclass(frozen=True)
class Evaluation:
    """Figures of one backtest, or of the live days: a row per cut, and one per group episode."""

    backtest: str
    source: str
    days: JudgedDays
    quality: pd.DataFrame
    groups: pd.DataFrame

    @property
    def families(self) -> pd.DataFrame:
        """Rows of whole families."""
        rows = self.quality
        return rows[(rows[["leg", "metric", "opened_by"]] == ALL).all(axis=1)].reset_index(drop=True)

    @property
    def doors(self) -> pd.DataFrame:
        """Rows of whole doors, over all families."""
        rows = self.quality
        whole = (rows[["family", "leg", "metric", "stratum"]] == ALL).all(axis=1)
        return rows[whole & (rows["opened_by"] != ALL)].reset_index(drop=True)


def evaluate(workspace: Workspace, backtest: str) -> pd.DataFrame:
    """Figures of a backtest per family; see `models.evaluation.quality.quality_table`."""
    return evaluate_all(workspace, backtest).families


def evaluate_all(workspace: Workspace, backtest: str, labels: bool = False) -> Evaluation:
    """Measure the alerts of a backtest on the truth, or those of the live days on verdicts, and keep the figures.

    Parameters
    ----------
    backtest : str
        Name under `lake/backtest/`; empty for the live lake.
    labels : bool
        By verdicts instead of the truth; also where there is no truth but somebody has given verdicts.

    Raises
    ------
    NothingToEvaluate
        When there is neither truth nor verdict, or the backtest navigated no day.
    """
    truth = workspace.truth / "episodes.parquet"
    if labels or not truth.exists():
        result = _by_labels(workspace, labels)
    else:
        result = _by_truth(workspace, backtest, pd.read_parquet(truth))
    _keep(workspace, result)
    return result


def _by_truth(workspace: Workspace, backtest: str, episodes: pd.DataFrame) -> Evaluation:
    policy = load_yaml(workspace.policy_path("evaluation.yaml"), EvaluationPolicy)
    days = _navigated(workspace, backtest, policy)
    lake = workspace.lake.scoped(backtest)
    alerts, incidents = as_frame(lake.read("alerts")), as_frame(lake.read("incidents"))
    judged: Judged = judge_alerts(alerts, incidents, episodes, days, policy)
    chain = load_risk_settings(workspace).root.chain
    told = notified(alerts, incidents, days.merchants, alert_policy(workspace), route_policy(workspace), chain)
    table = quality_table(judged, told, policy.intervals).assign(stratum=ALL)
    return Evaluation(backtest, TRUTH, days, table, evaluate_groups(alerts, incidents, episodes, days, policy))


def _by_labels(workspace: Workspace, asked: bool) -> Evaluation:
    policy = load_yaml(workspace.policy_path("evaluation.yaml"), EvaluationPolicy)
    said = said_so_far(workspace)
    if said["verdict"].notna().sum() == 0:
        reason = "nobody has given a verdict yet (merchant-gps alerts label)"
        if not asked:
            missing = f"{workspace.truth / 'episodes.parquet'} does not exist"
            reason = f"{missing}; only simulated data have a truth (merchant-gps simulate), and {reason}"
        raise NothingToEvaluate(reason)
    days = _navigated(workspace, "", policy)
    alerts = as_frame(workspace.lake.read("alerts"))
    newest = alerts.sort_values("as_of", kind="stable").drop_duplicates("alert_id", keep="last")
    verdicts = last_verdicts(newest, said).set_axis(newest["alert_id"])
    sizes = workspace.lake.read("segments", ["merchant_id", "size_class"], f"as_of = DATE '{days.last_on.date()}'")
    strata = sizes.to_pandas().set_index("merchant_id")["size_class"]
    table = label_table(alerts, verdicts, strata, days, policy.intervals)
    return Evaluation("", LABELS, days, table, pd.DataFrame())


def _navigated(workspace: Workspace, backtest: str, policy: EvaluationPolicy) -> JudgedDays:
    """Days of a backtest and the merchants of each."""
    rows = workspace.lake.scoped(backtest).read("alert_volume", ["as_of", "merchants"], "leg = 'all'").to_pandas()
    if rows.empty:
        raise NothingToEvaluate(
            f"backtest '{backtest}' has navigated no day; run: merchant-gps backtest --from D1 --to D2 --every K"
        )
    return JudgedDays(rows.set_index(pd.to_datetime(rows["as_of"]))["merchants"], policy.burn_in_days)


def _keep(workspace: Workspace, result: Evaluation) -> None:
    """Write the figures into the live lake; those of other backtests and sources on the same day stay."""
    as_of: date = result.days.last_on.date()
    rows = result.quality.assign(
        as_of=as_of,
        backtest=result.backtest,
        source=result.source,
        first_on=result.days.first_on.date(),
        measured_at=datetime.now(UTC),
        merchants=int(result.days.merchants.max()),
        merchant_days=result.days.merchant_days,
    )
    where = f"as_of = '{as_of.isoformat()}' AND backtest = '{result.backtest}' AND source = '{result.source}'"
    workspace.lake.replace(TABLE, where, pa.Table.from_pandas(rows, preserve_index=False))
