from datetime import date

import numpy as np
import pandas as pd
import pytest

from pipelines.realism.reading import files_of, read_parcels, read_volumes
from pipelines.workspace import Workspace


@pytest.fixture
def workspace(tmp_path):
    return Workspace.at(tmp_path)


@pytest.fixture
def deliver(workspace):
    """A function that writes a landing file."""

    def write(feed, name, **columns):
        path = workspace.landing / feed / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        frame = pd.DataFrame(columns)
        for column in ("date", "starts_on", "ends_on"):
            if column in frame:
                frame[column] = pd.to_datetime(frame[column]).dt.date
        frame.to_parquet(path)

    return write


def test_orders_by_day_and_shop_with_the_newest_file_winning(workspace, deliver):
    deliver("storefront", "2026-01-05", date=["2026-01-05"] * 2, merchant_id=["A", "B"], orders=[3, 4])
    deliver("storefront", "2026-01-07", date=["2026-01-05", "2026-01-07"], merchant_id=["A", "A"], orders=[5, 6])
    made = read_volumes(workspace)
    assert made.first_day == date(2026, 1, 5)
    assert made.counts.tolist()[0] == [5, 4]
    assert np.isnan(made.counts[1]).all()
    assert made.counts[2, 0] == 6
    assert np.isnan(made.counts[2, 1])
    assert made.weekday.tolist() == [0, 1, 2]
    assert made.ordinary.all()
    assert not made.promoted.any()


def test_units_of_all_products_where_no_shop_front_speaks(workspace, deliver):
    deliver("sales", "history-x", date=["2026-01-05"] * 3, merchant_id=["A", "A", "B"], sku_id=["1", "2", "1"],
            units=[1.5, 2.0, 4.0])  # fmt: skip
    assert read_volumes(workspace).counts.tolist() == [[3.5, 4.0]]


def test_planned_promotions_and_events_are_known(workspace, deliver):
    days = [f"2026-01-{day:02}" for day in range(5, 10)]
    deliver("storefront", "2026-01-09", date=days, merchant_id=["A"] * 5, orders=[1] * 5)
    deliver("plans", "2025-12-20", date=[*days[:2], days[3], "2026-02-01"], merchant_id=["A", "A", "A", "A"],
            sku_id=["", "", "7", ""], promotion=[0.2, 0.01, 0.5, 0.3])  # fmt: skip
    deliver("plans", "2025-12-21", date=days[2:3], merchant_id=["Z"], sku_id=[""], promotion=[0.5])
    deliver("events", "2025-12-01", event_id=["e"], starts_on=["2026-01-08"], ends_on=["2026-01-20"])
    made = read_volumes(workspace)
    assert made.promoted[:, 0].tolist() == [True, False, False, False, False]
    assert made.ordinary.tolist() == [True, True, True, False, False]


def test_parcels_are_summed_over_mature_days(workspace, deliver):
    head = {"merchant_id": ["A"] * 2, "carrier": ["c", "d"], "warehouse": ["w"] * 2}
    due = {"dispatch_due": [10, 10], "dispatched_late": [1, 0], "delivery_due": [9, 9], "delivered_late": [0, 2]}
    deliver("fulfilment", "2026-01-05", date=["2026-01-01"] * 2, **head, **due)
    deliver("fulfilment", "2026-01-09", date=["2026-01-01"] * 2, **head, **{**due, "dispatched_late": [3, 0]})
    deliver("fulfilment", "2026-02-20", date=["2026-02-20"] * 2, **head, **due)
    found = read_parcels(workspace)
    assert {name: values.tolist() for name, values in found.items()} == {
        "dispatch_due": [20], "dispatched_late": [3], "delivery_due": [18], "delivered_late": [2],
    }  # fmt: skip


def test_without_files_it_says_what_to_do(workspace):
    assert files_of(workspace, "sales") == []
    assert read_parcels(workspace) == {}
    with pytest.raises(FileNotFoundError, match="merchant-gps simulate, or import"):
        read_volumes(workspace)
