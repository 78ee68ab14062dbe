"""The public set itself, from its file to the lake: every row, and in seconds."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pipelines.contracts.ingest import ingest
from pipelines.importers import IMPORTERS

DATA = Path(os.environ.get("MERCHANT_GPS_REAL_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
SOURCE = DATA / "freshretailnet50k"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not SOURCE.exists(), reason=f"the public set FreshRetailNet-50K is not at {SOURCE}"),
]


def test_every_row_arrives_within_a_minute(workspace):
    begin = time.monotonic()
    written = IMPORTERS["freshretailnet"](SOURCE, workspace).rows
    report = ingest(workspace)
    assert time.monotonic() - begin < 60
    assert written == {"merchants": 283, "products": 16_238, "sales": 1_461_420, "stock": 1_461_420, "plans": 793_588}
    for feed, rows in written.items():
        assert (report.feeds[feed].read, report.feeds[feed].accepted) == (rows, rows)
    assert len(report.feeds["sales"].dates) == 90
    out = workspace.lake.read("stock", ["hours_out_of_stock"]).column("hours_out_of_stock").to_numpy()
    assert 0.18 < out.sum() / (16 * len(out)) < 0.22  # about 20 % of open hours, as the set's README says
    assert ingest(workspace).read == 0
