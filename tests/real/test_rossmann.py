"""Rossmann Store Sales from its file to 1,115 pages, and its forecast beside the seasonal naive.

`pytest -m real -s tests/real/test_rossmann.py` prints the errors of both by horizon.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from models.forecasting.quality import MODEL, NAIVE
from pipelines.init import make_workspace
from pipelines.workspace import Workspace

DATA = Path(os.environ.get("MERCHANT_GPS_REAL_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
SOURCE = DATA / "rossmann"
DAY = date(2015, 5, 31)
SETTINGS = """
platform_name: Rossmann stores (public data)
currency: EUR
timezone: Europe/Berlin
default_locale: en
start_on: 2013-01-01
forecast: {history_days: 880}
"""

pytestmark = [
    pytest.mark.real,
    pytest.mark.timeout(1500),
    pytest.mark.skipif(not SOURCE.exists(), reason=f"the public set Rossmann Store Sales is not at {SOURCE}"),
]


@pytest.fixture(scope="module")
def navigated(tmp_path_factory):
    """A workspace that was made, filled and navigated by the command."""
    home = tmp_path_factory.mktemp("rossmann") / "shop"
    make_workspace(home, "neutral")
    (home / "config.yaml").write_text(SETTINGS, encoding="utf-8")
    for arguments in (["import", "rossmann", "--from", str(SOURCE)], ["run", "--day", DAY.isoformat()]):
        command = [sys.executable, "-m", "pipelines.cli", "--home", str(home), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return Workspace.at(home)


def test_closed_days_are_plans_and_the_official_gaps_are_unknown(navigated):
    plans = navigated.lake.read("plans", ["open", "known_on_assumed"])
    assert plans.num_rows == 1_115 * 900
    opened = plans.column("open").to_pylist()
    assert (opened.count(True), opened.count(None)) == (804_056, 33_121)
    sales = navigated.lake.read("sales", ["gmv"]).column("gmv").to_pylist()
    assert len(sales) == 1_115 * 900 - 33_121
    assert sales.count(0.0) == opened.count(False) == 166_323
    rejected = navigated.lake.read("rejected_rows")
    assert rejected.num_rows == 0


def test_every_store_has_its_page_and_its_sales_are_connected(navigated):
    pages = [path for path in (navigated.pages / DAY.isoformat()).glob("*.html") if not path.name.startswith("tower")]
    names = {path.stem for path in pages if len(path.stem) == 32}
    assert len(names) == 1_115
    where = f"as_of = DATE '{DAY}' AND feed IN ('sales', 'storefront', 'plans')"
    status = navigated.lake.read("feed_status", ["status"], where=where).column("status").to_pylist()
    assert status == ["fresh"] * 3 * 1_115


def test_the_forecast_is_better_than_the_seasonal_naive_at_every_horizon(navigated):
    rows = navigated.lake.read("forecast_quality", where=f"made_on = DATE '{DAY}' AND segment = 'all'").to_pylist()
    wape = {(row["measure"], row["horizon"], row["model"]): row["wape"] for row in rows}
    for measure in ("gmv", "orders"):
        for horizon in (1, 7, 14, 28):
            naive = wape[measure, horizon, NAIVE]
            ours = wape[measure, horizon, MODEL]
            print(f"\n{measure}, {horizon} days ahead: WAPE {ours:.4f}, seasonal naive {naive:.4f}", end="")
            assert ours < 0.7 * naive
            assert ours < 0.1
