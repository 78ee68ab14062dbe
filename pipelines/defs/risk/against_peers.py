"""Reads the days that shops are held against their peers over, block by block, and scores all merchants together.

Memory holds one block's days of a few columns at a time; what is kept are changes of the days that say what is usual.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from models.metrics.profile import Profile
from models.risk.against_peers import AgainstPeersSettings, Change, Compared, log_changes, scores_against_peers
from pipelines.day import Day
from pipelines.defs.risk.panel import Merchants, Panel, blocks_of, read_panel

FloatArray = npt.NDArray[np.float64]
PLANNED_OPEN = "plans_open"  # 0 on days on which a shop said that it would be closed


def against_peers(
    day: Day, merchants: Merchants, profile: Profile, settings: AgainstPeersSettings, days: int
) -> dict[str, FloatArray]:
    """Scores (merchants, days) by metric, of the metrics that the profile has; none where nothing is compared.

    Parameters
    ----------
    days : int
        Newest days that are scored.
    """
    known = {metric.id for metric in profile.metrics}
    compared = {metric: columns for metric, columns in settings.metrics.items() if metric in known}
    if not compared:
        return {}
    changes: dict[str, list[list[Change]]] = {metric: [] for metric in compared}
    wanted = {name for columns in compared.values() for name in (columns.of, columns.per) if name}
    for block in blocks_of(day, merchants):
        panel = read_panel(day, merchants, block, [*sorted(wanted), PLANNED_OPEN], settings.days)
        for metric, columns in compared.items():
            changes[metric].append(_changes(panel, columns, settings))
    category = merchants.codes("category")
    return {metric: _scores(parts, category, settings)[:, -days:] for metric, parts in changes.items()}


def _changes(panel: Panel, columns: Compared, settings: AgainstPeersSettings) -> list[Change]:
    closed = panel.column(PLANNED_OPEN) == 0
    of = np.where(closed, np.nan, panel.column(columns.of))
    per = None if columns.per is None else panel.column(columns.per)
    # Kept in single precision: they are what holds memory while the other blocks are read.
    return [Change(fall.astype(np.float32), doubt.astype(np.float32)) for fall, doubt in log_changes(of, per, settings)]


def _scores(blocks: list[list[Change]], groups: npt.NDArray[np.int64], settings: AgainstPeersSettings) -> FloatArray:
    of_lengths = [
        Change(*(np.concatenate(part) for part in zip(*of_length, strict=True)))
        for of_length in zip(*blocks, strict=True)
    ]
    return scores_against_peers(of_lengths, groups, settings)
