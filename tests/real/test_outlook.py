"""The outlook beside two rules of thumb, walking forward through real shops and through a simulated workspace.

`pytest -m real -s tests/real/test_outlook.py` prints the tables of docs/outlook.md. For a simulated platform whose
marts are built: `python tests/real/test_outlook.py WORKSPACE FIRST LAST [HORIZON]`, days as 2026-05-01. Settings were
chosen on FreshRetailNet's origins before June, on Rossmann's before July 2014, and on one simulated platform that is
not told of here.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from models.evaluation.outlook import Figure, calibration_error, compare
from models.evaluation.outlook_breaches import walk_rates
from models.evaluation.outlook_walk import Walked, collapse_onsets, flagged_ahead, walk_forward
from models.risk.outlook.feature import Feature, matrix
from models.risk.outlook.history import History
from models.risk.outlook.model import fit_model
from models.risk.outlook.outcomes import Dormancy, RatingFall, VolumeCollapse
from models.risk.outlook.rows import MERCHANT_FEATURES, PastDays, Rows
from models.risk.outlook.settings import OutlookSettings

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FRESH, OLIST = DATA / "freshretailnet50k" / "daily.parquet", DATA / "olist_partial"
ABSENT = (pd.Timestamp("2014-07-01"), pd.Timestamp("2014-12-31"))  # 180 stores have no rows at all in these days

pytestmark = pytest.mark.real

Table = dict[str, dict[str, Figure]]


class Told(NamedTuple):
    """Figures of all rows and of those that still looked healthy."""

    everyone: Table
    healthy: Table
    error: float


def told(name: str, walked: Walked) -> Told:
    """Compare the outlook with the rules of thumb, and print it."""
    known = walked.chosen(~np.isnan(walked.p))
    well = known.chosen(known.healthy & ~np.isnan(known.p_healthy))
    tables = []
    for who, rows, p in (("all", known, known.p), ("healthy", well, well.p_healthy)):
        scores = {"outlook": p, "rule": rows.rule, "ewma": rows.ewma}
        events = len(np.unique(rows.merchant[rows.bad]))
        print(
            f"\n{name}, {who}: {len(p):,} rows, {int(rows.bad.sum()):,} events of {events} merchants, "
            f"base rate {rows.bad.mean():.4f}, ECE {calibration_error(rows.bad, p):.4f}"
        )
        found = compare(rows.bad, scores, rows.merchant) if rows.bad.sum() >= 3 else {}
        for score, figures in found.items():
            print(f"  {score:15s}", "  ".join(f"{figure} {value}" for figure, value in figures.items()))
        tables.append(found)
    return Told(tables[0], tables[1], calibration_error(known.bad, known.p))


def days(first: str, last: str, step: int = 1) -> list[int]:
    """Ordinals of days."""
    start, stop = (date.fromisoformat(one).toordinal() for one in (first, last))
    return list(range(start, stop + 1, step))


def series(key: list[str]) -> tuple[History, np.ndarray]:
    """Series of FreshRetailNet (its stores never collapse: series below them stand for merchants), and their stores."""
    if not FRESH.exists():
        pytest.skip(f"{FRESH} is not here; it is FreshRetailNet-50K")
    columns = ["store_id", "product_id", "third_category_id", "dt", "sale_amount", "stock_hour6_22_cnt"]
    groups = pd.read_parquet(FRESH, columns=columns).groupby([*key, "dt"])
    units = groups["sale_amount"].sum().unstack()
    hours, products = (groups["stock_hour6_22_cnt"].agg(how).unstack() for how in ("sum", "size"))
    columns = {"sales_units": units, "stock_hours_out_of_stock": hours, "stock_skus": products}
    history = History(
        np.array(["-".join(map(str, one)) for one in units.index], dtype=object),
        pd.Timestamp(units.columns[-1]).toordinal(),
        {name: frame.to_numpy(dtype=np.float64) for name, frame in columns.items()},
    )
    return history, units.index.get_level_values(0).to_numpy().astype(np.int64)


@pytest.mark.parametrize("key", [["store_id", "product_id"], ["store_id", "third_category_id"]])
def test_series_of_a_grocer_in_june(key: list[str]) -> None:
    history, stores = series(key)
    base = OutlookSettings(least_age_days=28, least_mean=0.5)
    settings = base.model_copy(update={"learning": base.learning.model_copy(update={"origin_step": 4})})
    walked = walk_forward(history, VolumeCollapse(settings), 14, days("2024-06-01", "2024-06-11"), settings)
    by_store = Walked(**{**vars(walked), "merchant": stores[walked.merchant]})  # series of a store share its fate
    found = told(f"FreshRetailNet {key[1]}", by_store)
    assert found.error < 0.02
    for table in (found.everyone, found.healthy):
        for other in ("rule", "ewma"):
            assert table[f"outlook - {other}"]["auc"].low > 0
    for other in ("rule", "ewma"):
        assert found.everyone[f"outlook - {other}"]["average_precision"].value > 0


def test_stores_that_close(rossmann: Any) -> None:
    sales = rossmann.sales
    inside = (sales.columns >= ABSENT[0]) & (sales.columns <= ABSENT[1])
    absent = np.isnan(sales.to_numpy()[:, inside]).all(axis=1)
    unknown = np.cumsum(np.pad(np.outer(absent, inside), ((0, 0), (1, 0))), axis=1)
    history = History(
        sales.index.astype(str).to_numpy(dtype=object), sales.columns[-1].toordinal(),
        {"sales_units": sales.to_numpy(dtype=np.float64)},
    )  # fmt: skip
    settings = OutlookSettings()

    def use(day: int) -> np.ndarray:
        at = history.place(day)
        first, last = max(at + 1 - settings.look_back_days, 0), min(at + 15, history.days)
        return np.asarray(unknown[:, last] == unknown[:, first])

    walked = walk_forward(history, VolumeCollapse(settings), 14, days("2014-07-01", "2015-06-01", 4), settings, use)
    found = told("Rossmann", walked)
    assert found.error < 0.02
    for other in ("rule", "ewma"):
        assert found.everyone[f"outlook - {other}"]["auc"].low > 0


QUARTER = (
    Feature("orders", "size", -1),
    Feature("orders_change", "falling_volume", -1),
    Feature("last_active_month", "no_sales", -1),
    Feature("months_active", "no_sales", -1),
    Feature("age", "age"),
    Feature("late_to_carrier", "late_dispatch", 1),
    Feature("late_to_customer", "late_delivery", 1),
    Feature("not_approved", "cancelled", 1),
    Feature("stars", "rating", -1),
    Feature("basket", "spike"),
)


def quarters() -> pd.DataFrame:
    """Olist's seller-quarters with the label, in order."""
    file = OLIST / "seller_quarter_churn_2017Q1_Q3.parquet"
    if not file.exists():
        pytest.skip(f"{file} is not here; it is made of Olist's Brazilian E-Commerce")
    rows = pd.read_parquet(file).sort_values(["quarter", "seller_id"], ignore_index=True)
    before = rows[["seller_id", "quarter", "n_orders"]].assign(quarter=rows["quarter"] + 1)
    return rows.merge(before, on=["seller_id", "quarter"], how="left", suffixes=("", "_before"))


