"""Forecast of daily volumes: pooled day factors times a local level, with quantiles from past errors.

Arrays in, arrays out. Merchants are rows, days are columns; NaN means not known.
"""
