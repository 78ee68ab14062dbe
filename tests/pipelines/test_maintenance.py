import os
import time
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa

from pipelines.defs.marts.step import update_mart
from pipelines.maintenance import maintain
from pipelines.tables import tables

NEWEST = date(2026, 6, 1)


def test_rows_beyond_their_retention_go_and_others_stay(workspace):
    keep = tables()["peer_matches"].retention_days
    schema = tables()["peer_matches"].schema
    for day in (NEWEST, NEWEST - timedelta(days=keep), NEWEST - timedelta(days=keep + 1)):
        row = {**dict.fromkeys(schema.names), "as_of": day, "merchant_id": "m"}
        workspace.lake.replace_day("peer_matches", day, pa.Table.from_pylist([row], schema=schema))
    maintain(workspace.lake, NEWEST)
    days = workspace.lake.read("peer_matches", ["as_of"]).column("as_of").to_pylist()
    assert sorted(days) == [NEWEST - timedelta(days=keep), NEWEST]


def test_compaction_keeps_every_row_and_makes_no_mart_stale(workspace, deliver):
    deliver("merchants", NEWEST, {"merchant_id": "m", "status": "open"})
    for offset in range(30):
        day = NEWEST + timedelta(days=offset)
        deliver("sales", day, {"date": day, "merchant_id": "m", "sku_id": "", "units": 1.0})
    update_mart(workspace, "merchant_day")
    files = len(workspace.lake.files("sales"))
    maintain(workspace.lake, NEWEST)
    assert len(workspace.lake.files("sales")) < files
    assert workspace.lake.read("sales").num_rows == 30
    assert update_mart(workspace, "merchant_day") == {}


def test_what_a_killed_run_wrote_and_never_committed_goes_after_a_week(workspace, deliver):
    deliver("sales", NEWEST, {"date": NEWEST, "merchant_id": "m", "sku_id": "", "units": 1.0})
    folder = Path(workspace.lake.files("sales")[0]).parent
    fresh, old = folder / "part-fresh.zstd.parquet", folder / "part-old.zstd.parquet"
    for path in (fresh, old):
        path.write_bytes(b"half")
    eight_days_ago = time.time() - 8 * 86400
    os.utime(old, (eight_days_ago, eight_days_ago))
    workspace.lake.delta("sales").create_checkpoint()  # what lies before it is forgotten by a light vacuum
    assert maintain(workspace.lake, NEWEST)["sales"]["vacuumed"] == 1
    assert fresh.exists()
    assert not old.exists()
    assert workspace.lake.read("sales").num_rows == 1