def rows_of_quarters(frame: pd.DataFrame) -> Rows:
    """Seller-quarters as rows to learn from."""
    orders = frame["n_orders"]
    late = {name: (frame[f"n_orders_late_to_{name}"] + 0.05) / (orders + 1) for name in ("carrier", "customer")}
    found = {
        "orders": np.log(orders), "orders_change": np.log((orders + 1) / (frame["n_orders_before"] + 1)),
        "last_active_month": frame["last_month_active_quarter"], "months_active": frame["n_months_active_quarter"],
        "age": np.log1p(frame["tenure_months"]), "late_to_carrier": late["carrier"],
        "late_to_customer": late["customer"], "not_approved": 1 - frame["n_approved_orders"] / orders,
        "stars": frame["median_review_score"], "basket": np.log1p(frame["sales"] / orders),
    }  # fmt: skip
    values = matrix(QUARTER, {name: one.to_numpy(dtype=np.float64) for name, one in found.items()})
    count = len(frame)
    return Rows(
        values, frame["is_churn"].to_numpy(dtype=bool), np.ones(count, dtype=bool),
        frame["quarter"].to_numpy(dtype=np.int64), np.linspace(0, 1, count, endpoint=False), np.ones(count),
    )  # fmt: skip


def test_sellers_that_leave_olist() -> None:
    frame = quarters()
    train, test = frame[frame["quarter"] < 3], frame[frame["quarter"] == 3]
    model = fit_model(rows_of_quarters(train), 1, QUARTER, OutlookSettings())
    assert model is not None
    asked = rows_of_quarters(test)
    p = model.probability(asked.features)
    silent = -test["last_month_active_quarter"].to_numpy(dtype=np.float64)
    few = -test["n_orders"].to_numpy(dtype=np.float64)
    # The rule of thumb: longest silent first, and of those the ones with the fewest orders.
    scores = {"outlook": p, "silence": silent, "few orders": few, "silence, few orders": silent * 1e5 + few}
    found = compare(asked.bad, scores, np.arange(len(p)))
    error = calibration_error(asked.bad, p)
    print(f"\nOlist churn, 2017Q3: {len(p)} sellers, {asked.events} leave, ECE {error:.4f}")
    for score, figures in found.items():
        print(f"  {score:30s}", "  ".join(f"{name} {value}" for name, value in figures.items()))
    for other in ("silence", "few orders", "silence, few orders"):
        assert found[f"outlook - {other}"]["average_precision"].low > 0


