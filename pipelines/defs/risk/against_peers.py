"""Reads the days that shops are held against their peers over, block by block, and scores all merchants together.

Memory holds one block's days of a few columns at a time; what is kept are falls and moves of the days that say what is
usual.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from models.metrics.profile import Profile
from models.risk.against_peers import AgainstPeersSettings, Change, Compared, Course, courses
from models.risk.peer_scores import PeerScores, scores_against_peers
from models.risk.settings import CalibrationSettings, RiskSettings
from pipelines.day import Day
from pipelines.defs.risk.panel import Merchants, Panel, blocks_of, read_panel

PLANNED_OPEN = "plans_open"  # 0 on days on which a shop said that it would be closed


def against_peers(
    day: Day, merchants: Merchants, profile: Profile, risk: RiskSettings, days: int
) -> dict[str, PeerScores]:
    """Scores by metric, of the metrics that the profile has; none where nothing is compared.

    Parameters
    ----------
    days : int
        Newest days that are scored.
    """
    settings = risk.against_peers
    known = {metric.id for metric in profile.metrics}
    compared = {metric: columns for metric, columns in settings.metrics.items() if metric in known}
    if not compared:
        return {}
    found: dict[str, list[Course]] = {metric: [] for metric in compared}
    wanted = {name for columns in compared.values() for name in (columns.of, columns.per) if name}
    for block in blocks_of(day, merchants):
        panel = read_panel(day, merchants, block, [*sorted(wanted), PLANNED_OPEN], settings.read_days(days))
        for metric, columns in compared.items():
            found[metric].append(_course(panel, columns, settings, days))
    category = merchants.codes("category")
    return {metric: _scores(parts, category, settings, risk.calibration) for metric, parts in found.items()}


def _course(panel: Panel, columns: Compared, settings: AgainstPeersSettings, days: int) -> Course:
    closed = panel.column(PLANNED_OPEN) == 0
    of = np.where(closed, np.nan, panel.column(columns.of))
    per = None if columns.per is None else panel.column(columns.per)
    course = courses(of, per, settings, days)
    # Kept in single precision: they are what holds memory while the other blocks are read.
    falls = [Change(fall.astype(np.float32), doubt.astype(np.float32)) for fall, doubt in course.falls]
    return Course(falls, course.moves.astype(np.float32))


def _scores(
    blocks: list[Course],
    groups: npt.NDArray[np.int64],
    settings: AgainstPeersSettings,
    calibration: CalibrationSettings,
) -> PeerScores:
    falls = [
        Change(*(np.concatenate(part) for part in zip(*of_length, strict=True)))
        for of_length in zip(*(block.falls for block in blocks), strict=True)
    ]
    course = Course(falls, np.concatenate([block.moves for block in blocks]))
    return scores_against_peers(course, groups, settings, calibration)
