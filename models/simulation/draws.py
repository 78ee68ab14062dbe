"""Random draws that are the same for a seed, whatever the order of calculation.

The idea: each subject and day has its own stream, so adding a feed, or drawing one more number in one of them, changes
nothing in the others.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.simulation.sections import Trait

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NORMAL_Q90 = 1.2815515655446004


@dataclass(frozen=True)
class Streams:
    """Random streams of one simulation."""

    seed: int

    def of(self, subject: str, day: int = 0) -> np.random.Generator:
        """Generator of a subject on a day."""
        sequence = np.random.SeedSequence(self.seed, spawn_key=(zlib.crc32(subject.encode()), day))
        return np.random.Generator(np.random.SFC64(sequence))


def trait_rates(rng: np.random.Generator, trait: Trait, size: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Lasting rates of merchants, and which of them lie in the tail.

    Returns
    -------
    rates : (size,)
        Beta around `mean` (gamma-like for small means), or log-uniform in `tail_range`.
    in_tail : (size,)
    """
    in_tail = rng.random(size) < trait.tail
    healthy = np.full(size, trait.mean)
    if trait.mean > 0 and trait.spread > 0:
        variance = (trait.mean * trait.spread) ** 2
        strength = trait.mean * (1 - trait.mean) / variance - 1
        healthy = rng.beta(trait.mean * strength, (1 - trait.mean) * strength, size)
    low, high = trait.tail_range
    if trait.tail > 0:
        if low <= 0:
            raise ValueError(f"tail_range begins at {low}; a tail is drawn on a log scale, so begin above 0")
        return np.where(in_tail, np.exp(rng.uniform(np.log(low), np.log(high), size)), healthy), in_tail
    return healthy, in_tail


def two_piece_lognormal(rng: np.random.Generator, quantiles: tuple[float, float, float], size: int) -> Floats:
    """Positive values whose 10, 50 and 90 % quantiles are given."""
    low, middle, high = quantiles
    z = rng.standard_normal(size)
    below, above = float(np.log(middle / low)) / NORMAL_Q90, float(np.log(high / middle)) / NORMAL_Q90
    sigma: Floats = np.where(z < 0, below, above)
    return np.asarray(middle * np.exp(sigma * z), dtype=np.float64)


def thin(rng: np.random.Generator, count: Ints, share: Floats | float) -> Ints:
    """Binomial part of counts; shares outside 0 to 1 are clipped."""
    return rng.binomial(count, np.clip(share, 0.0, 1.0))


def cumulative_reveal(rng: np.random.Generator, final: Ints, shares: tuple[float, ...]) -> list[Ints]:
    """How much of a final count is known at each age: never falls, and ends at the final count.

    Parameters
    ----------
    final : (n,) counts
    shares : expected share known at each age, rising; the last age knows all.
    """
    known = [final]
    for earlier, later in zip(shares[-2::-1], shares[:0:-1], strict=True):
        known.append(thin(rng, known[-1], earlier / later if later > 0 else 0.0))
    return known[::-1]
