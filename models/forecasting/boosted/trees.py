"""Trees as plain arrays, walked by all days of a block together.

Every tree is filled up to the same depth, so that a step down is one comparison without a branch to guess wrong, and
days next to each other keep the processor busy while one waits for memory. The library's own prediction gives the same
sums several times slower.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models.forecasting.batched_prophet.compiled import compiled
from models.forecasting.boosted.layout import Features
from models.forecasting.panel import Floats

ALWAYS_LEFT: Final = np.iinfo(np.int16).max
TOGETHER: Final = 64  # days walked side by side


@dataclass(frozen=True)
class Forest:
    """Trees of one depth.

    Parameters
    ----------
    feature : array of int16 (trees, 2^depth - 1)
        What each inner node looks at; children of node i are 2 i + 1 and 2 i + 2.
    border : array of int16 (trees, 2^depth - 1)
        Largest value that goes left.
    leaf : array (trees, 2^depth)
    """

    feature: npt.NDArray[np.int16]
    border: npt.NDArray[np.int16]
    leaf: Floats

    @classmethod
    def of(cls, dumped: Mapping[str, Any], depth: int) -> Forest:
        """Read the trees of `lightgbm.Booster.dump_model`."""
        trees = [tree["tree_structure"] for tree in dumped["tree_info"]]
        inner = (len(trees), 2**depth - 1)
        forest = cls(np.zeros(inner, np.int16), np.full(inner, ALWAYS_LEFT), np.zeros((len(trees), 2**depth)))
        for place, root in enumerate(trees):
            forest._fill(place, root, 0)
        return forest

    @property
    def depth(self) -> int:
        """Comparisons on the way to a leaf."""
        return int(self.leaf.shape[1]).bit_length() - 1

    def _fill(self, tree: int, node: Mapping[str, Any], place: int) -> None:
        inner = self.feature.shape[1]
        if "leaf_value" in node:
            while place < inner:  # both ways lead to the same answer; one is never gone
                place = 2 * place + 1
            self.leaf[tree, place - inner] = node["leaf_value"]
            return
        self.feature[tree, place] = node["split_feature"]
        self.border[tree, place] = int(np.clip(np.floor(node["threshold"]), -ALWAYS_LEFT, ALWAYS_LEFT))
        self._fill(tree, node["left_child"], 2 * place + 1)
        self._fill(tree, node["right_child"], 2 * place + 2)

    def sums(self, features: Features) -> Floats:
        """Sum of the leaves that each row of features (rows, features) reaches."""
        total = np.zeros(len(features))
        _walk(total, features, self.feature, self.border, self.leaf, self.depth)
        return total


@compiled
def _walk(
    total: Floats,
    rows: Features,
    feature: npt.NDArray[np.int16],
    border: npt.NDArray[np.int16],
    leaf: Floats,
    depth: int,
) -> None:
    inner = feature.shape[1]
    for first in range(0, len(rows), TOGETHER):
        last = min(first + TOGETHER, len(rows))
        for tree in range(len(feature)):
            for row in range(first, last):
                node = 0
                for _ in range(depth):
                    node = 2 * node + 1 + (rows[row, feature[tree, node]] > border[tree, node])
                total[row] += leaf[tree, node - inner]