def workspace_history(home: Path) -> History:
    """Every merchant's days of a workspace, as they lie in its mart."""
    from models.risk.outlook.chain_features import CHAIN_COLUMNS
    from pipelines.workspace import Workspace

    rows = Workspace.at(home).lake.read("merchant_day", ["merchant_id", "date", *CHAIN_COLUMNS]).to_pandas()
    dates = pd.to_datetime(rows["date"])
    ids, merchant = np.unique(rows["merchant_id"].to_numpy(dtype=object).astype(str), return_inverse=True)
    place = (dates - dates.min()).dt.days.to_numpy()
    columns = {}
    for name in CHAIN_COLUMNS:
        values = np.full((len(ids), int(place.max()) + 1), np.nan)
        values[merchant, place] = rows[name].to_numpy(dtype=np.float64)
        columns[name] = values
    return History(ids.astype(object), dates.max().toordinal(), columns)


def further(history: History, first: str, last: str, settings: OutlookSettings) -> None:
    """Print how well dormancy and falls of the rating are told, beside silence and the stars that were."""
    for outcome, rule in ((Dormancy(settings), "since_sale"), (RatingFall(settings), "stars_change")):
        walked = walk_forward(history, outcome, 14, days(first, last, 5), settings)
        known = walked.chosen(~np.isnan(walked.p))
        if not known.bad.any():
            print(f"\n{outcome.name}: {int(walked.bad.sum())} events, no model")
            continue
        sign = 1.0 if rule == "since_sale" else -1.0
        column = [one.name for one in MERCHANT_FEATURES].index(rule)
        past = PastDays(history, settings, settings.look_back_days)
        scores = np.concatenate(
            [past.features(int(day))[known.merchant[known.day == day], column] for day in np.unique(known.day)]
        )
        print_figures(outcome.name, known.bad, {"outlook": known.p, rule: sign * np.nan_to_num(scores)}, known.merchant)


def breaches(home: Path, first: str, last: str, settings: OutlookSettings) -> None:
    """Print how well breaches of limits are told, beside how near the rate is to its limit."""
    from pipelines.day import Day
    from pipelines.defs.risk.outlook_reading import read_sample
    from pipelines.policy import load_profile
    from pipelines.workspace import Workspace

    workspace = Workspace.at(home)
    until = date.fromisoformat(last) + timedelta(days=14)
    sample = read_sample(Day(workspace, until), load_profile(workspace), settings)
    assert sample is not None
    walked = walk_rates(sample.rates, sample.history, sample.rated, 14, days(first, last, 5), settings)
    print_figures("limit_breach", walked.bad, {"outlook": walked.p, "over_limit": walked.near}, walked.merchant)


def print_figures(name: str, bad: np.ndarray, scores: dict[str, np.ndarray], merchant: np.ndarray) -> None:
    """Print figures of scores, the first of which are probabilities."""
    p = next(iter(scores.values()))
    print(f"\n{name}: {len(bad):,} rows, {int(bad.sum()):,} events, ECE {calibration_error(bad, p):.4f}")
    for score, figures in compare(bad, scores, merchant, draws=100).items():
        print(f"  {score:22s}", "  ".join(f"{figure} {value}" for figure, value in figures.items()))


def main(arguments: Sequence[str]) -> None:
    """Walk through a workspace and print how well the outlook did."""
    home, first, last, *more = arguments
    horizon = int(more[0]) if more else 14
    history, settings = workspace_history(Path(home)), OutlookSettings()
    judged = days(first, last, 3)
    walked = walk_forward(history, VolumeCollapse(settings), horizon, judged, settings)
    told(f"{Path(home).name}, {horizon} days", walked)
    known = walked.chosen(~np.isnan(walked.p))
    begun = collapse_onsets(history, settings, judged[0] + 7, judged[-1] + 14)
    chance = np.random.default_rng(1).random(len(known.p))
    well = known.chosen(known.healthy & ~np.isnan(known.p_healthy))
    print(f"\nonsets {len(begun[0])}, flagged 7 to 14 days before among the worst 5 % of the day")
    for who, rows, p in (("all", known, known.p), ("healthy", well, well.p_healthy)):
        scores = {"outlook": p, "rule": rows.rule, "ewma": rows.ewma, "chance": chance[: len(p)]}
        print(f"  {who:8s}", "  ".join(f"{name} {flagged_ahead(rows, one, begun):.3f}" for name, one in scores.items()))
    if horizon == 14:
        further(history, first, last, settings)
        breaches(Path(home), first, last, settings)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main(sys.argv[1:])
