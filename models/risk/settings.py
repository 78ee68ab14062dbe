"""Settings of the risk step (`policy/risk.yaml`), as typed, frozen objects."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from models.metrics.catalogue import LEGS, Leg, Probability
from models.metrics.words import Frozen
from models.risk.against_peers import AgainstPeersSettings
from models.risk.outlook.settings import OutlookSettings
from models.risk.young_orders import YoungOrdersSettings


class ResidualSettings(Frozen):
    """How a rate's last days are held against the merchant's own past."""

    days: int = Field(default=56, ge=14, le=200, description="Days whose scores are the past")
    recent_days: int = Field(default=7, ge=1, le=60)
    baseline_days: int = Field(default=56, ge=14, le=400)
    least_expected: float = Field(default=1.0, ge=0, description="Fewest expected events for a score")
    least_days: int = Field(
        default=5, ge=2, description="Fewest days with data in the recent window of a mean or ratio"
    )
    few_events: float = Field(default=50.0, ge=0, description="Of so many expected events or fewer the law is exact")
    few_from: float = Field(default=1.0, ge=0, description="Deviations from which on it is, where few are expected")


class CalibrationSettings(Frozen):
    """Strata in which scores are ranked, and the tail beyond the ranks."""

    volume_strata: int = Field(default=4, ge=1)
    least_scores: int = Field(default=8000, ge=20, description="Smaller strata are merged with the wider one")
    tail_from: Probability = 0.995
    tail_least: int = Field(default=20, ge=5, description="Fewest merchants with a score in a fitted tail")
    tail_lowest: Probability = Field(default=0.9, description="A tail starts no lower, or there is none")
    tail_shape: tuple[float, float] = (0.0, 0.5)
    tail_caution: float = Field(default=0.5, ge=0, description="Added to the shape, over the root of its merchants")
    trim_days: int = Field(default=7, ge=2, description="Days whose mean score says that trouble lasted")
    trim_deviations: float = Field(default=5.0, gt=0)
    trim_most: Probability = Field(default=0.03, description="Share of days beyond which trouble is usual, not trimmed")
    trim_clip: float = Field(default=6.0, gt=1, description="Robust deviations at which one day counts no further")
    trim_restless: float = Field(
        default=2.5, ge=1, description="Most that a restless merchant's weeks may lie farther out"
    )


class DetectorSettings(Frozen):
    """The detectors of a metric's days."""

    clip: float = Field(default=4.0, gt=0, description="One day counts at most this much in a sum over days")
    ewma_share: Probability = Field(default=0.2, description="Weight of the newest day in the moving mean")
    cusum_slack: float = Field(default=1.0, ge=0, description="Deviations a day may be worse without adding")
    cusum_days: int = Field(default=14, ge=3, description="Days that a cumulative sum reaches back at most")
    settling_days: int = Field(default=14, ge=0, description="First days of a sum that are no part of its past")
    change_days: int = Field(default=28, ge=7, description="Longest look back for the day on which trouble began")
    change_least: float = Field(default=2.0, gt=0, description="Deviations by which the days since then stand out")
    weights: dict[str, Annotated[float, Field(gt=0)]] = Field(
        default_factory=dict, description="Part of the alarm level by detector, relative to 1 of the others"
    )


class OddnessSettings(Frozen):
    """The isolation forest and the principal components over the vector of directed scores."""

    trees: int = Field(default=100, ge=1)
    sample: int = Field(default=256, ge=16)
    train_rows: int = Field(default=20000, ge=100)
    least_rows: int = Field(default=500, ge=50)
    seed: int = 20171111
    explained: Probability = Field(default=0.8, description="Share of the variance that usual directions explain")


class CrowdSettings(Frozen):
    """When far more merchants than usual are far out on one day, of no group that has a name."""

    far: Probability = Field(default=0.995, description="Quantile of past scores beyond which a merchant is far out")
    least_share: Probability = Field(default=0.02, description="Fewest merchants far out, of those with a score")
    least_merchants: int = Field(default=20, ge=8, description="Fewest merchants far out; fewer are no crowd")


class IncidentSettings(Frozen):
    """When a group is in trouble as a whole."""

    scopes: tuple[str, ...] = ("platform", "category", "region", "carrier", "warehouse")
    least_members: int = Field(default=8, ge=2)
    winsor: float = Field(default=5.0, gt=0)
    least_effect: float = Field(default=0.75, gt=0)
    q: Probability = 0.01
    least_days: int = Field(default=10, ge=5)
    window_days: int = Field(default=7, ge=1, description="Days that scores over several days look back on")
    resolve_days: int = Field(default=3, ge=1)
    worse_times: float = Field(
        default=2.5, gt=1, description="Told again when its effect is so many times the one that was told"
    )
    echo_share: Probability = Field(
        default=0.5,
        description="Of two groups of a scope, the one that moved less than this share of the other is its echo",
    )
    echo_times: float = Field(
        default=1.5, ge=1, description="A wider group's standing incident explains so many times what was told of it"
    )
    crowd: CrowdSettings = CrowdSettings()
    crowd_of_evidence: CrowdSettings = CrowdSettings(far=0.99, least_share=0.03)
    stale_share: Probability = 0.5
    silent_least: int = Field(
        default=5, ge=2, description="Merchants whose feed falls silent on one day: the feed broke for them"
    )
    vanished_share: Probability = Field(
        default=0.02, description="Of the usual total, below which a feed counts as empty"
    )
    frozen_share: Probability = Field(default=0.9, description="Merchants whose count is yesterday's: a frozen feed")


