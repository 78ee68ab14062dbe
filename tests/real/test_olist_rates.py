"""Which sellers will hand parcels over late next quarter: the shrunk rate's lower bound beside the raw rate and a rule.

Olist's seller-quarters (2017Q1 to 2017Q3). A seller's quarter is the evidence, its next quarter the outcome: late to
the carrier at least twice as often as the platform, and at least three times. 2017Q1 against 2017Q2 is where anything
could have been chosen (nothing was: the bound and its level are those of the project), 2017Q2 against 2017Q3 is the
test. `pytest -m real -s tests/real/test_olist_rates.py` prints the table of docs/risk-quality.md.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score

from models.metrics.grouping import choose_groups, make_groupings
from models.metrics.rate import fit_beta_prior, posterior

DATA = Path(os.environ.get("MERCHANT_GPS_REAL_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
SOURCE = DATA / "olist_partial" / "seller_quarter_churn_2017Q1_Q3.parquet"
TIMES, LEAST_LATE, RULE, LEVEL = 2.0, 3, 0.15, 0.8  # the lower end of a central 80 % interval is the lower 10 % bound
DRAWS, SEED = 2000, 20171111

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not SOURCE.exists(), reason=f"what could be had of the public set Olist is not at {SOURCE}"),
]


class Sellers(NamedTuple):
    """Late and all parcels of a quarter, and whether the next one was bad."""

    late: np.ndarray
    handed: np.ndarray
    bad: np.ndarray


def sellers_of(quarter: int, least: int = 1) -> Sellers:
    """Sellers that handed over parcels in a quarter (at least so many) and in the next one."""
    rows = pd.read_parquet(SOURCE).set_index(["quarter", "seller_id"])
    now, then = rows.loc[quarter], rows.loc[quarter + 1]
    both = now[now["n_delivered_carrier"] >= least].join(then.add_suffix("_then"), how="inner")
    both = both[both["n_delivered_carrier_then"] > 0]
    platform = then["n_orders_late_to_carrier"].sum() / then["n_delivered_carrier"].sum()
    late_then, handed_then = both["n_orders_late_to_carrier_then"], both["n_delivered_carrier_then"]
    bad = (late_then >= LEAST_LATE) & (late_then / handed_then >= TIMES * platform)
    late, handed = (both[name].to_numpy(float) for name in ("n_orders_late_to_carrier", "n_delivered_carrier"))
    return Sellers(late, handed, bad.to_numpy())


def scores_of(sellers: Sellers) -> dict[str, np.ndarray]:
    everyone = choose_groups(
        make_groupings({"all": np.full(len(sellers.bad), "", dtype=object)}, [[]]), sellers.handed > 0, 1
    )
    prior = fit_beta_prior(sellers.late, sellers.handed, everyone, 1.0, 1000.0)
    shrunk = posterior(sellers.late, sellers.handed, prior)
    raw = sellers.late / sellers.handed
    return {
        "rule: 15 % late": (raw >= RULE).astype(float),
        "raw rate": raw,
        "number late": sellers.late,
        "shrunk rate": shrunk.mean,
        "lower 10 % bound of the shrunk rate": shrunk.interval(LEVEL)[0],
    }


def precision(bad: np.ndarray, scores: dict[str, np.ndarray]) -> dict[str, float]:
    return {name: float(average_precision_score(bad, score)) for name, score in scores.items()}


def drawn(sellers: Sellers) -> pd.DataFrame:
    """Average precision of every score on sellers drawn again; the prior is that of the drawn ones' quarter."""
    rng, scores, rows = np.random.default_rng(SEED), scores_of(sellers), []
    while len(rows) < DRAWS:
        chosen = rng.integers(0, len(sellers.bad), len(sellers.bad))
        if sellers.bad[chosen].any():
            rows.append(precision(sellers.bad[chosen], {name: score[chosen] for name, score in scores.items()}))
    return pd.DataFrame(rows)


@pytest.mark.parametrize(("quarter", "least"), [(1, 1), (2, 1), (2, 10)])
def test_the_lower_bound_is_above_the_raw_rate_and_the_rule(quarter, least):
    sellers = sellers_of(quarter, least)
    found, again = precision(sellers.bad, scores_of(sellers)), drawn(sellers)
    bad, all_of_them = int(sellers.bad.sum()), len(sellers.bad)
    print(f"\n2017Q{quarter} -> Q{quarter + 1}, at least {least} parcels: {all_of_them} sellers, {bad} bad")
    for name, value in found.items():
        low, high = again[name].quantile([0.025, 0.975])
        print(f"  {name:38} AP {value:.3f} ({low:.3f} to {high:.3f})")
    bound = "lower 10 % bound of the shrunk rate"
    for name in ("raw rate", "rule: 15 % late", "number late"):
        low, high = (again[bound] - again[name]).quantile([0.025, 0.975])
        print(f"  bound less {name:27} {found[bound] - found[name]:+.3f} ({low:+.3f} to {high:+.3f})")
        # With many parcels raw rates are no longer noise, and a count of late ones knows how large the shop is.
        if least == 1 and name != "number late":
            assert low > 0, f"the bound is not surely above: {name}"
        assert found[bound] > found[name]
