"""Forecasts of a day: event calendar, volumes, products, residuals and quality."""
