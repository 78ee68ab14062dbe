"""A small simulated platform, taken in once for all tests of the whole road."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from pipelines.contracts.ingest import ingest
from pipelines.defs.marts.step import update_mart
from pipelines.init import make_workspace
from pipelines.simulate import simulate
from pipelines.workspace import Workspace

END = date(2026, 10, 30)
MERCHANTS, DAYS, SEED = 60, 130, 11


@pytest.fixture(scope="session")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a workspace whose feeds have landed and nothing more."""
    home = tmp_path_factory.mktemp("road") / "landed"
    make_workspace(home, "neutral")
    simulate(Workspace.at(home), MERCHANTS, DAYS, END, SEED)
    return home


@pytest.fixture(scope="session")
def taken_in(landed: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with all feeds taken in and the marts built; tests must not write to it."""
    home = tmp_path_factory.mktemp("road") / "taken_in"
    shutil.copytree(landed, home)
    workspace = Workspace.at(home)
    ingest(workspace)
    for mart in ("merchant_day", "sku_day"):
        update_mart(workspace, mart)
    return workspace
