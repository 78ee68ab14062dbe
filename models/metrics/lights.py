"""Lights as numbers, so that the worst of many is a maximum; grey is below all, as it never decides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

LightArray = npt.NDArray[np.int8]
BoolArray = npt.NDArray[np.bool_]

GREY, STAR, GREEN, AMBER, RED = 0, 1, 2, 3, 4
LIGHT_NAMES: tuple[str, ...] = ("grey", "star", "green", "amber", "red")
LIGHT_OF: dict[str, int] = {name: code for code, name in enumerate(LIGHT_NAMES)}


def light(red: BoolArray, amber: BoolArray, known: BoolArray) -> LightArray:
    """Red before amber before green; grey where nothing is known."""
    return np.select([~known, red, amber], [GREY, RED, AMBER], GREEN).astype(np.int8)


def worst(lights: Sequence[LightArray]) -> LightArray:
    """Worst light that is not grey; grey where all are."""
    return np.maximum.reduce([np.asarray(one, dtype=np.int8) for one in lights])
