"""Settings of the forecast, as `data/policy/forecast.yaml` says them; the YAML explains each."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Positive = Annotated[float, Field(gt=0)]
Days = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HistoryPolicy(_Frozen):
    """Which days and merchants are used."""

    least_days: Days = 14
    silent_days: Days = 56
    out_of_stock_share: Share = 0.5
    open_hours: Annotated[float, Field(gt=0, le=24)] = 24.0
    near_event_days: Days = 42
    longest_horizon_days: Days = 56


class _HalfLives(_Frozen):
    """Half-lives (days) that a backtest chooses from, and the one that serves until it can."""

    half_lives: tuple[Positive, ...] = Field(min_length=1)
    half_life_default: Positive

    @model_validator(mode="after")
    def _default_is_offered(self) -> Self:
        if self.half_life_default not in self.half_lives:
            raise ValueError(f"half_life_default {self.half_life_default} must be one of half_lives {self.half_lives}")
        return self

    @property
    def default_position(self) -> int:
        """Where the default stands among the half-lives."""
        return self.half_lives.index(self.half_life_default)


class LevelPolicy(_HalfLives):
    """The local level and what a newcomer's is taken from."""

    half_lives: tuple[Positive, ...] = Field(default=(4.0, 7.0, 14.0, 28.0, 56.0), min_length=1)
    half_life_default: Positive = 14.0
    peer_days: Positive = 3.0
    peer_log_sd: Positive = 1.0
    window_first: Days = 57
    window: Days = 35


class FactorPolicy(_Frozen):
    """How strongly each factor is shrunk."""

    weekday_sd: Positive = 0.5
    weekday_group_sd: Positive = 0.15
    weekday_own_sd: Positive = 0.15
    weekday_own_weeks: Days = 16
    month_day_sd: Positive = 0.05
    promotion_sd: Positive = 0.5
    promotion_weekday_sd: Positive = 0.15
    promotion_group_sd: Positive = 0.2
    promotion_own_sd: Positive = 0.2
    promotion_prior_lift: Positive = 1.3
    promotion_lift_sd: Positive = 0.4
    promotion_run_days: Positive = 5.0
    depth_sd: Positive = 2.0
    depth_group_sd: Positive = 1.0
    price_sd: Positive = 1.0
    price_group_sd: Positive = 0.5
    plans_shared: Positive = 0.25
    price_usual_days: Days = 56
    promotion_least: Share = 0.05
    promotion_least_skus: Share = 0.2
    holiday_sd: Positive = 0.5
    holiday_group_sd: Positive = 0.2
    alone_own_sd: Positive = 0.8
    event_sd: tuple[Positive, Positive, Positive] = (0.7, 0.4, 0.3)
    event_group_sd: Positive = 0.25
    day_sd: Positive = 0.08
    year_days: Days = 730
    year_half_width: Days = 10


class SpreadPolicy(_Frozen):
    """How far a day may lie from its mean."""

    dispersion: Positive = 0.08
    dispersion_days: Positive = 14.0
    dispersion_range: tuple[Positive, Positive] = (0.002, 4.0)
    window_days: Days = 112
    event_lift_sd: Positive = 0.25
    unit_value_spread: Annotated[float, Field(ge=1)] = 1.5


class CalibrationPolicy(_Frozen):
    """How past errors become quantiles."""

    origins: Annotated[int, Field(ge=6)] = 16
    season_weeks: Annotated[int, Field(ge=0, le=8)] = 2
    season_least_days: Days = 56
    season_share: Annotated[float, Field(gt=0, le=1)] = 0.95
    season_own: Annotated[float, Field(ge=0, le=1)] = 0.5
    strata: tuple[Positive, ...] = (1.0, 5.0, 20.0, 100.0)
    horizons: tuple[Days, ...] = (1, 3, 7, 14, 28)
    prior_errors: Positive = 200.0
    prior_spread: tuple[Positive, ...] = (1.0, 1.05, 1.1, 1.2, 1.35)
    refit_days: Days = 28
    fade_days: Positive = 28.0
    unlike: Positive = 0.5
    whole_below: Annotated[float, Field(ge=0)] = 10.0

    @model_validator(mode="after")
    def _spread_per_horizon(self) -> CalibrationPolicy:
        if len(self.horizons) != len(self.prior_spread):
            raise ValueError("prior_spread needs one number per entry of horizons")
        return self


class EnsemblePolicy(_Frozen):
    """Which models speak, and how their errors become weights."""

    models: tuple[str, ...] = Field(default=("pooled_level", "log_prophet", "seasonal_median", "boosted"), min_length=1)
    sample: Days = 3000
    origins: Days = 9
    error_half_life: Positive = 56.0
    power: Annotated[float, Field(ge=0)] = 6.0
    prior_days: Positive = 60.0
    prior_errors: Positive = 500.0
    unproven: Annotated[float, Field(ge=1)] = 1.2


