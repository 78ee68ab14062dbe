"""What nobody can know of a day: four families of noise, so that what was tuned on one can be judged on another.

The idea: each family draws a factor on demand with mean 1 and about the same variance per merchant; only the memory,
the tails and the empty days differ. Counts drawn around it are then negative-binomial, with a wandering level, with
days on which nothing happens, or with jumps and bursts. Rates (late parcels, slow replies) wander too, each on its
link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from models.simulation.sections import NotNegative, Positive, Range, Section, Share

if TYPE_CHECKING:  # the parameters hold the shape of the noise
    from models.simulation.draws import Floats, Streams
    from models.simulation.parameters import DemandParameters
    from models.simulation.world import World

NoiseFamily = Literal["negative_binomial", "zero_inflated", "autocorrelated", "heavy_tailed"]
# Rates that wander together, because one link stands behind them.
LINKS = {
    "warehouse": ("late_dispatch", "seller_cancel", "untracked"),
    "desk": ("slow_reply", "slow_3min"),
    "goods": ("negative", "seller_refund"),
}
MOST_LOG_JUMP = 3.0  # a day's factor stays within e to the power of this


class NoiseShape(Section):
    """Family of the noise and its settings; see `data/policy/simulation.yaml`, `demand.noise`."""

    family: NoiseFamily = "autocorrelated"
    quiet_share: Annotated[float, Field(ge=0, lt=1)] = 0.05
    quiet_days: Annotated[float, Field(ge=1)] = 1.5
    tail_degrees: Annotated[float, Field(gt=2)] = 3.0
    burst_chance: Share = 0.004
    burst_times: Range = (2.0, 6.0)
    burst_up: Share = 0.7
    rate_spread: NotNegative = 0.2
    rate_memory: Share = 0.85
    platform_spread: NotNegative = 0.0
    platform_memory: Share = 0.8
    daily_least: Positive = 1e-9


class Level:
    """The part of demand that nobody can know: carried from day to day.

    `log_level` is the autoregressive part, (merchants,); its mean factor is 1.
    """

    def __init__(self, parameters: DemandParameters, world: World, streams: Streams) -> None:
        self._shape, self._noise, self._streams = parameters, parameters.noise, streams
        remembers = self._noise.family != "negative_binomial"
        slow_share, fast_share = (parameters.slow_share, parameters.fast_share) if remembers else (0.0, 0.0)
        variance = np.log1p(world.dispersion)
        self._slow_sd, self._fast_sd = np.sqrt(slow_share * variance), np.sqrt(fast_share * variance)
        rest = max(0.0, 1 - slow_share - fast_share)
        self._daily_variance = np.expm1(np.maximum(rest * variance, self._noise.daily_least))
        rng = streams.of("level start")
        self._slow = self._slow_sd * rng.standard_normal(world.size)
        self._fast = self._fast_sd * rng.standard_normal(world.size)
        self._quiet = Quiet(self._noise, world.size, streams)
        self._platform = PlatformLevel(self._noise, streams)
        self._tails = Tails(self._noise, np.sqrt(np.log1p(self._daily_variance)), streams)

    @property
    def log_level(self) -> Floats:
        """Autoregressive part of the level, corrected so that its factor has mean 1."""
        return np.asarray(self._slow + self._fast - (self._slow_sd**2 + self._fast_sd**2) / 2)

    def step(self, day: int) -> Floats:
        """Go one day on; return the day's whole factor (merchants,)."""
        rng = self._streams.of("level", day)
        heavy = self._noise.family == "heavy_tailed"
        slow, fast = self._shape.slow_memory, self._shape.fast_memory
        size = len(self._slow)
        news = (self._tails.shocks(rng, size) if heavy else rng.standard_normal(size) for _ in range(2))
        self._slow = slow * self._slow + np.sqrt(1 - slow**2) * self._slow_sd * next(news)
        self._fast = fast * self._fast + np.sqrt(1 - fast**2) * self._fast_sd * next(news)
        level = np.exp(np.clip(self.log_level, -MOST_LOG_JUMP, MOST_LOG_JUMP) if heavy else self.log_level)
        level = level * self._platform.step(day)
        if heavy:
            return np.asarray(level * self._tails.factor(rng))
        factor = level * rng.gamma(1 / self._daily_variance) * self._daily_variance
        return np.asarray(factor * self._quiet.step(day) if self._noise.family == "zero_inflated" else factor)


