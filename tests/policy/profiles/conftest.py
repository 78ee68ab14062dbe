"""A shop of a few written-out days, judged by a shipped profile as the risk step judges it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from models.metrics.catalogue import Mean, Rate
from models.metrics.conditions import conditions_of
from models.metrics.day_counts import count_panel, day_counts
from models.metrics.estimate import estimate_mean, estimate_rate
from models.metrics.judge import enough_sample, judge, why_grey
from models.metrics.lights import LIGHT_NAMES
from models.metrics.mean import NormalPrior
from models.metrics.profile import Profile
from models.metrics.rate import BetaPrior
from models.peers.quartiles import PeerFigures
from pipelines.policy import load_profile
from pipelines.workspace import Workspace

KNOWN_DAYS = 400
Table = Mapping[str, Mapping[int, float]]  # column -> {days before as_of: count}; other days are 0


@dataclass(frozen=True)
class Judged:
    """What is said of one window; `limit` is the red one."""

    light: str
    numerator: float
    denominator: float
    limit: float
    grade: str = ""
    more_bad: float = float("nan")


@cache
def shipped(name: str) -> Profile:
    """Profile as shipped."""
    return load_profile(Workspace.at(Path("/nonexistent-workspace")), name)


def judge_shop(
    profile_name: str, metric_id: str, table: Table, as_of: date = date(2026, 10, 30), unknown: tuple[str, ...] = ()
) -> dict[str, Judged]:
    """Judge one shop; the windows that its platform looks at, each with its verdict.

    Parameters
    ----------
    table
        Counts by column and days before `as_of`.
    unknown
        Columns that no feed delivers.
    """
    profile = shipped(profile_name)
    metric = profile.metric(metric_id)

    def column(name: str) -> np.ndarray:
        panel = np.full((1, KNOWN_DAYS), np.nan if name in unknown else 0.0)
        for days_ago, count in table.get(name, {}).items():
            panel[0, KNOWN_DAYS - 1 - days_ago] = count
        return panel

    return {
        f"{length}d": verdict
        for length in metric.windows
        if (verdict := _verdict(profile, metric, length, column, as_of)) is not None
    }


def _verdict(
    profile: Profile, metric: Rate | Mean, length: int, column: Callable[[str], np.ndarray], as_of: date
) -> Judged | None:
    conditions = conditions_of(metric, length, column, 1)
    if not conditions.applies[0]:
        return None
    if isinstance(metric, Mean):
        prior = NormalPrior(np.array([4.7]), np.array([0.02]), np.array([0.5]))
        found = estimate_mean(metric, length, column, prior, profile.colouring)
    else:
        above, below = day_counts(metric, column)
        counts = count_panel(metric, column, as_of)
        prior = BetaPrior(np.array([0.01]), np.array([100.0]))
        found = estimate_rate(metric, length, above, below, prior, profile.colouring, as_of, counts)
    yes, no = np.array([True]), np.array([False])
    enough = enough_sample(metric, found) & conditions.eligible
    grey = why_grey(~np.isnan(found.observed), enough, yes, no)
    nothing = np.array([np.nan])
    peers = PeerFigures(nothing, nothing, nothing, nothing, np.array([0]))
    verdict = judge(metric, found, peers, grey, profile.colouring, as_of)
    return Judged(
        LIGHT_NAMES[verdict.light[0]],
        float(found.numerator[0]),
        float(found.denominator[0]),
        float(verdict.limit_red[0]),
        str(verdict.grade[0]) if verdict.grade is not None else "",
        float(found.more_bad_until_red[0]),
    )


@pytest.fixture
def judged() -> Callable[..., dict[str, Judged]]:
    """Return the function that judges a shop."""
    return judge_shop


@pytest.fixture
def profile_of() -> Callable[[str], Profile]:
    """Return the function that loads a shipped profile."""
    return shipped
