"""The report: each figure wanted and reached, and how well a classifier tells simulated from real windows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.simulation.likeness import SHOWN, Apart, cut_windows, tell_apart
from models.simulation.realism import (
    Figure,
    RealismPolicy,
    WindowShape,
    count_realism,
    hold_against,
    late_realism,
    quarter_realism,
)
from pipelines.realism.reading import Volumes, read_parcels, read_volumes
from pipelines.workspace import Workspace
from pipelines.yaml_file import load_yaml

SEED = 1  # of what is drawn; the same platform gives the same report


@dataclass(frozen=True)
class RealismReport:
    """Figures, and, where a real platform was named, the classifier's answers by what it was shown."""

    figures: list[Figure]
    apart: dict[str, Apart]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; a figure that the feeds do not tell is null."""
        return {
            "figures": [
                {
                    "name": figure.wanted.name,
                    "kind": figure.wanted.kind,
                    "wanted": figure.wanted.wanted,
                    "within": list(figure.wanted.within),
                    "reached": figure.reached if math.isfinite(figure.reached) else None,
                    "verdict": figure.verdict,
                }
                for figure in self.figures
            ],
            "apart": {
                shown: {
                    "windows": answer.windows,
                    "auc": answer.auc,
                    "low": answer.low,
                    "high": answer.high,
                    "telling": dict(answer.telling),
                }
                for shown, answer in self.apart.items()
            },
        }

    def told(self) -> list[str]:
        """Lines for a person."""
        lines = [f"{'figure':<58}{'wanted':>9}{'reached':>9}  {'near enough':<16}measured on"]
        for figure in self.figures:
            wanted = figure.wanted
            reached = f"{figure.reached:.3g}" if math.isfinite(figure.reached) else "-"
            within = f"{wanted.within[0]:g} to {wanted.within[1]:g}"
            verdict = "" if figure.verdict == "near" else f"  <- {figure.verdict}"
            lines.append(f"{wanted.what:<58}{wanted.wanted:>9g}{reached:>9}  {within:<16}{wanted.kind}{verdict}")
        for shown, answer in self.apart.items():
            telling = ", ".join(f"{name} {auc:.2f}" for name, auc in answer.telling)
            lines.append(
                f"told apart by {shown}: AUC {answer.auc:.3f} ({answer.low:.3f} to {answer.high:.3f}; 0.5 = cannot "
                f"tell), {answer.windows} windows; each alone: {telling}"
            )
        return lines


def realism_report(workspace: Workspace, real: Workspace | None) -> RealismReport:
    """Measure a platform, and compare it with a real one.

    Parameters
    ----------
    workspace
        Whose landing files are judged.
    real
        A workspace with real shops, such as an imported data set.

    Raises
    ------
    FileNotFoundError
        When one of them has no volumes.
    ValueError
        When too few shops are large enough for the classifier.
    """
    policy = load_yaml(workspace.policy_path("realism.yaml"), RealismPolicy)
    volumes = read_volumes(workspace)
    parcels = read_parcels(workspace)
    reached = {
        **count_realism(volumes.counts, volumes.weekday, volumes.ordinary),
        **quarter_realism(volumes.counts),
        **(late_realism(**parcels) if parcels else {}),
    }
    apart = {} if real is None else told_apart(volumes, read_volumes(real), policy.windows)
    return RealismReport(hold_against(policy.figures, reached), apart)


def told_apart(simulated: Volumes, real: Volumes, shape: WindowShape) -> dict[str, Apart]:
    """Ask the classifier about everything, about the noise alone, and about the noise's shape."""
    rng = np.random.default_rng(SEED)
    sides = [
        cut_windows(side.counts, side.promoted, side.first_day.weekday(), shape, rng) for side in (simulated, real)
    ]
    return {shown: tell_apart(sides[0], sides[1], shown, shape.folds, SEED) for shown in SHOWN}