class PlatformLevel:
    """What moves all shops together: weather, news, a rival's campaign."""

    def __init__(self, shape: NoiseShape, streams: Streams) -> None:
        self._shape, self._streams = shape, streams
        self._log = shape.platform_spread * float(streams.of("platform start").standard_normal())

    def step(self, day: int) -> float:
        """Go one day on; return the factor of everybody, mean 1."""
        memory, spread = self._shape.platform_memory, self._shape.platform_spread
        news = float(self._streams.of("platform", day).standard_normal())
        self._log = memory * self._log + float(np.sqrt(1 - memory**2)) * spread * news
        return float(np.exp(self._log - spread**2 / 2))


class Quiet:
    """Days on which nothing happens at a shop, in spells: nobody was told, and no plan says so."""

    def __init__(self, shape: NoiseShape, merchants: int, streams: Streams) -> None:
        rng = streams.of("quiet start")
        self._streams, self._stay = streams, 1 - 1 / shape.quiet_days
        # Shops differ: some are never quiet, a few often.
        self._share = np.minimum(rng.gamma(0.7, shape.quiet_share / 0.7, merchants), 0.5)
        self._is_quiet: NDArray[np.bool_] = rng.random(merchants) < self._share

    def step(self, day: int) -> Floats:
        """Go one day on; 0 for quiet shops, for others a factor that keeps their mean (merchants,)."""
        chance = self._streams.of("quiet", day).random(len(self._share))
        begins = np.minimum(self._share / np.maximum(1 - self._share, 1e-9) * (1 - self._stay), 1.0)
        self._is_quiet = chance < np.where(self._is_quiet, self._stay, begins)
        return np.where(self._is_quiet, 0.0, 1 / (1 - self._share))


class Tails:
    """Student's t in place of the normal, and rare bursts."""

    def __init__(self, shape: NoiseShape, daily_sd: Floats, streams: Streams) -> None:
        self._shape, self._sd = shape, daily_sd
        self._scale = np.sqrt((shape.tail_degrees - 2) / shape.tail_degrees)
        # The mean of the factor has no formula once jumps are cut off; it is measured once, for all sizes.
        jumps = self.shocks(streams.of("tail mean"), 20_000)
        grid = np.linspace(0, max(2.0, float(daily_sd.max(initial=0.0))), 41)
        means = [np.exp(np.clip(sd * jumps, -MOST_LOG_JUMP, MOST_LOG_JUMP)).mean() for sd in grid]
        up, (low, high) = shape.burst_up, shape.burst_times
        down = np.log(high / low) / (high - low) if high > low else 1 / low
        of_bursts = up * (low + high) / 2 + (1 - up) * down
        self._mean = np.interp(daily_sd, grid, means) * (1 + shape.burst_chance * (of_bursts - 1))

    def shocks(self, rng: np.random.Generator, size: int) -> Floats:
        """Student's t of variance 1, (size,)."""
        return np.asarray(self._scale * rng.standard_t(self._shape.tail_degrees, size))

    def factor(self, rng: np.random.Generator) -> Floats:
        """Factor of a day, (merchants,), mean about 1."""
        size = len(self._sd)
        jump = np.exp(np.clip(self._sd * self.shocks(rng, size), -MOST_LOG_JUMP, MOST_LOG_JUMP))
        times = rng.uniform(*self._shape.burst_times, size)
        times = np.where(rng.random(size) < self._shape.burst_up, times, 1 / times)
        return np.asarray(jump * np.where(rng.random(size) < self._shape.burst_chance, times, 1.0) / self._mean)


class RateWander:
    """Factors on merchants' lasting rates that wander from day to day, one per link; negative-binomial has none."""

    def __init__(self, shape: NoiseShape, merchants: int, streams: Streams) -> None:
        self._shape, self._streams, self._size = shape, streams, merchants
        self._spread = 0.0 if shape.family == "negative_binomial" else shape.rate_spread
        start = streams.of("rates start")
        self._log = {link: self._spread * start.standard_normal(merchants) for link in LINKS}

    def step(self, day: int, rates: dict[str, Floats]) -> dict[str, Floats]:
        """Go one day on; return the rates of the day."""
        if self._spread == 0:
            return rates
        rng, memory = self._streams.of("rates", day), self._shape.rate_memory
        heavy, degrees = self._shape.family == "heavy_tailed", self._shape.tail_degrees
        result = dict(rates)
        for link, names in LINKS.items():
            news = rng.standard_normal(self._size)
            if heavy:
                news = rng.standard_t(degrees, self._size) * np.sqrt((degrees - 2) / degrees)
            self._log[link] = memory * self._log[link] + np.sqrt(1 - memory**2) * self._spread * news
            factor = np.exp(np.clip(self._log[link], -MOST_LOG_JUMP, MOST_LOG_JUMP) - self._spread**2 / 2)
            for name in names:
                result[name] = np.minimum(rates[name] * factor, 1.0)
        return result
