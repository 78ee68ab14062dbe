"""Can a classifier tell simulated shops from those of two public chains, and would it tell the chains from each other?

`pytest -m real -s tests/real/test_realism.py` prints the areas under the curve of docs/realism.md. The yardstick is the
pair of real chains: no simulated platform need be more like a chain than another real chain is.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from models.simulation.realism import RealismPolicy
from pipelines.importers import Wanted, import_source
from pipelines.init import make_workspace
from pipelines.realism.reading import read_volumes
from pipelines.realism.report import told_apart
from pipelines.simulate import simulate
from pipelines.workspace import Workspace, shipped
from pipelines.yaml_file import load_yaml

DATA = Path(os.environ.get("MERCHANT_GPS_REAL_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
CHAINS = {"rossmann": "rossmann", "freshretailnet": "freshretailnet50k"}
MISSING = [folder for folder in CHAINS.values() if not (DATA / folder).exists()]

pytestmark = [
    pytest.mark.real,
    pytest.mark.timeout(1500),
    pytest.mark.skipif(bool(MISSING), reason=f"the public sets {MISSING} are not at {DATA}"),
]


@pytest.fixture(scope="module")
def volumes(tmp_path_factory):
    """Daily volumes of two real chains and of two simulated platforms."""
    found = {}
    for name, folder in CHAINS.items():
        home = tmp_path_factory.mktemp(name) / "home"
        make_workspace(home, "neutral")
        workspace = Workspace.at(home)
        import_source(name, workspace, Wanted(DATA / folder, None, None, None, None, None))
        found[name] = read_volumes(workspace)
    for name, parameters in {"shipped": None, "chain_stores": Path("chain_stores")}.items():
        workspace = Workspace.at(tmp_path_factory.mktemp(name))
        simulate(workspace, 300, 230, date(2026, 9, 30), 21, Path("none"), parameters=parameters)
        found[name] = read_volumes(workspace)
    return found


@pytest.fixture(scope="module")
def asked(volumes):
    """The classifier's answers: simulated against real, and real against real."""
    shape = load_yaml(shipped("policy") / "realism.yaml", RealismPolicy).windows
    pairs = [(ours, chain) for ours in ("shipped", "chain_stores") for chain in CHAINS] + [tuple(CHAINS)]
    answers = {pair: told_apart(volumes[pair[0]], volumes[pair[1]], shape) for pair in pairs}
    for pair, answer in answers.items():
        for shown, apart in answer.items():
            bounds = f"{apart.auc:.3f} ({apart.low:.3f} to {apart.high:.3f})"
            print(f"{pair[0]} | {pair[1]} | {shown} | {bounds} | {apart.windows}")
    return answers


def test_the_noise_of_chain_stores_is_no_easier_to_tell_than_another_real_chain(asked):
    yardstick = asked["rossmann", "freshretailnet"]["shape"]
    for chain in CHAINS:
        assert asked["chain_stores", chain]["shape"].auc <= yardstick.high + 0.02


def test_the_shipped_platform_has_noise_of_another_size_but_not_of_quite_another_shape(asked):
    for chain in CHAINS:
        answer = asked["shipped", chain]
        assert answer["shape"].auc < answer["noise"].auc
        assert answer["shape"].auc < 0.95


def test_whole_windows_are_told_apart_and_that_is_not_hidden(asked):
    assert all(answer["everything"].auc > 0.9 for answer in asked.values())
