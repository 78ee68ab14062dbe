"""The incident log of an IT company, from its file to the lake."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.contracts.ingest import ingest
from pipelines.importers import IMPORTERS

DATA = Path(os.environ.get("MERCHANT_GPS_REAL_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
SOURCE = DATA / "itsm_incident_log"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not SOURCE.exists(), reason=f"the public incident log is not at {SOURCE}"),
]


def test_every_ticket_is_counted_once_and_most_are_answered_within_a_day(workspace):
    report = IMPORTERS["itsm"](SOURCE, workspace)
    taken = ingest(workspace)
    for feed, rows in report.rows.items():
        read = taken.feeds[feed]
        assert (read.read, read.accepted + read.unchanged, read.rejected, read.held) == (rows, rows, 0, 0)
    assert "373 tickets never name a group" in str(report)
    service = workspace.lake.read("service", where="phase = 'after_sale'").to_pandas().sort_values("known_on")
    newest = service.groupby(["date", "merchant_id"]).last()
    assert newest["sessions"].sum() == 24_918 - 373
    assert 0.79 < newest["replied_24h"].sum() / newest["first_messages"].sum() < 0.81
    assert workspace.lake.read("service_hour", ["sessions"]).column("sessions").to_numpy().sum() == 24_918 - 373
    assert workspace.lake.read("cases", ["cases_closed"]).column("cases_closed").to_numpy().sum() == 24_918 - 373
    names = workspace.lake.read("merchants", ["merchant_name"]).column("merchant_name").to_pylist()
    assert all("no shop" in name for name in names)