class RootRise(Frozen):
    """A metric whose rise may be where trouble began: no risk by itself, it names a root and opens nothing."""

    metric: str
    root: str = Field(description="Leg whose work the trouble is then")
    shows_on: tuple[str, ...] = Field(min_length=1, description="Legs on which such trouble shows")
    never_moves: tuple[str, ...] = Field(
        default=(), description="Metrics with other causes: a leg that one of them leads did not begin so"
    )


class RootSettings(Frozen):
    """Where trouble that shows on a leg may have begun."""

    chain: dict[str, tuple[str, ...]] = Field(default_factory=dict, description="Legs on which trouble shows next")
    p_value: Probability = Field(default=0.005, description="Evidence with which a leg upstream stands out by itself")
    tolerance_days: int = Field(default=1, ge=0, description="Days within which two legs move together")
    red_days_at_most: int = Field(default=28, ge=0, description="A light that has been red for longer says nothing new")
    sure_p_value: Probability = Field(default=0.001, description="Evidence with which a leg surely moved by itself")
    state_days: int = Field(default=7, ge=0, description="Days before a sure move within which a state may be its root")
    state_steps: int = Field(default=2, ge=1, description="Legs down the chain on which a state explains a sure move")
    rises: tuple[RootRise, ...] = Field(default=(), description="Rises that may be a root; the first that fits wins")
    rise_p_value: Probability = Field(default=0.005, description="Evidence with which a rise stands out by itself")

    @model_validator(mode="after")
    def _known_legs(self) -> RootSettings:
        named = [leg for cause, shown_on in self.chain.items() for leg in (cause, *shown_on)]
        named += [leg for rise in self.rises for leg in (rise.root, *rise.shows_on)]
        if unknown := sorted(set(named) - set(LEGS)):
            raise ValueError(f"root names {unknown[0]!r}, which is no leg; legs are {list(LEGS)}")
        return self


class LastingSettings(Frozen):
    """On how many of the last days a leg must stand out, and by how much on each, where no single day says enough.

    More days than a window of events: one bad parcel is seen in a week's window on seven days.
    """

    legs: tuple[Leg, ...] = Field(default=("sales",), description="Legs whose figures are new on each day")
    p_value: Probability = Field(default=0.004, description="The leg's own p-value")
    days: int = Field(default=8, ge=1, description="Days on which it is below that, today among them, ...")
    of: int = Field(default=10, ge=1, description="... of so many")

    @model_validator(mode="after")
    def _within(self) -> LastingSettings:
        if self.days > self.of:
            raise ValueError(f"{self.days} of {self.of} days can never be met")
        return self


class ControlSettings(Frozen):
    """False-discovery control over the merchants of a day, and how verdicts move the share of a leg."""

    q: Probability = Field(default=0.05, description="Share of flagged merchants that may be false")
    least_p: Probability = Field(default=0.0003, description="A merchant's p-value at or below it passes in any case")
    lasting: LastingSettings = LastingSettings()
    q_least: Probability = Field(default=0.02, description="No leg's share falls below it")
    q_most: Probability = Field(default=0.2, description="No leg's share rises above it")
    step: float = Field(default=1.5, gt=1, description="Factor by which a leg's share moves")
    least_labels: int = Field(default=20, ge=5, description="Verdicts on a leg's alerts between two looks at them")
    most_labels: int = Field(default=200, ge=5, description="Older verdicts than the newest so many count no more")
    confidence: Probability = Field(default=0.95, description="Level of the interval of a leg's precision")

    @model_validator(mode="after")
    def _ordered(self) -> ControlSettings:
        if not self.q_least <= self.q <= self.q_most:
            raise ValueError(f"q must lie between q_least and q_most; got {self.q_least}, {self.q}, {self.q_most}")
        if self.most_labels < self.least_labels:
            raise ValueError(f"most_labels {self.most_labels} is less than least_labels {self.least_labels}")
        return self


class LegSettings(Frozen):
    """How the metrics of a leg speak together."""

    counts_below: Probability = Field(default=0.1, description="p-values of metrics above it say nothing of their leg")


class MoneySettings(Frozen):
    """Money at risk, and what the order of merchants rests on."""

    horizon_days: int = Field(default=14, ge=1)
    sanction_share: float = Field(default=0.3, ge=0, le=1)
    recoverable_share: dict[str, float]
    p_bad_unknown: dict[str, float]

    @model_validator(mode="after")
    def _every_leg(self) -> MoneySettings:
        missing = [leg for leg in LEGS if leg not in self.recoverable_share]
        if missing:
            raise ValueError(f"recoverable_share lacks {missing}")
        lights = [light for light in ("red", "amber", "green", "star", "grey") if light not in self.p_bad_unknown]
        if lights:
            raise ValueError(f"p_bad_unknown lacks {lights}")
        return self


class CheckSettings(Frozen):
    """When an analyst is warned that a day's risk looks implausible."""

    calibration: tuple[float, float] = (0.3, 3.0)
    flagged_share: Probability = 0.02
    red_share: Probability = 0.25


class RiskSettings(Frozen):
    """All settings of the risk step."""

    residuals: ResidualSettings = ResidualSettings()
    calibration: CalibrationSettings = CalibrationSettings()
    detectors: DetectorSettings = DetectorSettings()
    against_peers: AgainstPeersSettings = AgainstPeersSettings()
    young_orders: YoungOrdersSettings = YoungOrdersSettings()
    legs: LegSettings = LegSettings()
    oddness: OddnessSettings = OddnessSettings()
    incidents: IncidentSettings = IncidentSettings()
    root: RootSettings = RootSettings()
    control: ControlSettings = ControlSettings()
    outlook: OutlookSettings = OutlookSettings()
    money: MoneySettings
    checks: CheckSettings = CheckSettings()
