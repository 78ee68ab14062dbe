"""The numbers of Prophet's model, at Prophet's own defaults, so that both fit the same posterior."""

from __future__ import annotations

from dataclasses import dataclass

YEAR_DAYS, WEEK_DAYS = 365.25, 7.0  # periods of the two seasonalities
YEARLY_FROM_SPAN, WEEKLY_FROM_SPAN = 730, 14  # days from first to last row; 730 rows span 729 days and have no year
LEAST_ROWS = 2


@dataclass(frozen=True)
class ProphetSettings:
    """Prior scales are standard deviations, except the Laplace scale of `changepoint_scale`.

    Parameters
    ----------
    changepoints : int
        Places where the slope may change, spread over the first `changepoint_range` of the rows.
    yearly_order, weekly_order : int
        Pairs of sine and cosine; 0 leaves the season out.
    """

    changepoints: int = 25
    changepoint_range: float = 0.8
    changepoint_scale: float = 0.05
    trend_scale: float = 5.0
    seasonality_scale: float = 10.0
    holiday_scale: float = 10.0
    noise_scale: float = 0.5
    yearly_order: int = 10
    weekly_order: int = 3

    def __post_init__(self) -> None:
        scales = {name: value for name, value in vars(self).items() if name.endswith("_scale")}
        for name, value in scales.items():
            if not value > 0:
                raise ValueError(f"{name} must be above 0; got {value}")
        if not 0 < self.changepoint_range <= 1:
            raise ValueError(
                f"changepoint_range is a share of the history, above 0 and at most 1; got {self.changepoint_range}"
            )
        if min(self.changepoints, self.yearly_order, self.weekly_order) < 0:
            raise ValueError("changepoints, yearly_order and weekly_order count something; none may be below 0")
