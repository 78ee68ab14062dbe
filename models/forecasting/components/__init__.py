"""Models of the ensemble; each says means for the days ahead of an origin, as `models.forecasting.component` asks."""
