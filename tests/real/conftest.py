"""Public data that several of these tests read."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from models.calendar.groups import scopes_of
from models.forecasting.panel import Panel

ROSSMANN = Path(__file__).resolve().parents[3] / "shared" / "data" / "rossmann"


class Scene(NamedTuple):
    """What was known at an origin, and what came after it."""

    panel: Panel
    scopes: list[tuple[str, str]]
    actual: np.ndarray  # (stores, days ahead)


class Stores(NamedTuple):
    """Rossmann's stores: sales (stores, days), school holidays, promotion by day, and the stores' types."""

    sales: pd.DataFrame
    school: pd.DataFrame
    promotion: np.ndarray
    types: list[str]

    def at(self, origin: str, ahead: int) -> Scene:
        """History up to and with `origin`, and the plan of the `ahead` days after it."""
        first = self.sales.columns[0]
        history = (pd.Timestamp(origin) - first).days + 1
        until = history + ahead
        values = self.sales.to_numpy()[:, :until]
        scopes, scope = scopes_of(self.types, [""] * len(self.types), [])
        is_open = np.isfinite(values)  # a day without a row is a closed day, which the plan knows in advance
        panel = Panel(
            self.sales.index.astype(str).to_numpy(dtype=object), scope, first.date(), {"gmv": values[:, :history]},
            is_open, np.broadcast_to(self.promotion[:until], is_open.shape), self.school.to_numpy()[:, :until] > 0,
        )  # fmt: skip
        return Scene(panel, scopes, values[:, history:])


@pytest.fixture(scope="session")
def rossmann() -> Stores:
    """Rossmann's stores; skips where the public set is not here."""
    if not ROSSMANN.exists():
        pytest.skip(f"{ROSSMANN} is not here; it is Kaggle's rossmann-store-sales")
    rows = pd.read_parquet(ROSSMANN / "train_open_days.parquet")
    rows["Date"] = pd.to_datetime(rows["Date"])
    sales = rows.pivot(index="Store", columns="Date", values="Sales")
    days = pd.date_range(sales.columns[0], sales.columns[-1])
    school = rows.pivot(index="Store", columns="Date", values="SchoolHoliday").reindex(columns=days).fillna(0)
    promotion = rows.groupby("Date")["Promo"].max().reindex(days).fillna(0).to_numpy() > 0
    types = pd.read_parquet(ROSSMANN / "store.parquet").set_index("Store")["StoreType"].reindex(sales.index)
    return Stores(sales.reindex(columns=days), school, promotion, list(types.astype(str)))