class ProductPolicy(_HalfLives):
    """How a merchant's forecast is split among its products."""

    share_days: Annotated[int, Field(ge=28)] = 56
    sample_merchants: Days = 2000
    half_lives: tuple[Positive, ...] = Field(default=(3.0, 7.0, 14.0, 28.0), min_length=1)
    half_life_default: Positive = 7.0
    long_half_life: Positive = 28.0
    anchor_days: Positive = 2.0
    strata: tuple[Positive, ...] = (0.05, 0.2, 1.0, 5.0)
    rate_shape: Positive = 0.7
    weekday_sd: Positive = 0.15
    promotion_sd: Positive = 0.05
    price_sd: Positive = 0.1
    out_of_stock_sd: Positive = 0.2
    share_half_life: Positive = 5.0
    prior_days: Positive = 3.0
    recovered_most: Annotated[float, Field(ge=1)] = 3.0
    dispersion: Positive = 0.5
    dispersion_days: Positive = 28.0
    dispersion_units: Positive = 50.0
    horizon_days: Days = 28


class OwnTermsPolicy(_Frozen):
    """How a merchant's own terms are fitted (`log_prophet`), and the median level beside them."""

    weekday_sd: Positive = 0.1
    promotion_sd: Positive = 0.1
    promotion_weekday_sd: Positive = 0.05
    holiday_sd: Positive = 0.05
    beside_closed_sd: Positive = 0.05
    event_sd: Positive = 0.1
    year_sd: tuple[Positive, ...] = Field(default=(0.03, 0.02, 0.015, 0.015), min_length=1, max_length=12)
    year_from_days: Days = 365
    slope_sd: Positive = 2.0
    change_sd: Positive = 0.5
    changes: Annotated[int, Field(ge=0, le=25)] = 2
    outlier: Positive = 2.0
    noise_days: Positive = 10.0
    rounds: Days = 2
    prior_merchants: Positive = 50.0
    prior_least_days: Days = 120
    median_weeks: Annotated[int, Field(ge=1, le=32)] = 2
    median_least_days: Days = 5


class BoostedPolicy(_Frozen):
    """How the boosted model is taught, and what its trees see."""

    least_days: Days = 182
    shrink_days: Annotated[float, Field(ge=0)] = 90.0
    least_days_before: Days = 56
    least_rows: Days = 10000
    rows: Days = 80000
    origins: Days = 104
    days_of_merchant: Annotated[int, Field(ge=1, le=28)] = 7
    own_days: Annotated[int, Field(ge=1, le=224)] = 224
    own_level_days: Positive = 14.0
    own_half_life: Positive = 56.0
    recent_half_life: Positive = 14.0
    own_sd: Positive = 0.15
    trees: Annotated[int, Field(ge=1, le=1000)] = 120
    depth: Annotated[int, Field(ge=1, le=4)] = 4
    learning_rate: Positive = 0.1
    bins: Annotated[int, Field(ge=2, le=255)] = 63
    least_rows_of_leaf: Days = 200
    leaf_prior: Positive = 5.0
    features_of_tree: Annotated[float, Field(gt=0, le=1)] = 0.4
    precision_power: Share = 0.5
    lift_rows: Positive = 1000.0
    seed: Annotated[int, Field(ge=0)] = 1


class QualityPolicy(_Frozen):
    """What `forecast_quality` is made from, and when a check warns."""

    origins: Days = 8
    horizons: tuple[Days, ...] = (1, 7, 14, 28)
    least_pairs: Days = 100
    coverage_tolerance: dict[str, Share] = Field(default_factory=lambda: {"80": 0.05, "95": 0.03})


class OraclePolicy(_Frozen):
    """The nightly comparison of the batched fit with Prophet itself, and when it warns."""

    merchants: Days = 200
    measure: str = "orders"
    held_out_days: Days = 28
    least_known_days: Annotated[int, Field(ge=2)] = 56
    least_share: Share = 0.999
    most_wape: Share = 0.03
    most_worse: Share = 0.01


class ForecastPolicy(_Frozen):
    """All settings of the forecast."""

    history: HistoryPolicy = HistoryPolicy()
    level: LevelPolicy = LevelPolicy()
    factors: FactorPolicy = FactorPolicy()
    spread: SpreadPolicy = SpreadPolicy()
    calibration: CalibrationPolicy = CalibrationPolicy()
    ensemble: EnsemblePolicy = EnsemblePolicy()
    products: ProductPolicy = ProductPolicy()
    own_terms: OwnTermsPolicy = OwnTermsPolicy()
    boosted: BoostedPolicy = BoostedPolicy()
    quality: QualityPolicy = QualityPolicy()
    oracle: OraclePolicy = OraclePolicy()
